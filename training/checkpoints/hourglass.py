"""Stacked Hourglass as two projects publish it.

princeton-vl/pytorch_stacked_hourglass: {state_dict, optimizer, epoch}, ``model.module.`` in front;
pictures of 0..1; a skip convolution in every residual, unused where the channels stay equal.
bearpaw/pytorch-pose ({epoch, arch, state_dict, best_acc, optimizer}, ``module.`` in front) and
anibali/pytorch-stacked-hourglass (a bare dict): pictures of 0..1 less the mean of MPII.
"""

from __future__ import annotations

import re

from training.checkpoints.layout import Layout, Replacement, rename_by
from training.checkpoints.safe import State
from training.models import Normalisation

DEEPEST = 3  # number of the outermost level in bearpaw's hourglass, whose innermost is 0
PARTS = ("up1", "low1", "low3", "low2")


def network_name(state: State) -> str:
    stacks = sum(bool(re.fullmatch(r"scores\.\d+\.bias", key)) for key in state)
    small = state["scores.0.weight"].shape[1] == 128
    return f"hourglass_{stacks}" + ("_small" if small else "")


PRINCETON_NAMES: dict[str, Replacement] = {
    r"^pre\.0\.conv\.": "stem.0.",
    r"^pre\.0\.bn\.": "stem.1.",
    r"^pre\.1\.": "stem.3.",
    r"^pre\.3\.": "stem.5.",
    r"^pre\.4\.": "stem.6.",
    r"^hgs\.(\d+)\.0\.": r"hourglasses.\1.",
    r"^(features\.\d+)\.1\.conv\.": r"\1.1.",
    r"^(features\.\d+)\.1\.bn\.": r"\1.2.",
    r"^outs\.(\d+)\.conv\.": r"scores.\1.",
    r"^(merge_features\.\d+)\.conv\.conv\.": r"\1.",
    r"^merge_preds\.(\d+)\.conv\.conv\.": r"merge_scores.\1.",
    r"\.skip_layer\.conv\.": ".skip.",
    r"\.(conv[123])\.conv\.": r".\1.",
}
BEARPAW_NAMES: dict[str, Replacement] = {
    r"^conv1\.": "stem.0.",
    r"^bn1\.": "stem.1.",
    r"^layer([123])\.0\.": lambda found: f"stem.{(3, 5, 6)[int(found[1]) - 1]}.",
    r"^hg\.(\d+)\.hg\.(\d+)\.(\d+)\.0\.": lambda found: (
        f"hourglasses.{found[1]}."
        + "low2." * (DEEPEST - int(found[2]))
        + f"{PARTS[int(found[3])]}."
    ),
    r"^res\.(\d+)\.0\.": r"features.\1.0.",
    r"^fc\.(\d+)\.0\.": r"features.\1.1.",
    r"^fc\.(\d+)\.1\.": r"features.\1.2.",
    r"^score\.(\d+)\.": r"scores.\1.",
    r"^fc_\.(\d+)\.": r"merge_features.\1.",
    r"^score_\.(\d+)\.": r"merge_scores.\1.",
    r"\.downsample\.0\.": ".skip.",
}
PRINCETON = Layout(
    publishers=("princeton-vl",),
    title="a Stacked Hourglass of princeton-vl",
    signature="pre.0.conv.weight",
    network=network_name,
    head="scores.0.bias",
    rename=rename_by(PRINCETON_NAMES),
    unused=r"(stem\.5|hourglasses\..*|features\.\d+\.0)\.skip\.",
    options={"wide_stem": False},
    normalisation=Normalisation((0.0, 0.0, 0.0)),
)
BEARPAW = Layout(
    publishers=("anibali", "bearpaw"),
    title="a Stacked Hourglass of bearpaw or anibali",
    signature="hg.0.hg.0.0.0.conv1.weight",
    network=network_name,
    head="scores.0.bias",
    rename=rename_by(BEARPAW_NAMES),
)
