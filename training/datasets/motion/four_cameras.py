"""HDM05's actors before four fixed cameras, as Human3.6M was recorded.

The cameras stand in the corners of a hall as that data set's do (its camera table, rounded: eyes
at ±1.8 and ±5 m, 1.55 m high, focal length 1145 of 1000 pixels). Three actors are trained on, the
fourth is tested on; an action is a motion class. Knows no networks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.skeleton import H36M17
from engine.space.camera import look_at, project, to_camera
from training.datasets.motion.lifting_set import LiftingSet, hip_centred
from training.datasets.motion.mocap import Clip, h36m17, load_clips

SIZE = 1000  # pixels, both ways
FOCAL = 1145.0  # pixels
EYES = np.array([(x, 1.55, z) for x in (-1.8, 1.8) for z in (-5.0, 5.0)])  # metres, Y up
AIM = np.array([0.0, 0.9, 0.0])
SOURCE, TESTED_ON = "hdm05", "tr"


def load_four_cameras(folder: Path) -> tuple[LiftingSet, LiftingSet]:
    """(training, test) from the motion capture in ``folder``, see `load_clips`."""
    clips = [clip for clip in load_clips(folder) if clip.source == SOURCE]
    tested = [clip.subject == TESTED_ON for clip in clips]
    training, test = (
        _join([clip for clip, held_out in zip(clips, tested, strict=True) if held_out == part])
        for part in (False, True)
    )
    return training, test


def film(poses: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One clip, moved to the middle of the hall, as every camera sees it.

    poses: (T, 17, 3) metres, world axes, Y up → keypoints (M, 17, 2) float32 pixels, joints
    (M, 17, 3) float32 mm, camera axes, relative to the pelvis, and cameras (M,): the M of 4T views
    that hold the whole person.
    """
    middle = poses[:, 0].mean(axis=0) * [1, 0, 1]
    seen = to_camera((poses - middle)[:, None], look_at(EYES, AIM), EYES)
    keypoints = project(seen, FOCAL, (SIZE / 2, SIZE / 2))
    inside = (keypoints >= 0) & (keypoints < SIZE) & (seen[..., 2:] > 0)
    whole = np.all(inside, axis=(2, 3))
    return keypoints[whole].astype(np.float32), hip_centred(seen[whole]), whole.nonzero()[1]


def _join(clips: Sequence[Clip]) -> LiftingSet:
    views = [film(h36m17(clip)) for clip in clips]
    keypoints, joints, cameras = (np.concatenate(arrays) for arrays in zip(*views, strict=True))
    lengths = [len(joints) for _, joints, _ in views]
    subjects = np.repeat([clip.subject for clip in clips], lengths)
    actions = np.repeat([clip.action for clip in clips], lengths)
    return LiftingSet(keypoints, joints, subjects, actions, cameras.astype(str), H36M17)
