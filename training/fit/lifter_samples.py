"""What lifters learn from, sample by sample: views for any camera, pairs for the paper's.

Knows batches and the statistics a lifter is begun with; no losses.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training.datasets.lifting_sets import load_lifting, paper_inputs, with_noise
from training.datasets.motion.lifter_views import SEED, Batch, load_poses, training_batch
from training.datasets.motion.lifting_set import statistics
from training.fit.batches import Drawn
from training.fit.samples import Numbered
from training.models.martinez import Lifter, PaperLifter
from training.recipes.martinez import LifterRecipe


class ViewSamples(Numbered):
    """Batches of views for `Lifter`. Raises FileNotFoundError where there is no motion capture."""

    def __init__(self, recipe: LifterRecipe, folders: Sequence[Path]) -> None:
        poses = load_poses(folders)
        self.seed, self.poses, self.held_out = recipe.seed, poses["train"], poses["actor"]
        self.epoch_images = len(self.poses)

    def __getitem__(self, drawn: Drawn) -> Batch:
        numbers = drawn[1]
        return training_batch(
            self.poses, np.random.default_rng([self.seed, numbers[0]]), len(numbers)
        )


class PairSamples(Numbered):
    """The training set in a new order every epoch, with noise where the recipe wants it."""

    def __init__(self, recipe: LifterRecipe, folders: Sequence[Path]) -> None:
        training, self.held_out = load_lifting(folders, recipe.data, recipe.action)
        self.keypoints, self.joints = paper_inputs(training), training.joints
        self.seed, self.noise = recipe.seed, recipe.noise
        self.epoch_images = len(training)
        self.order = (-1, np.empty(0, int))  # epoch, rows

    def __getitem__(self, drawn: Drawn) -> tuple[np.ndarray, np.ndarray]:
        numbers = drawn[1]
        epoch, rng = numbers[0] // self.epoch_images, np.random.default_rng([self.seed, numbers[0]])
        if self.order[0] != epoch:
            shuffled = np.random.default_rng([self.seed, 0, epoch]).permutation(len(self.joints))
            self.order = (epoch, shuffled)
        rows = self.order[1][np.array(numbers) % self.epoch_images % len(self.joints)]
        return with_noise(self.keypoints[rows], self.noise, rng), self.joints[rows]


def standardise_any_camera(lifter: Lifter, poses: np.ndarray) -> None:
    """Set the lifter's statistics from 20,000 training samples; of seen keypoints only."""
    batch = training_batch(poses, np.random.default_rng(SEED), 20_000)
    keypoints, visible, joints = (torch.from_numpy(array) for array in batch)
    weights = lifter.weights(visible)
    seen = weights > 0
    points, count = lifter.normalise(keypoints, weights), seen.sum(0)[:, None]
    lifter.mean_2d.copy_(points.sum(0) / count)
    square = ((points - lifter.mean_2d) * seen[..., None]).square().sum(0) / count
    lifter.std_2d.copy_(square.sqrt())
    lifter.mean_3d.copy_(joints[:, 1:].mean(0))
    lifter.std_3d.copy_(joints[:, 1:].std(0))


def standardise_paper(lifter: PaperLifter, samples: PairSamples) -> None:
    """Set the lifter's statistics to those of the training set."""
    for name, values in (("2d", samples.keypoints), ("3d", samples.joints[:, 1:])):
        for statistic, value in zip(("mean", "std"), statistics(values), strict=True):
            getattr(lifter, f"{statistic}_{name}").copy_(torch.from_numpy(value))
