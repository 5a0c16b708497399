"""HRNet as leoxiaobin/deep-high-resolution-net.pytorch publishes it: a bare state dict, names as
ours.

Files that were trained on from ImageNet weights may carry parts of the classifier as well.
"""

from __future__ import annotations

from training.checkpoints.layout import Layout
from training.checkpoints.safe import State


def network_name(state: State) -> str:
    width = len(state["transition1.0.0.weight"])
    small = "layer1.2.conv1.weight" not in state
    return f"hrnet_w{width}" + ("_small" if small else "")


HRNET = Layout(
    publishers=("leoxiaobin",),
    title="an HRNet",
    signature="transition1.0.0.weight",
    network=network_name,
    head="final_layer.bias",
    unused=r"incre_modules\.|downsamp_modules\.|classifier\.|final_layer\.\d",
)
