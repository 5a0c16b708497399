"""Draws people into a picture, for files; the window draws vectors of its own. Knows no Qt."""

from __future__ import annotations

import cv2
import numpy as np

from engine.types import Box, Pose2D, PoseResult

SIDE_COLOURS = {"left": "#3aa7ff", "right": "#ff9326", "middle": "#f2f4f8"}  # on a picture
_RGB = {side: tuple(bytes.fromhex(colour[1:])) for side, colour in SIDE_COLOURS.items()}
_INK, _PAPER = (11, 13, 16), _RGB["middle"]
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_SIZE = 1 / 25  # of a label, in heights of the picture
_SMALLEST = 12  # pixels


def with_overlay(result: PoseResult, threshold: float) -> np.ndarray:
    """A copy of the frame, (H, W, 3) uint8 RGB, with the skeletons over it.

    Of several people each bears their id over the head; the subject is on top, in lines twice as
    thick, with a light label where those of the others are dark.
    """
    image = result.frame.image.copy()
    width = max(2, round(min(image.shape[:2]) / 200))
    several = len(result.people) > 1
    for person in sorted(result.people, key=lambda person: person is result.subject):
        marked = several and person is result.subject
        draw_skeleton(image, person.pose2d, threshold, width * (1 + marked))
        if several:
            _draw_label(image, str(person.id), person.box, marked)
    return image


def draw_skeleton(image: np.ndarray, pose: Pose2D, threshold: float, width: int) -> None:
    """Draw into ``image``, (H, W, 3) uint8 RGB, the bones whose ends both score ``threshold``."""
    seen = (pose.scores >= threshold) & np.isfinite(pose.keypoints).all(axis=1)
    points = np.nan_to_num(pose.keypoints).clip(-1e4, 1e4).round().astype(int).tolist()
    for (a, b), side in zip(pose.skeleton.bone_indices, pose.skeleton.bone_sides, strict=True):
        if seen[a] and seen[b]:
            cv2.line(image, points[a], points[b], _RGB[side], width, cv2.LINE_AA)


def _draw_label(image: np.ndarray, text: str, box: Box, light: bool) -> None:
    """Put the label on the upper edge of the box, moved into the picture where needed."""
    height, width = image.shape[:2]
    size = max(round(height * _SIZE), _SMALLEST)
    scale = cv2.getFontScaleFromHeight(_FONT, size // 2)
    wide = cv2.getTextSize(text, _FONT, scale, 1)[0][0] + size // 2
    left = round(min(max((box.x1 + box.x2 - wide) / 2, 0), max(width - wide, 0)))
    bottom = round(min(max(box.y1, size), height))
    ink, paper = (_INK, _PAPER) if light else (_PAPER, _INK)
    cv2.rectangle(image, (left, bottom - size), (left + wide, bottom), paper, cv2.FILLED)
    place = (left + size // 4, bottom - size // 4)
    cv2.putText(image, text, place, _FONT, scale, ink, 1, cv2.LINE_AA)
