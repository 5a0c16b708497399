"""Endless views of all motion capture: which poses are held out, and how a batch is drawn.

Bodies and cameras come from virtual_cameras.py, what detectors leave of a pose from detections.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.skeleton import MPII16, convert_keypoints
from training.datasets.motion import virtual_cameras as cameras
from training.datasets.motion.detections import detect, drop, shipped_errors
from training.datasets.motion.mocap import Clip, h36m17, load_clips
from training.datasets.motion.moves import divide, mocap_folder
from training.models.martinez import INPUTS

SEED = 2017  # of the views that statistics and figures are taken from
FAULTLESS = 0.5  # share of the samples whose keypoints are exact
THRESHOLDS = (0.1, 0.5)  # scores from which a keypoint counts as seen

Batch = tuple[np.ndarray, np.ndarray, np.ndarray]  # keypoints (N,16,2), visible (N,16), joints


def load_poses(folders: Sequence[Path]) -> dict[str, np.ndarray]:
    """`split` of the motion capture in the first of ``folders`` that has it. Raises
    FileNotFoundError where none does.
    """
    return split(load_clips(mocap_folder(folders)))


def load_source(folders: Sequence[Path], source: str) -> np.ndarray:
    """(N, 17, 3) metres, all poses of one source of motion. Raises as `load_poses`."""
    return _poses([c for c in load_clips(mocap_folder(folders)) if c.source == source])


def split(clips: list[Clip]) -> dict[str, np.ndarray]:
    """(N, 17, 3) metres: the parts of `divide` and each action of the actor by its name.

    In ``train`` every source has equally many frames, the short ones repeated.
    """
    parts = divide(clips)
    rest = parts.pop("train")
    sources = [
        _poses([c for c in rest if c.source == name]) for name in sorted({c.source for c in rest})
    ]
    most = max(len(poses) for poses in sources)
    train = np.concatenate([poses[np.arange(most) % len(poses)] for poses in sources])
    actor = parts["actor"]
    parts |= {name: [c for c in actor if c.action == name] for name in {c.action: 0 for c in actor}}
    return {"train": train} | {name: _poses(part) for name, part in parts.items()}


def _poses(clips: list[Clip]) -> np.ndarray:
    return np.concatenate([h36m17(clip) for clip in clips])


def lifter_inputs(keypoints: np.ndarray, visible: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """MPII-16 keypoints (N, 16, 2) and visibility (N, 16) → the lifter's, as the engine does it."""
    points, visible = convert_keypoints(keypoints, visible.astype(np.float32), MPII16, INPUTS)
    return points.astype(np.float32), visible


def training_batch(poses: np.ndarray, rng: np.random.Generator, count: int) -> Batch:
    """Random poses, bodies and cameras; some detected without fault, the rest as detectors do, with
    any threshold a user may choose.
    """
    drawn = cameras.swap_limbs(poses[rng.integers(0, len(poses), count)], rng)
    views = cameras.sample_views(cameras.vary_bodies(drawn, rng), rng)
    keypoints, inside = cameras.as_mpii16(views)
    visible = np.ones(inside.shape)
    spoilt = np.flatnonzero(rng.random(count) >= FAULTLESS)
    thresholds = rng.uniform(*THRESHOLDS, (len(spoilt), 1))
    keypoints[spoilt], visible[spoilt] = detect(
        keypoints[spoilt], shipped_errors().half(0), rng, thresholds
    )
    return *lifter_inputs(keypoints, drop(visible * inside, rng)), views.joints
