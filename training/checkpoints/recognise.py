"""Parameters by name → the network they belong to, or one line that says what they look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from torch import Tensor, nn

from training.checkpoints.hourglass import BEARPAW, PRINCETON
from training.checkpoints.hrnet import HRNET
from training.checkpoints.layout import Layout
from training.checkpoints.martinez import MARTINEZ
from training.checkpoints.safe import CheckpointError, State
from training.checkpoints.simple_baseline import SIMPLE_BASELINE

LAYOUTS = (PRINCETON, BEARPAW, HRNET, SIMPLE_BASELINE, MARTINEZ)
COUNTED = "num_batches_tracked"  # absent from files of PyTorch before 0.4.1; used in training only

# pattern of a parameter's name → what such a file is, tried in turn
STRANGERS = {
    r"backbone\.hourglass_modules\.": "mmpose's hourglass52, another network than the papers'",
    r"backbone\.": "a checkpoint of mmpose or mmdetection",
    r"layer4\.\d+\.conv1\.weight": "a ResNet without keypoint head (ImageNet weights?)",
    r"features\.\d+\.weight": "a VGG or AlexNet classifier",
}

Network = TypeVar("Network", bound=nn.Module)


def recognise(state: State, model: str, file: Path) -> tuple[Layout, State]:
    """The layout of the file and its parameters under our names.

    Raises CheckpointError unless they are those of ``model``.
    """
    layout = next((layout for layout in LAYOUTS if layout.signature in state), None)
    if layout is None:
        raise CheckpointError(f"{file} looks like {_stranger(state)}; expected {model}.")
    ours = layout.translate(state)
    if layout.head not in ours:
        raise CheckpointError(
            f"{file} looks like {layout.title} without its last layer (ImageNet weights?);"
            f" expected {model}."
        )
    try:
        found = layout.network(ours)
    except LookupError as error:
        raise CheckpointError(f"{file} looks like {layout.title} without {error}.") from None
    if found != model:
        raise CheckpointError(f"{file} looks like {found}; expected {model}.")
    return layout, ours


def fill(network: Network, state: State, file: Path) -> Network:
    """The network with the file's parameters. Raises CheckpointError unless they fit one by one."""
    expected: Mapping[str, Tensor] = network.state_dict()
    problems = {
        "missing": [k for k in expected if k not in state and not k.endswith(COUNTED)],
        "unknown": [k for k in state if k not in expected],
        "of another shape": [
            k for k in state if k in expected and state[k].shape != expected[k].shape
        ],
    }
    if any(problems.values()):
        counts = "; ".join(f"{len(k)} {what} ({k[0]} …)" for what, k in problems.items() if k)
        raise CheckpointError(f"{file} does not fit the network: parameters {counts}.")
    network.load_state_dict({**expected, **state})
    return network


def _stranger(state: State) -> str:
    for pattern, what in STRANGERS.items():
        if any(re.match(pattern, key) for key in state):
            return what
    return f"another network ({len(state)} parameters: {', '.join(list(state)[:3])} …)"
