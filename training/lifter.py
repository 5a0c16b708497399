"""Lifters under training: what the harness asks of them. `open_lifter` is the door.

There are two kinds, the paper's for the cameras of one set and the one for any camera. Knows their
losses; what they learn from and are measured by is in lifter_pairs.py and lifter_views.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from training.datasets.lifting_set import LiftingSet
from training.harness import Learner
from training.lifter_pairs import LOOKED_AT, PairSamples, pair_figures, standardise_paper
from training.lifter_views import Lift, ViewSamples, standardise_any_camera, view_figures
from training.models.martinez import Lifter, PaperLifter
from training.recipes.martinez import LifterRecipe
from training.samples import Samples

LIFTED_AT_ONCE = 2048  # poses


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


def lift_with(lifter: nn.Module) -> Lift:
    """A lifter under training as a function of numpy keypoints and visibility."""
    device = next(lifter.parameters()).device
    takes = 2 if isinstance(lifter.eval(), Lifter) else 1

    def lift(*inputs: np.ndarray) -> np.ndarray:
        arrays = [torch.from_numpy(array).to(device) for array in inputs[:takes]]
        starts = range(0, len(arrays[0]), LIFTED_AT_ONCE)
        with torch.inference_mode():
            parts = [lifter(*(a[i : i + LIFTED_AT_ONCE] for a in arrays)) for i in starts]
        return np.asarray(torch.cat(parts).cpu())

    return lift
