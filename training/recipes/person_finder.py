"""The person finders that are trained. Plain data, so that a checkpoint can carry it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from engine.skeleton import COCO17
from training.models.person_finder import PersonFinder
from training.recipes.schedules import Optimiser, Schedule


@dataclass(frozen=True)
class FinderRecipe:
    """The training of a person finder.

    shares: kind of sample (see finder_samples.py) → its share; mined: whether what
    `training.evaluation.mine_mistakes` found is drawn among the empty ones.
    """

    name: str
    title: str
    trained_on: str
    epochs: int
    input_size: tuple[int, int]  # H, W
    shares: dict[str, float]
    epoch_images: int = 12_000
    batch: int = 32
    optimiser: Optimiser = field(default_factory=lambda: Optimiser("adamw", 2e-3, 0.05))
    schedule: Schedule = field(default_factory=lambda: Schedule("cosine", warmup=0.3))
    mined: bool = False
    starts_from: str | None = None  # the recipe whose result the weights come from
    ema: float = 0.999
    seed: int = 2026

    def build(self) -> PersonFinder:
        return PersonFinder(len(COCO17))


def person_finder_first() -> FinderRecipe:
    """From scratch, in small pictures, of which it sees more in the same time."""
    return FinderRecipe(
        name="person_finder_first",
        title="Person finder, before mining",
        trained_on=(
            "Everyday pictures with everybody boxed by machines, LSP-extended, empty rooms, and"
            " COCO train2017 pictures with nobody"
        ),
        epochs=10,
        input_size=(192, 192),
        shares={"people": 0.46, "lone": 0.07, "mosaic": 0.17, "empty": 0.3},
    )


def person_finder_mined() -> FinderRecipe:
    """Goes on with more pictures of nobody, those that it mistook the most."""
    return replace(
        person_finder_first(),
        name="person_finder_mined",
        title="Person finder, before renders",
        epochs=7,
        batch=16,
        input_size=(256, 256),
        shares={"people": 0.5, "lone": 0.05, "mosaic": 0.13, "empty": 0.32},
        optimiser=Optimiser("adamw", 1.2e-3, 0.05),
        mined=True,
        starts_from="person_finder_first",
    )


def person_finder() -> FinderRecipe:
    """The one that ships: goes on, beside all that, with several rendered people."""
    before = person_finder_mined()
    return replace(
        before,
        name="person_finder",
        title="Person finder",
        trained_on=f"{before.trained_on}; renders of training.synthetic.webcams",
        shares={"people": 0.42, "rendered": 0.14, "lone": 0.04, "mosaic": 0.1, "empty": 0.3},
        starts_from="person_finder_mined",
    )


FINDER_RECIPES: dict[str, Callable[[], FinderRecipe]] = {
    "person_finder_first": person_finder_first,
    "person_finder_mined": person_finder_mined,
    "person_finder": person_finder,
}
