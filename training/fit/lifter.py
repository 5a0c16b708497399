"""Martinez lifters under training: their losses, and what is measured after each epoch.

There are two kinds, the paper's for the cameras of one set and the one for any camera. What they
learn from is in lifter_samples.py; the figures are evaluation/lifter_figures.py's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from training.datasets.motion.lifting_set import LiftingSet
from training.evaluation.lifter_figures import lift_with, pair_figures, view_figures
from training.fit.learner import Learner
from training.fit.lifter_samples import (
    PairSamples,
    ViewSamples,
    standardise_any_camera,
    standardise_paper,
)
from training.fit.samples import Samples
from training.models.martinez import Lifter, PaperLifter
from training.recipes.martinez import LifterRecipe

LOOKED_AT = 10_000  # poses of the test set at the end of an epoch


class PaperLearner(Learner):
    """Mean squared error of the standardised joints (section 3)."""

    network: PaperLifter

    def __init__(self, recipe: LifterRecipe, network: PaperLifter, held_out: LiftingSet) -> None:
        super().__init__(recipe, network)
        self.looked_at = held_out.where(np.arange(0, len(held_out), len(held_out) // LOOKED_AT + 1))

    def loss(self, batch: tuple[Tensor, Tensor]) -> Tensor:
        keypoints, joints = batch
        lifter = self.network
        truth = (joints[:, 1:] - lifter.mean_3d) / lifter.std_3d
        found: Tensor = lifter.network(lifter.standardised(keypoints))
        return functional.mse_loss(found.float(), truth.flatten(1))

    def look(self) -> dict[str, float]:
        return pair_figures(lift_with(self.average.module), self.looked_at)["mean"]


class AnyCameraLearner(Learner):
    """Mean distance of the joints, mm: Protocol 1 itself. Unseen joints count like all others."""

    network: Lifter

    def __init__(self, recipe: LifterRecipe, network: Lifter, held_out: np.ndarray) -> None:
        super().__init__(recipe, network)
        self.looked_at = held_out

    def loss(self, batch: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        keypoints, visible, joints = batch
        found: Tensor = self.network(keypoints, visible)
        return torch.mean(torch.linalg.vector_norm(found.float() - joints, dim=-1))

    def look(self) -> dict[str, float]:
        return view_figures(lift_with(self.average.module), self.looked_at)


def open_lifter(
    recipe: LifterRecipe, folders: Sequence[Path]
) -> tuple[PaperLearner | AnyCameraLearner, Samples]:
    """The two halves of a run of ``recipe`` on the data in ``folders``, for Lightning's ``fit``.

    Raises FileNotFoundError where the data is missing.
    """
    lifter = recipe.build()
    if isinstance(lifter, Lifter):
        views = ViewSamples(recipe, folders)
        standardise_any_camera(lifter, views.poses)
        samples = Samples(lambda: views, recipe.batch)
        return AnyCameraLearner(recipe, lifter, views.held_out), samples
    pairs = PairSamples(recipe, folders)
    standardise_paper(lifter, pairs)
    samples = Samples(lambda: pairs, recipe.batch, workers=0)
    return PaperLearner(recipe, lifter, pairs.held_out), samples
