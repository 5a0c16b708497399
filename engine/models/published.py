"""Official checkpoints: who publishes which file where, with the accuracy and licence stated there.

Facts as the publishers' pages state them; nothing here was measured by this project. Knows no
formats and fetches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

Size = tuple[int, int]  # H, W

COCO = "AP {} on COCO val2017"
MPII = "PCKh@0.5 {} on MPII val"


@dataclass(frozen=True)
class Published:
    """One file. network: a name of `training.models.NETWORKS`, or martinez."""

    publisher: str  # see PUBLISHERS
    network: str
    file: str
    skeleton: str
    accuracy: str
    trained_on: str
    input_size: Size = (256, 256)


@dataclass(frozen=True)
class Publisher:
    page: str
    files_at: str
    licence: str  # the repository's


PUBLISHERS = {
    "leoxiaobin": Publisher(
        "https://github.com/leoxiaobin/deep-high-resolution-net.pytorch",
        "https://drive.google.com/drive/folders/1hOTihvbyIxsm5ygDpbUuJ7O_tzv4oXjC",
        "MIT",
    ),
    "microsoft": Publisher(
        "https://github.com/microsoft/human-pose-estimation.pytorch",
        "https://drive.google.com/drive/folders/13_wJ6nC7my1KKouMkQMqyr9r1ZnLnukP",
        "MIT; models for research purposes",
    ),
    "princeton-vl": Publisher(
        "https://github.com/princeton-vl/pytorch_stacked_hourglass",
        "http://www-personal.umich.edu/~cnris/",
        "BSD-3-Clause",
    ),
    "bearpaw": Publisher(
        "https://github.com/bearpaw/pytorch-pose",
        "https://drive.google.com/drive/folders/0B63t5HSgY4SQQ2FBRE5rQ2EzbjQ",
        "GPL-3.0",
    ),
    "anibali": Publisher(
        "https://github.com/anibali/pytorch-stacked-hourglass",
        "https://github.com/anibali/pytorch-stacked-hourglass/releases/tag/v0.0.0",
        "GPL-3.0",
    ),
    "weigq": Publisher(
        "https://github.com/weigq/3d_pose_baseline_pytorch",
        "https://drive.google.com/file/d/1NUY8oZoLKY9DP63Jg_ZE96_DEJKiVvRp",
        "MIT",
    ),
}


def _coco(publisher: str, network: str, file: str, size: Size, ap: float) -> Published:
    return Published(publisher, network, file, "coco17", COCO.format(ap), "COCO train2017", size)


def _mpii(
    publisher: str, network: str, file: str, pckh: float | None, size: Size = (256, 256)
) -> Published:
    accuracy = MPII.format(pckh) if pckh else "accuracy not stated"
    return Published(publisher, network, file, "mpii16", accuracy, "MPII", size)


_SMALL, _LARGE = (256, 192), (384, 288)
# HRNet and SimpleBaseline state AP with flip test and a person detector of AP 56.4.
PUBLISHED = (
    _coco("leoxiaobin", "hrnet_w32", "pose_hrnet_w32_256x192.pth", _SMALL, 74.4),
    _coco("leoxiaobin", "hrnet_w32", "pose_hrnet_w32_384x288.pth", _LARGE, 75.8),
    _coco("leoxiaobin", "hrnet_w48", "pose_hrnet_w48_256x192.pth", _SMALL, 75.1),
    _coco("leoxiaobin", "hrnet_w48", "pose_hrnet_w48_384x288.pth", _LARGE, 76.3),
    _mpii("leoxiaobin", "hrnet_w32", "pose_hrnet_w32_256x256.pth", 90.3),
    _mpii("leoxiaobin", "hrnet_w48", "pose_hrnet_w48_256x256.pth", None),
    _coco("microsoft", "simple_baseline_r50", "pose_resnet_50_256x192.pth.tar", _SMALL, 70.4),
    _coco("microsoft", "simple_baseline_r50", "pose_resnet_50_384x288.pth.tar", _LARGE, 72.2),
    _coco("microsoft", "simple_baseline_r101", "pose_resnet_101_256x192.pth.tar", _SMALL, 71.4),
    _coco("microsoft", "simple_baseline_r101", "pose_resnet_101_384x288.pth.tar", _LARGE, 73.6),
    _coco("microsoft", "simple_baseline_r152", "pose_resnet_152_256x192.pth.tar", _SMALL, 72.0),
    _coco("microsoft", "simple_baseline_r152", "pose_resnet_152_384x288.pth.tar", _LARGE, 74.3),
    _mpii("microsoft", "simple_baseline_r50", "pose_resnet_50_256x256.pth.tar", 88.5),
    _mpii("microsoft", "simple_baseline_r50", "pose_resnet_50_384x384.pth.tar", 89.1, (384, 384)),
    _mpii("microsoft", "simple_baseline_r101", "pose_resnet_101_256x256.pth.tar", 89.1),
    _mpii("microsoft", "simple_baseline_r101", "pose_resnet_101_384x384.pth.tar", 90.0, (384, 384)),
    _mpii("microsoft", "simple_baseline_r152", "pose_resnet_152_256x256.pth.tar", 89.6),
    _mpii("microsoft", "simple_baseline_r152", "pose_resnet_152_384x384.pth.tar", 90.2, (384, 384)),
    _mpii("princeton-vl", "hourglass_2", "original_2hg/checkpoint.pth.tar", 88.5),
    _mpii("princeton-vl", "hourglass_8", "original_8hg/checkpoint.pth.tar", 90.1),
    _mpii("bearpaw", "hourglass_2", "hg_s2_b1/model_best.pth.tar", 86.95),
    _mpii("bearpaw", "hourglass_8", "hg_s8_b1/model_best.pth.tar", 88.78),
    _mpii("anibali", "hourglass_1", "bearpaw_hg1-ce125879.pth", None),
    _mpii("anibali", "hourglass_2", "bearpaw_hg2-15e342d9.pth", 87.33),
    _mpii("anibali", "hourglass_8", "bearpaw_hg8-90e5d470.pth", None),
    Published(
        "weigq",
        "martinez",
        "gt_ckpt_best.pth.tar",
        "h36m17",
        "MPJPE 43.5 mm on Human3.6M S9 and S11, ground-truth 2D",
        "Human3.6M",
    ),
)
