"""What the paper's lifter learns from and is measured by: a set of 2D keypoints and 3D joints.

Knows batches, noise and the protocols' figures; the sets come from datasets/lifting.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from engine.skeleton import MPII16, convert_keypoints
from training.datasets.lifting import load_lifting
from training.datasets.lifting_set import LiftingSet, statistics
from training.lifter_views import Lift
from training.metrics import figures_by_action
from training.models.martinez import INPUTS, PaperLifter
from training.recipes.martinez import DETECTED, LifterRecipe
from training.samples import Numbered

LOOKED_AT = 10_000  # poses of the test set at the end of an epoch


class PairSamples(Numbered):
    """The training set in a new order every epoch, with noise where the recipe wants it."""

    def __init__(self, recipe: LifterRecipe, folders: Sequence[Path]) -> None:
        training, self.held_out = load_lifting(folders, recipe.data, recipe.action)
        self.keypoints, self.joints = lifter_inputs(training), training.joints
        self.seed, self.noise = recipe.seed, recipe.noise
        self.epoch_images = len(training)
        self.order = (-1, np.empty(0, int))  # epoch, rows

    def __getitem__(self, numbers: list[int]) -> tuple[np.ndarray, np.ndarray]:
        epoch, rng = numbers[0] // self.epoch_images, np.random.default_rng([self.seed, numbers[0]])
        if self.order[0] != epoch:
            shuffled = np.random.default_rng([self.seed, 0, epoch]).permutation(len(self.joints))
            self.order = (epoch, shuffled)
        rows = self.order[1][np.array(numbers) % self.epoch_images % len(self.joints)]
        return with_noise(self.keypoints[rows], self.noise, rng), self.joints[rows]


def lifter_inputs(views: LiftingSet) -> np.ndarray:
    """(N, 16, 2) pixels in the order of `INPUTS`; Hourglass detections are fed as by the paper."""
    sure = np.ones(views.keypoints.shape[:2], np.float32)
    feeds = DETECTED if views.skeleton is MPII16 else None
    return convert_keypoints(views.keypoints, sure, views.skeleton, INPUTS, feeds)[0]


def with_noise(keypoints: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Gaussian noise of ``sigma`` pixels on every coordinate, float32."""
    return (keypoints + sigma * rng.standard_normal(keypoints.shape)).astype(np.float32)


def standardise_paper(lifter: PaperLifter, samples: PairSamples) -> None:
    """Set the lifter's statistics to those of the training set."""
    for name, values in (("2d", samples.keypoints), ("3d", samples.joints[:, 1:])):
        for statistic, value in zip(("mean", "std"), statistics(values), strict=True):
            getattr(lifter, f"{statistic}_{name}").copy_(torch.from_numpy(value))


def pair_figures(lift: Lift, views: LiftingSet, sigma: float = 0.0) -> dict[str, dict[str, float]]:
    """`figures_by_action` of a lifter; sigma: pixels, deviation of the noise on every keypoint."""
    keypoints = with_noise(lifter_inputs(views), sigma, np.random.default_rng(0))
    found = lift(keypoints, np.ones(keypoints.shape[:2], np.float32))
    return figures_by_action(found, views.joints, views.actions)
