"""Calibrates the standard deviations that a ray lifter estimates, by one factor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training.datasets.motion.moves import load_held_out
from training.datasets.motion.ray_views import RayBatch, batch
from training.models.ray_lifter import RayLifter

WITHIN_ONE = 68.3  # percent of what is distributed normally lies within one standard deviation
VIEWS = 4000


def calibrate(lifter: RayLifter, data: Sequence[Path]) -> None:
    """Set the factor with which 68.3 % of the errors lie within one standard deviation.

    On views of the held-out actions as in training: known and unknown cameras, exact and found
    keypoints.
    """
    lifter.calibration.fill_(1.0)
    views = held_out_views(0, data, "actions", lifter.network.window)
    lifter.calibration.fill_(float(np.percentile(off(lifter, views), WITHIN_ONE)))


def held_out_views(seed: int, data: Sequence[Path], part: str, window: int) -> RayBatch:
    """`VIEWS` as in training, of a held-out part of `divide`."""
    return batch(load_held_out(data)[part], np.random.default_rng(seed), VIEWS, window)


def off(lifter: RayLifter, views: RayBatch) -> np.ndarray:
    """(M,) of all captured joints but the pelvis, how far off each coordinate is in standard
    deviations."""
    keypoints, visible, camera, joints, _, known = views
    with torch.inference_mode():
        found, _, spread = lifter.eval()(*map(torch.from_numpy, (keypoints, visible, camera)))
    deviations = np.abs(found.numpy() - joints) / np.maximum(spread.numpy(), 1e-6)
    return np.asarray(deviations[:, 1:][known[:, 1:] > 0])
