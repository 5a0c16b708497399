"""`RayLifter` under training: its losses, and what it learns from, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.datasets.motion.moves import Moves, load_held_out, load_moves
from training.datasets.motion.ray_views import RayBatch, batch
from training.evaluation.lifter_figures import lift_with, stretch_figures, view_figures
from training.fit.batches import Drawn
from training.fit.learner import Learner
from training.fit.samples import Numbered, Samples
from training.models.ray_lifter import RayLifter
from training.recipes.ray_lifter import RayRecipe

SURENESS, TILT = 0.1, 1.0  # weights of the losses beside the joints'
DECIMETRE = 100.0  # mm, in which joints and their spread are counted
LOOKED_AT = 4  # every so many poses of the held-out actor at the end of an epoch


class RayLearner(Learner):
    """Mean distance of the joints; beside it how likely they are under a Laplace distribution of
    the spread that was told, which moves no joint; and how far up is off.
    """

    network: RayLifter

    def __init__(self, recipe: RayRecipe, network: RayLifter, held_out: Moves) -> None:
        super().__init__(recipe, network)
        self.looked_at = held_out

    def loss(self, batch: tuple[Tensor, ...]) -> Tensor:
        keypoints, visible, camera, joints, up, known = batch
        lifted = self.network.lift(keypoints, visible, camera)
        off = (lifted.joints.float() - joints) / DECIMETRE
        distance = (torch.linalg.vector_norm(off, dim=-1) * known).sum() / known.sum()
        scale = lifted.spread[:, 1:] / 2**0.5 / DECIMETRE
        surprise = off[:, 1:].detach().abs() / scale + scale.log()
        sureness = (surprise.mean(-1) * known[:, 1:]).sum() / known[:, 1:].sum()
        tilt = torch.linalg.vector_norm(lifted.estimated_up - up, dim=-1).mean()
        loss: Tensor = distance + SURENESS * sureness + TILT * tilt
        return loss

    def look(self) -> dict[str, float]:
        lift, poses = lift_with(self.average.module), self.looked_at.poses[::LOOKED_AT]
        return view_figures(lift, poses) | stretch_figures(lift, self.looked_at)


class RayViews(Numbered):
    """Batches for `RayLifter`. Raises as `load_moves`."""

    def __init__(self, recipe: RayRecipe, folders: Sequence[Path]) -> None:
        self.seed, self.window = recipe.seed, recipe.trunk.window
        self.moves = load_moves(folders, recipe.without)
        self.epoch_images = len(self.moves)

    def __getitem__(self, drawn: Drawn) -> RayBatch:
        numbers = drawn[1]
        rng = np.random.default_rng([self.seed, numbers[0]])
        return batch(self.moves, rng, len(numbers), self.window)


def open_ray_lifter(recipe: RayRecipe, folders: Sequence[Path]) -> tuple[RayLearner, Samples]:
    """The two halves of a run, for Lightning's ``fit``. Raises as `load_moves`."""
    views, held_out = RayViews(recipe, folders), load_held_out(folders)["actor"]
    return RayLearner(recipe, recipe.build(), held_out), Samples(lambda: views, recipe.batch, 0)
