"""The sets of 2D keypoints and 3D joints a lifter is trained and tested on, by name, and what of
them a lifter is given.

`load_lifting` is the single door. Knows no networks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from engine.skeleton import MPII16, convert_keypoints
from training.datasets.human36m.annotations import load_human36m
from training.datasets.motion.four_cameras import load_four_cameras
from training.datasets.motion.lifting_set import LiftingSet
from training.models.martinez import DETECTED, INPUTS

Both = tuple[LiftingSet, LiftingSet]  # training, test

# name → (folder among the data, reader); the 2D of Human3.6M is the cameras' own projection, what
# Stacked Hourglass finds, or what it finds once it was trained on Human3.6M too (section 4)
SETS: dict[str, tuple[str, Callable[[Path], Both]]] = {
    "mocap": ("mocap", load_four_cameras),
    "h36m_gt": ("human36m", partial(load_human36m, keypoints="gt")),
    "h36m_sh": ("human36m", partial(load_human36m, keypoints="sh_pt_mpii")),
    "h36m_sh_finetuned": ("human36m", partial(load_human36m, keypoints="sh_ft_h36m")),
}


def load_lifting(folders: Sequence[Path], name: str, action: str | None = None) -> Both:
    """One set, training and test, from the first of ``folders`` that has it.

    action: only that one. Raises ValueError for an unknown set or action and FileNotFoundError
    where the set is missing.
    """
    if name not in SETS:
        raise ValueError(f"Unknown lifting set '{name}'. Known: {', '.join(SETS)}.")
    inside, reader = SETS[name]
    there = [folder / inside for folder in folders if (folder / inside).is_dir()]
    training, test = reader(there[0] if there else folders[0] / inside)
    return _only(training, action), _only(test, action)


def _only(views: LiftingSet, action: str | None) -> LiftingSet:
    if action is None:
        return views
    if action not in views.actions:
        known = ", ".join(sorted(set(map(str, views.actions))))
        raise ValueError(f"No action '{action}' here. Known: {known}.")
    return views.where(views.actions == action)


def paper_inputs(views: LiftingSet) -> np.ndarray:
    """(N, 16, 2) pixels in the order of `INPUTS`; Hourglass detections are fed as by the paper."""
    sure = np.ones(views.keypoints.shape[:2], np.float32)
    feeds = DETECTED if views.skeleton is MPII16 else None
    return convert_keypoints(views.keypoints, sure, views.skeleton, INPUTS, feeds)[0]


def with_noise(keypoints: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """Gaussian noise of ``sigma`` pixels on every coordinate, float32."""
    return (keypoints + sigma * rng.standard_normal(keypoints.shape)).astype(np.float32)
