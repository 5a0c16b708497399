"""Boxes of people: around keypoints, and how two lie to each other.

Knows boxes and keypoints; knows no networks and no threads.
"""

from __future__ import annotations

import numpy as np

from engine.types import Box

MARGIN = 0.1  # of the keypoints' extent, added on every side: heads and hands end beyond keypoints


def box_around(keypoints: np.ndarray, score: float = 1.0) -> Box:
    """The box of a person from the keypoints seen, (M, 2) in pixels, M ≥ 1.

    Training cuts its pictures with the same function, so a backbone sees live what it was taught.
    """
    low, high = keypoints.min(axis=0), keypoints.max(axis=0)
    margin = MARGIN * float((high - low).max())
    x1, y1 = (low - margin).tolist()
    x2, y2 = (high + margin).tolist()
    return Box(x1, y1, x2, y2, score)


def between(old: Box, new: Box, share: float) -> Box:
    """``old`` moved by ``share`` of the way to ``new``, with the score of ``new``."""

    def edge(a: float, b: float) -> float:
        return a + share * (b - a)

    return Box(
        edge(old.x1, new.x1),
        edge(old.y1, new.y1),
        edge(old.x2, new.x2),
        edge(old.y2, new.y2),
        new.score,
    )


def including(box: Box, points: np.ndarray) -> Box:
    """The box, as much larger as points, (M, 2) in pixels, M ≥ 1, need to lie in it."""
    x1, y1 = np.minimum((box.x1, box.y1), points.min(axis=0)).tolist()
    x2, y2 = np.maximum((box.x2, box.y2), points.max(axis=0)).tolist()
    return Box(x1, y1, x2, y2, box.score)


def scaled(box: Box, factor: float) -> Box:
    """The box grown about its centre."""
    x, y = (box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2
    width, height = (box.x2 - box.x1) * factor / 2, (box.y2 - box.y1) * factor / 2
    return Box(x - width, y - height, x + width, y + height, box.score)


def moved(box: Box, x: float, y: float) -> Box:
    """The box shifted by x and y pixels."""
    return Box(box.x1 + x, box.y1 + y, box.x2 + x, box.y2 + y, box.score)


def overlap(a: Box, b: Box) -> float:
    """Intersection over union, 0..1."""
    both = _area(max(a.x1, b.x1), max(a.y1, b.y1), min(a.x2, b.x2), min(a.y2, b.y2))
    return both / max(area(a) + area(b) - both, 1e-9)


def contains(box: Box, point: tuple[float, float]) -> bool:
    return box.x1 <= point[0] <= box.x2 and box.y1 <= point[1] <= box.y2


def area(box: Box) -> float:
    """Square pixels."""
    return _area(box.x1, box.y1, box.x2, box.y2)


def middle(box: Box) -> np.ndarray:
    """(2,) x and y of its centre, pixels."""
    return np.array([(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2])


def long_side(box: Box) -> float:
    """The longer side in pixels, at least 1."""
    return max(box.x2 - box.x1, box.y2 - box.y1, 1.0)


def _area(x1: float, y1: float, x2: float, y2: float) -> float:
    return max(x2 - x1, 0.0) * max(y2 - y1, 0.0)
