"""What was found in a mirrored picture, as it lies in the picture. Each is its own inverse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.people.finder import FoundPerson
from engine.skeleton import COCO17
from engine.types import Box, Pose2D


def mirrored_box(box: Box, width: int) -> Box:
    return replace(box, x1=width - box.x2, x2=width - box.x1)


def mirrored_person(person: FoundPerson, width: int) -> FoundPerson:
    points = _mirrored(person.keypoints, width, COCO17.flip)
    return FoundPerson(mirrored_box(person.box, width), points)


def mirrored_pose(pose: Pose2D, width: int) -> Pose2D:
    flip = pose.skeleton.flip
    points = _mirrored(pose.keypoints, width, flip)
    return replace(pose, keypoints=points, scores=pose.scores[flip])


def _mirrored(points: np.ndarray, width: int, flip: np.ndarray) -> np.ndarray:
    return np.asarray(np.array([width, 0]) + points[flip] * [-1, 1], np.float32)
