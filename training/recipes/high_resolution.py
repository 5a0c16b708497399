"""HRNet (Sun 2019) and SimpleBaseline (Xiao 2018) as in their papers; sections in brackets. Where
a paper is silent, its authors' code.
"""

from __future__ import annotations

from dataclasses import replace

from training.datasets.pictures.augment import HRNET_COCO, HRNET_MPII, SIMPLE_BASELINE
from training.recipes.recipe import Recipe, Stage
from training.recipes.schedules import Optimiser, Schedule


def hrnet_w32_coco() -> Recipe:
    """[4.1] 256x192, Adam 1e-3, x0.1 at epochs 170 and 200 of 210, sigma 2 px, half bodies. 32
    pictures on each of 4 GPUs (the authors' experiments/coco). The paper starts from ImageNet
    weights: ``--weights``.
    """
    return Recipe(
        name="hrnet_w32_coco",
        network="hrnet_w32",
        trained_on="COCO train2017 keypoints (Lin 2014)",
        stages=(Stage((256, 192), 210, 2.0, {"coco_keypoints": 1.0}, HRNET_COCO),),
        skeleton="coco17",
        batch=128,
        optimiser=Optimiser("adam", 1e-3),
        schedule=Schedule("steps", factor=0.1, at=(170, 200)),
        looked_at=None,
    )


def hrnet_w48_coco() -> Recipe:
    return replace(hrnet_w32_coco(), name="hrnet_w48_coco", network="hrnet_w48")


def hrnet_w32_mpii() -> Recipe:
    """[4.2] As on COCO, at 256² (the authors' experiments/mpii: rotation 30, scale 0.25)."""
    return replace(
        hrnet_w32_coco(),
        name="hrnet_w32_mpii",
        trained_on="MPII (Andriluka 2014), its training half",
        stages=(Stage((256, 256), 210, 2.0, {"mpii": 1.0}, HRNET_MPII),),
        skeleton="mpii16",
    )


def hrnet_w48_mpii() -> Recipe:
    return replace(hrnet_w32_mpii(), name="hrnet_w48_mpii", network="hrnet_w48")


def simple_baseline_r50_coco() -> Recipe:
    """[4.1] 256x192, Adam 1e-3, x0.1 at epochs 90 and 120 of 140, batch 128, rotation 40, scale
    0.3; sigma 2 px.
    """
    return replace(
        hrnet_w32_coco(),
        name="simple_baseline_r50_coco",
        network="simple_baseline_r50",
        stages=(Stage((256, 192), 140, 2.0, {"coco_keypoints": 1.0}, SIMPLE_BASELINE),),
        schedule=Schedule("steps", factor=0.1, at=(90, 120)),
    )


def simple_baseline_r50_coco_hardest() -> Recipe:
    """With the eight hardest joints of each person in the loss (Chen 2018, CPN, 3.3)."""
    return replace(simple_baseline_r50_coco(), name="simple_baseline_r50_coco_hardest", hardest=8)


def simple_baseline_r50_mpii() -> Recipe:
    """Not in the paper; the authors' experiments/mpii: 256², batch 32, rotation 30, scale 0.25."""
    return replace(
        simple_baseline_r50_coco(),
        name="simple_baseline_r50_mpii",
        trained_on="MPII (Andriluka 2014), its training half",
        stages=(Stage((256, 256), 140, 2.0, {"mpii": 1.0}, HRNET_MPII),),
        skeleton="mpii16",
        batch=32,
    )
