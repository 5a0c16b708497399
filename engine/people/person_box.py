"""Where the person is, with no detector: the box of the last pose, and boxes to search a frame.

Knows boxes and keypoints; knows no networks and no threads.
"""

from __future__ import annotations

import math

import numpy as np

from engine.types import Box

MARGIN = 0.1  # of the keypoints' extent, added on every side: heads and hands end beyond keypoints
OUTWARD, INWARD = 0.04, 0.4  # seconds in which an edge follows: a box grows at once, shrinks slowly
WIDE = (1.0, 0.65)  # sides of the search squares, in long sides of the frame


def box_around(keypoints: np.ndarray, score: float = 1.0) -> Box:
    """The box of a person from the keypoints seen, (M, 2) in pixels, M ≥ 1.

    Training cuts its pictures with the same function, so a backbone sees live what it was taught.
    """
    low, high = keypoints.min(axis=0), keypoints.max(axis=0)
    margin = MARGIN * float((high - low).max())
    x1, y1 = (low - margin).tolist()
    x2, y2 = (high + margin).tolist()
    return Box(x1, y1, x2, y2, score)


def follow(old: Box, new: Box, elapsed: float) -> Box:
    """``old`` moved toward ``new``: edges go outward fast, inward slowly, in seconds."""
    out, inward = 1 - math.exp(-elapsed / OUTWARD), 1 - math.exp(-elapsed / INWARD)

    def edge(a: float, b: float, outward: bool) -> float:
        return a + (out if outward else inward) * (b - a)

    return Box(
        edge(old.x1, new.x1, new.x1 < old.x1),
        edge(old.y1, new.y1, new.y1 < old.y1),
        edge(old.x2, new.x2, new.x2 > old.x2),
        edge(old.y2, new.y2, new.y2 > old.y2),
        new.score,
    )


def scaled(box: Box, factor: float) -> Box:
    """The box grown about its centre."""
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    width, height = (box.x2 - box.x1) * factor / 2, (box.y2 - box.y1) * factor / 2
    return Box(x - width, y - height, x + width, y + height, box.score)


def search_boxes(height: int, width: int, padding: float) -> list[Box]:
    """Squares to look for a person in: the whole frame, then three smaller ones along it.

    They are given before padding, so that the padded crops have the sides named in WIDE.
    """
    long = max(height, width)
    boxes = [_square(width / 2, height / 2, WIDE[0] * long / padding)]
    side = WIDE[1] * long
    for position in (0.0, 0.5, 1.0):
        x, y = width / 2, height / 2
        along = side / 2 + position * (long - side)
        boxes.append(
            _square(along, y, side / padding)
            if width >= height
            else _square(x, along, side / padding)
        )
    return boxes


def _square(x: float, y: float, side: float) -> Box:
    return Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2, 0.0)
