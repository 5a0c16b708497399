"""SimpleBaseline as microsoft/human-pose-estimation.pytorch publishes it, names as ours.

A bare state dict, one with ``module.`` in front, or {epoch, model, state_dict, best_state_dict,
perf, optimizer}; older files have no ``num_batches_tracked``. The pictures were BGR.
"""

from __future__ import annotations

import re

from training.checkpoints.layout import Layout
from training.checkpoints.safe import State


def network_name(state: State) -> str:
    convolutions = sum(bool(re.fullmatch(r"layer\d\.\d+\.conv\d\.weight", key)) for key in state)
    return f"simple_baseline_r{convolutions + 2}"  # the stem's and the classifier's count too


SIMPLE_BASELINE = Layout(
    publishers=("microsoft", "leoxiaobin"),
    title="a SimpleBaseline",
    signature="deconv_layers.0.weight",
    network=network_name,
    head="final_layer.bias",
    unused=r"fc\.",
)
