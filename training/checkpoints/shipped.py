"""The weights of a model folder, put back into the network that it was exported from.

The exporter folds a batch normalisation into the convolution before it. Such a one gets the mean
and variance that some pictures show, and a scale and shift that undo them: evaluating, the network
computes what the folder does; training, it goes on as if it had never been folded. Where nothing is
folded, as in lifters, parameters keep their names. Knows ONNX.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from training.checkpoints.safe import CheckpointError

PARTS = ("weight", "bias", "running_mean", "running_var")  # of a normalisation, in ONNX's order

Layer = nn.Conv2d | nn.BatchNorm2d
Calls = list[tuple[Layer, nn.Conv2d | None]]  # a normalisation with the convolution before it


@torch.no_grad()
def restore(network: nn.Module, folder: Path, show: Callable[[], object]) -> str:
    """Fill a network from ``folder / "model.onnx"``; says how many parameters.

    show: runs the network on training pictures. Raises CheckpointError where the folder is of
    another network.
    """
    training, file = network.training, folder / "model.onnx"
    said = f"{sum(p.numel() for p in network.parameters())} parameters are those of {file}"
    graph = onnx.load(file).graph
    stored = _stored(graph)
    if stored.keys() >= dict(network.named_parameters()).keys():  # nothing was folded
        known = {name: stored.get(name, value) for name, value in network.state_dict().items()}
        network.load_state_dict(known)
        return said
    network.eval()
    calls = _calls(network, show)
    convolutions = [layer for layer, _ in calls if isinstance(layer, nn.Conv2d)]
    norms = [(layer, conv) for layer, conv in calls if isinstance(layer, nn.BatchNorm2d)]
    folded = {conv: norm for norm, conv in norms if conv}
    others = [norm for norm, conv in norms if not conv]
    weights = _by_kind(graph, stored)
    if [len(convolutions), len(others)] != [
        len(weights["Conv"]),
        len(weights["BatchNormalization"]),
    ]:
        raise CheckpointError(f"{file} is of another network.")
    for conv, (weight, *bias) in zip(convolutions, weights["Conv"], strict=True):
        _put(conv, "weight", weight, file)
        for shift in bias:
            _put(folded.get(conv, conv), "bias", shift, file)
    for norm, values in zip(others, weights["BatchNormalization"], strict=True):
        for part, value in zip(PARTS, values, strict=True):
            _put(norm, part, value, file)
    _unfold(list(folded.values()), show)
    network.train(training)
    return said


def _calls(network: nn.Module, show: Callable[[], object]) -> Calls:
    """The convolutions and normalisations of a network as it calls them."""
    calls: Calls = []
    gave: list[tuple[Tensor, int, nn.Conv2d]] = []  # the version tells what was added in place

    def note(layer: Layer, inputs: tuple[Tensor], output: Tensor) -> None:
        if any(layer is known for known, _ in calls):
            return
        if isinstance(layer, nn.Conv2d):
            gave.append((output, output._version, layer))
            calls.append((layer, None))
        else:
            x = inputs[0]
            before = (conv for t, version, conv in gave if t is x and version == x._version)
            calls.append((layer, next(before, None)))

    hooks = [m.register_forward_hook(note) for m in network.modules() if isinstance(m, Layer)]
    show()
    for hook in hooks:
        hook.remove()
    return calls


def _stored(graph: onnx.GraphProto) -> dict[str, Tensor]:
    """The values that an ONNX graph brings along, by name."""
    stored = {i.name: torch.tensor(numpy_helper.to_array(i)).float() for i in graph.initializer}
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]]
    return stored


def _by_kind(graph: onnx.GraphProto, stored: dict[str, Tensor]) -> dict[str, list[list[Tensor]]]:
    """Of the convolutions and normalisations that the graph still has, in their order."""
    return {
        kind: [[stored[i] for i in n.input[1:]] for n in graph.node if n.op_type == kind]
        for kind in ("Conv", "BatchNormalization")
    }


def _put(module: nn.Module, part: str, value: Tensor, file: Path) -> None:
    mine = getattr(module, part)
    if mine is None or mine.shape != value.shape:
        raise CheckpointError(f"{file} is of another network: {tuple(value.shape)} does not fit.")
    mine.copy_(value)


def _unfold(norms: list[nn.BatchNorm2d], show: Callable[[], object]) -> None:
    """Give normalisations that do nothing but add their bias the statistics of what they see."""
    seen: dict[nn.BatchNorm2d, list[tuple[Tensor, Tensor]]] = {norm: [] for norm in norms}
    for norm in norms:
        norm.weight.fill_(1)
        norm.running_mean = torch.zeros_like(norm.bias)
        norm.running_var = torch.full_like(norm.bias, 1 - norm.eps)

    def note(norm: nn.BatchNorm2d, inputs: tuple[Tensor]) -> None:
        x = inputs[0].double()
        seen[norm].append((x.mean(dim=(0, 2, 3)), x.square().mean(dim=(0, 2, 3))))

    hooks = [norm.register_forward_pre_hook(note) for norm in norms]
    show()
    for hook in hooks:
        hook.remove()
    for norm, moments in seen.items():
        mean, square = (torch.stack(m).mean(dim=0) for m in zip(*moments, strict=True))
        variance = square - mean.square()
        norm.running_mean, norm.running_var = mean.float(), variance.float()
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.add_(mean)
