"""A trained Hourglass inside a larger one, which from its first step answers as the small one did.

After Net2Net (Chen, Goodfellow, Shlens; ICLR 2016), but new channels are random features that the
old ones do not listen to yet, instead of copies that noise would have to tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from training.checkpoints.run_folder import load_trained

STACKED = ("hourglasses", "features", "scores")  # modules with one entry a stack


def grow_from(network: nn.Module, path: Path) -> str:
    """Put the smaller Hourglass of a run into a fresh one, see `grown`; says so."""
    recipe, small = load_trained(path)
    network.load_state_dict(grown(network.state_dict(), small.state_dict()))
    return f"grown from {recipe.name} in {path}"


def grown(large: Mapping[str, Tensor], small: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state of the larger Hourglass: each tensor of the small one is the first corner of its
    own; a stack that the small one lacks is its last one again, and the one before adds nothing to
    it yet.

    large: of the freshly initialised network. Raises ValueError where the small network is no
    Hourglass or does not fit inside.
    """
    stacks = len({name.split(".")[1] for name in small if name.startswith("scores.")})
    if not stacks or not small.keys() <= large.keys():
        raise ValueError("Only a Hourglass that fits inside can be grown.")
    return {name: _begin(name, value, small, stacks) for name, value in large.items()}


def _begin(name: str, own: Tensor, small: Mapping[str, Tensor], stacks: int) -> Tensor:
    module, index, *rest = name.split(".")
    if module in STACKED:
        name = ".".join([module, str(min(int(index), stacks - 1)), *rest])
    if name in small:
        return _corner(own, small[name])
    if module.startswith("merge_"):
        return torch.zeros_like(own)
    block, _, kind = name.rpartition(".skip.")  # an identity in the small network
    channels = len(small[f"{block}.conv3.bias"])
    bias = torch.zeros(channels)
    return _corner(own, bias if kind == "bias" else torch.eye(channels)[..., None, None])


def _corner(own: Tensor, small: Tensor) -> Tensor:
    """``own`` with ``small`` in its corner; of the rest, the small network's rows hear nothing."""
    value = own.clone()
    if own.dim() > 1:
        value[: len(small)] = 0
    value[tuple(slice(size) for size in small.shape)] = small
    return value
