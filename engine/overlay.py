"""Draws skeletons into a picture, for files; the window draws vectors of its own. Knows no Qt."""

from __future__ import annotations

import cv2
import numpy as np

from engine.types import Pose2D, PoseResult

SIDE_COLOURS = {"left": "#3aa7ff", "right": "#ff9326", "middle": "#f2f4f8"}  # on a picture
_RGB = {side: tuple(bytes.fromhex(colour[1:])) for side, colour in SIDE_COLOURS.items()}


def with_overlay(result: PoseResult, threshold: float) -> np.ndarray:
    """A copy of the frame, (H, W, 3) uint8 RGB, with the skeletons over it."""
    image = result.frame.image.copy()
    for person in result.people:
        draw_skeleton(image, person.pose2d, threshold)
    return image


def draw_skeleton(image: np.ndarray, pose: Pose2D, threshold: float) -> None:
    """Draw into ``image``, (H, W, 3) uint8 RGB, the bones whose ends both score ``threshold``."""
    seen = (pose.scores >= threshold) & np.isfinite(pose.keypoints).all(axis=1)
    points = np.nan_to_num(pose.keypoints).clip(-1e4, 1e4).round().astype(int).tolist()
    width = max(2, round(min(image.shape[:2]) / 200))
    for (a, b), side in zip(pose.skeleton.bone_indices, pose.skeleton.bone_sides, strict=True):
        if seen[a] and seen[b]:
            cv2.line(image, points[a], points[b], _RGB[side], width, cv2.LINE_AA)
