"""Backbones on the shared data (docs/training.md), for two CPU cores or one GPU."""

from __future__ import annotations

from dataclasses import replace

from training.datasets.pictures.augment import Augmentation
from training.recipes.recipe import Recipe, Stage
from training.recipes.schedules import Optimiser, Schedule

# What is drawn from and how it is varied; decision 0003.
MIXED = {"lsp": 0.15, "lsp_extended": 0.55, "coco": 0.10, "synthetic": 0.20}
UPRIGHT = {"lsp": 0.2, "lsp_extended": 0.4, "coco": 0.13, "synthetic": 0.22, "empty": 0.05}
STRONG = Augmentation(40, scale=0.35, shift=0.12, half_body=0.3, background=0, colour=0.4)
MILD = Augmentation(25, scale=0.25, shift=0.08, half_body=0.15, background=0, colour=0.3)
LIVE = replace(MILD, background=0.05)
DATA = (
    "LSP (first half) and LSP-extended, 331 persons of COCO train2017, {:,} renders of "
    "training.synthetic.pictures; held-out pictures left out"
)
SHARED = DATA.format(6_000)


def _shared(name: str, batch: int, learning_rate: float, longer: int = 1) -> Recipe:
    """A network on the shared data: most of it at 128², the end at full size (decision 0003)."""
    return Recipe(
        name=name,
        network=name,
        trained_on=SHARED,
        stages=(
            Stage((128, 128), 24 * longer, 1.0, MIXED, STRONG, emphasis=10.0),
            Stage((128, 128), 8 * longer, 1.0, MIXED, MILD, emphasis=10.0),
            Stage((192, 192), 5 * longer, 1.5, UPRIGHT, LIVE, emphasis=2.0, boost=2.0),
            Stage((256, 256), 3 * longer, 2.0, UPRIGHT, LIVE, boost=5.0),
        ),
        epoch_images=5_000,
        batch=batch,
        optimiser=Optimiser("adamw", learning_rate, weight_decay=1e-4),
        schedule=Schedule("linear", warmup=0.8),
        ema=0.995,  # a longer memory would still hold the stage before
    )


def _of_epochs(stages: tuple[Stage, ...], epochs: tuple[int, ...]) -> tuple[Stage, ...]:
    pairs = zip(stages, epochs, strict=True)
    return tuple(replace(stage, epochs=count) for stage, count in pairs)


def hourglass_1_small() -> Recipe:
    """One stack of 128 features, for two CPU cores."""
    return _shared("hourglass_1_small", batch=16, learning_rate=1.5e-3)


def hourglass_1_small_on_lsp_extended() -> Recipe:
    """The small one goes on with LSP-extended alone: what its labels are worth (decision 0008)."""
    small = hourglass_1_small()
    stage = replace(small.stages[1], epochs=4, shares={"lsp_extended": 1.0})
    return replace(
        small,
        name="hourglass_1_small_on_lsp_extended",
        stages=(stage,),
        epoch_images=3_000,
        optimiser=replace(small.optimiser, learning_rate=5e-4),
        starts_from="hourglass_1_small",
        trained_on="LSP-extended, from hourglass_1_small; held-out pictures left out",
    )


def hourglass_1() -> Recipe:
    """One stack at the paper's width; from here on for a GPU, or a night on eight cores."""
    return _shared("hourglass_1", batch=32, learning_rate=1e-3, longer=2)


def hourglass_2() -> Recipe:
    """Two stacks at the paper's width, grown from the small one: all that two CPU cores can do."""
    grown = _shared("hourglass_2", batch=16, learning_rate=6e-4)
    stages = _of_epochs(grown.stages[1:], (4, 2, 1))
    return replace(grown, stages=stages, starts_from="hourglass_1_small", grows=True)


def hourglass_1_small_distilled() -> Recipe:
    """The small one goes on at full size, taught by the two stacks beside the labels."""
    small = hourglass_1_small()
    stage = replace(small.stages[-1], epochs=3, boost=1.0)
    return replace(
        small,
        name="hourglass_1_small_distilled",
        stages=(stage,),
        optimiser=replace(small.optimiser, learning_rate=1e-3),
        starts_from="hourglass_1_small",
        teacher="hourglass_2",
    )


def hrnet_w18_small() -> Recipe:
    """HRNet for two CPU cores: less than an hour of them, from scratch."""
    recipe = _shared("hrnet_w18_small", batch=16, learning_rate=1.5e-3)
    return replace(recipe, stages=_of_epochs(recipe.stages, (10, 4, 2, 1)))


def hrnet_w32() -> Recipe:
    return _shared("hrnet_w32", batch=32, learning_rate=1e-3, longer=4)


def simple_baseline_r50() -> Recipe:
    return _shared("simple_baseline_r50", batch=32, learning_rate=1e-3, longer=4)
