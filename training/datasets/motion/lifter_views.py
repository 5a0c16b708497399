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
from training.models.martinez import INPUTS

SEED = 2017  # of the views that statistics and figures are taken from
FAULTLESS = 0.5  # share of the samples whose keypoints are exact
THRESHOLDS = (0.1, 0.5)  # scores from which a keypoint counts as seen

Batch = tuple[np.ndarray, np.ndarray, np.ndarray]  # keypoints (N,16,2), visible (N,16), joints


def load_poses(folders: Sequence[Path]) -> dict[str, np.ndarray]:
    """`split` of the motion capture in the first of ``folders`` that has it. Raises
    FileNotFoundError where none does.
    """
    there = [folder / "mocap" for folder in folders if (folder / "mocap").is_dir()]
    return split(load_clips(there[0] if there else folders[0] / "mocap"))


def split(clips: list[Clip]) -> dict[str, np.ndarray]:
    """(N, 17, 3) metres: ``actor`` (HDM05's tr), ``actions`` (their last fifth), ``train``, and
    each action of the actor by its name.

    In ``train``, the rest, every source has equally many frames, the short ones repeated.
    """
    actions = [clip for clip in clips if clip.source == "cmu_actions"]
    actor = [clip for clip in clips if (clip.source, clip.subject) == ("hdm05", "tr")]
    held_out = {"actor": actor, "actions": actions[-len(actions) // 5 :]}
    rest = [c for c in clips if not any(c is other for part in held_out.values() for other in part)]
    sources = [
        _poses([c for c in rest if c.source == name]) for name in sorted({c.source for c in rest})
    ]
    most = max(len(poses) for poses in sources)
    train = np.concatenate([poses[np.arange(most) % len(poses)] for poses in sources])
    held_out |= {
        name: [c for c in actor if c.action == name] for name in {c.action: 0 for c in actor}
    }
    return {"train": train} | {name: _poses(part) for name, part in held_out.items()}


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
