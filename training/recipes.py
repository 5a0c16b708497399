"""Recipes: functions that return one complete, frozen description of a training run.

A variant is ``replace(recipe(), ...)``. ``python -m training.train NAME`` runs the one of that
name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from torch import nn

from training.datasets.augment import Augmentation
from training.models.hourglass import StackedHourglass


@dataclass(frozen=True)
class Stage:
    """A stretch of training at one input size."""

    size: int  # pixels, square
    images: int  # how many samples it takes
    batch: int
    sigma: float  # of the targets, heatmap pixels
    shares: dict[str, float]  # data set → share of the samples
    augmentation: Augmentation
    emphasis: float = 0.0  # of peaks in the loss, see heatmap_loss
    boost: float = 1.0  # of the learning rate, for a size that is new to the network


@dataclass(frozen=True)
class Recipe:
    name: str
    title: str
    model: Callable[[], nn.Module]
    architecture: str
    trained_on: str
    stages: tuple[Stage, ...]
    learning_rate: float
    warmup: int = 4_000  # samples
    ema: float = 0.995  # a longer memory would still hold the stage before
    seed: int = 2016


def hourglass_1_small() -> Recipe:
    """One stack of 128 features, for two CPU cores: most of it at 128², the end at full size."""
    mixed = {"lsp": 0.15, "lsp_extended": 0.55, "coco": 0.10, "synthetic": 0.20}
    upright = {"lsp": 0.2, "lsp_extended": 0.4, "coco": 0.13, "synthetic": 0.22, "empty": 0.05}
    strong = Augmentation(40, scale=0.35, shift=0.12, half_body=0.3, background=0, colour=0.4)
    mild = Augmentation(25, scale=0.25, shift=0.08, half_body=0.15, background=0, colour=0.3)
    final = replace(mild, background=0.05)
    return Recipe(
        name="hourglass_1_small",
        title="Hourglass-1 small (128 features)",
        model=lambda: StackedHourglass(stacks=1, features=128),
        architecture="StackedHourglass(stacks=1, features=128, num_keypoints=16)",
        trained_on=(
            "LSP (first half) and LSP-extended, 331 persons of COCO train2017, 6,000 renders of "
            "training.synthetic.pictures; held-out pictures left out"
        ),
        stages=(
            Stage(128, 120_000, 16, 1.0, mixed, strong, emphasis=10.0),
            Stage(128, 40_000, 16, 1.0, mixed, mild, emphasis=10.0),
            Stage(192, 40_000, 16, 1.5, upright, final, emphasis=2.0, boost=2.0),
            Stage(256, 25_000, 16, 2.0, upright, final, boost=5.0),
        ),
        learning_rate=1.5e-3,
    )


RECIPES: dict[str, Callable[[], Recipe]] = {"hourglass_1_small": hourglass_1_small}
