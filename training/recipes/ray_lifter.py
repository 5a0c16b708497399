"""The lifters that are told the camera: from one picture, and over the last second; and each
without one of the sources that it learns from, to be measured on that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from training.models.ray_lifter import OneView, OverTime, RayLifter
from training.recipes.schedules import Optimiser, Schedule

SOURCES = ("accad_female1", "cmu_amc_01_03", "cmu_bvh_dance_martial", "cmu_walk", "hdm05", "sfu")
OTHER_STUDIOS = ("accad_female1", "sfu", "opencap_markers", "misc_bvh")  # neither CMU nor HDM05


@dataclass(frozen=True)
class RayRecipe:
    """The training of a `RayLifter`, on endless views of all motion capture.

    network: from one picture or over time; without: sources that are left out; epochs: looks at
    the held-out actor, at equal times.
    """

    name: str
    title: str
    trained_on: str
    network: Literal["one_view", "over_time"]
    width: int
    batch: int
    optimiser: Optimiser
    schedule: Schedule
    epochs: int = 20
    without: tuple[str, ...] = ()
    starts_from: str | None = None
    ema: float = 0.999
    seed: int = 2017

    @property
    def trunk(self) -> type[OneView] | type[OverTime]:
        return OneView if self.network == "one_view" else OverTime

    def build(self) -> RayLifter:
        return RayLifter(self.trunk, self.width)


def ray_lifter() -> RayRecipe:
    """One picture: half as wide as the paper's, which learns more in half an hour on a core."""
    return RayRecipe(
        name="ray_lifter",
        title="Ray lifter",
        trained_on=(
            "Motion capture from mocap.cs.cmu.edu, HDM05 (without actor tr), ACCAD, SFU and others"
            " on virtual bodies through virtual cameras"
        ),
        network="one_view",
        width=512,
        batch=512,
        optimiser=Optimiser("adamw", 2e-3, weight_decay=0.01),
        schedule=Schedule("cosine", warmup=0.5, minutes=25),
    )


def ray_lifter_over_time() -> RayRecipe:
    """The last second, 27 steps of 1/25 s."""
    return replace(
        ray_lifter(),
        name="ray_lifter_over_time",
        title="Ray lifter over time",
        network="over_time",
        optimiser=Optimiser("adamw", 6e-4, weight_decay=0.01),
        schedule=Schedule("cosine", warmup=0.2, minutes=26),
        epochs=10,
        starts_from="ray_lifter",
    )


def _without(name: str, minutes: float, *sources: str) -> RayRecipe:
    """Shorter, for the figures on what is left out."""
    recipe = ray_lifter()
    schedule = replace(recipe.schedule, minutes=minutes)
    return replace(recipe, name=name, schedule=schedule, epochs=2, without=sources)


RAY_RECIPES: dict[str, Callable[[], RayRecipe]] = {
    "ray_lifter": ray_lifter,
    "ray_lifter_over_time": ray_lifter_over_time,
    # learns from the two studios that the first lifters had, to be measured on the others
    "ray_lifter_two_studios": partial(_without, "ray_lifter_two_studios", 10, *OTHER_STUDIOS),
    **{
        f"ray_lifter_without_{source}": partial(
            _without, f"ray_lifter_without_{source}", 10, source
        )
        for source in SOURCES
    },
}
