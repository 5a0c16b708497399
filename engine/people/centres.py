"""People ↔ the maps of a finder: encode for training, decode for use, tested as a pair.

A cell is `STRIDE` input pixels square. A person has a peak in the cell that holds the middle of the
box; around it every cell tells the distances to the box's sides and the way to the keypoints, as in
TTFNet (Liu, AAAI 2020). Knows no networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.models.model_spec import FINDER_STRIDE as STRIDE

CORE = 0.54  # share of a box, each way, whose cells speak for it (TTFNet, section 3.2)
SAME = 0.5  # IoU above which two boxes are of the same person
SLACK = np.array([-1, -1, 1, 1])


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """What a finder gives of one picture, and what it is taught."""

    centers: np.ndarray  # (1, h, w) float32, 0..1
    boxes: np.ndarray  # (4, h, w) input pixels from the cell's middle: left, top, right, bottom
    points: np.ndarray  # (2P, h, w) input pixels from the cell's middle: x, y of each keypoint


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Several people, the surest first, in input pixels."""

    scores: np.ndarray  # (M,) float32
    boxes: np.ndarray  # (M, 4) x1, y1, x2, y2
    points: np.ndarray  # (M, P, 2)


def middles(size: tuple[int, int]) -> np.ndarray:
    """(h, w, 2) x and y of the middle of each cell, input pixels; size: (h, w) in cells."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    return np.stack([x, y], axis=-1) * STRIDE + STRIDE / 2


def encode(boxes: np.ndarray, points: np.ndarray, size: tuple[int, int]) -> Maps:
    """boxes: (M, 4) x1, y1, x2, y2 and points: (M, P, 2), input pixels, NaN where a keypoint is not
    known; size: (h, w) in cells.

    Peaks are 1 and fall off to 0 at the edge of the box's core; of two people in one cell the
    smaller one speaks. Boxes and points are NaN where a cell has nothing to tell.
    """
    high, wide = size
    centers = np.zeros((1, high, wide), np.float32)
    sides = np.full((4, high, wide), np.nan, np.float32)
    ways = np.full((2 * points.shape[1], high, wide), np.nan, np.float32)
    places = middles(size)
    extents = boxes[:, 2:] - boxes[:, :2]
    for person in np.argsort(-extents.prod(axis=1)):
        x1, y1, x2, y2 = boxes[person]
        peak = _core(boxes[person], size)
        core = peak > 0
        centers[0] = np.maximum(centers[0], peak)
        x, y = places[core].T
        sides[:, core] = np.stack([x - x1, y - y1, x2 - x, y2 - y])
        ways[:, core] = (points[person] - places[core][:, None]).reshape(len(x), -1).T
    return Maps(centers, sides, ways)


def _core(box: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(h, w) a Gaussian that is 1 in the cell of the box's middle and cut off three deviations from
    it, at the edge of the core.
    """
    deviation = np.maximum((box[2:] - box[:2]) * CORE / 6 / STRIDE, 0.3)  # cells
    cell = np.floor((box[:2] + box[2:]) / 2 / STRIDE).clip(0, np.array(size[::-1]) - 1)
    x = (np.arange(size[1], dtype=np.float32) - cell[0]) / deviation[0]
    y = (np.arange(size[0], dtype=np.float32) - cell[1]) / deviation[1]
    square = y[:, None] ** 2 + x**2
    return np.asarray(np.where(square <= 9, np.exp(-square / 2), 0), np.float32)


def decode(maps: Maps, threshold: float) -> Found:
    """The people at the peaks from ``threshold`` on; of boxes on the same person the surest."""
    heat = np.ascontiguousarray(maps.centers[0], np.float32)
    highest = cv2.dilate(heat, np.ones((3, 3), np.uint8))
    row, column = np.nonzero((heat >= highest) & (heat >= threshold))
    scores = heat[row, column]
    middle = middles((heat.shape[0], heat.shape[1]))[row, column]
    boxes = np.tile(middle, 2) + SLACK * maps.boxes[:, row, column].T
    ways = maps.points.reshape(-1, 2, *heat.shape)[..., row, column]
    points = middle[:, None] + ways.transpose(2, 0, 1)
    kept = _surest(boxes, scores)
    return Found(scores[kept], boxes[kept], points[kept])


def _surest(boxes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Indices of the boxes that are left where others overlap them, the surest first."""
    sizes = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1).astype(float)
    return np.array(cv2.dnn.NMSBoxes(sizes.tolist(), scores.tolist(), 0.0, SAME), np.intp)
