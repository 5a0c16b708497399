"""What is behind a rendered person if not a room, and what a cheap camera does to a picture.

Knows pixels only, 0 to 255.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np


def backdrop(rng: np.random.Generator, size: tuple[int, int], photos: Sequence[Path]) -> np.ndarray:
    """(H, W, 3) float32: a photograph, where there are any, or gradients, soft noise and clutter.

    size: width, height. Raises OSError for a photo that cannot be read.
    """
    if photos and rng.random() < 0.7:
        return _photo(rng, size, photos[int(rng.integers(len(photos)))])
    picture = _gradient(rng, size)
    if rng.random() < 0.7:
        for cells in (3, 9, 30, 90)[: rng.integers(1, 5)]:
            picture += _noise(rng, size, cells) * rng.uniform(5, 45)
    if rng.random() < 0.7:
        _clutter(rng, picture, int(rng.integers(3, 40)))
    if rng.random() < 0.5:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 5))
    return np.asarray(picture.clip(0, 255), np.float32)


def degrade(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Few pixels, blur, exposure, colour cast and sensor noise on an (H, W, 3) picture; returns
    uint8.
    """
    picture = picture.astype(np.float32)
    if rng.random() < 0.15:
        picture = _coarse(picture, rng.uniform(1.3, 2.8))
    if rng.random() < 0.4:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.8))
    if rng.random() < 0.12:
        picture = cv2.filter2D(picture, -1, _streak(rng))
    dark = rng.random() < 0.12
    picture = 255 * (picture.clip(0, 255) / 255) ** rng.uniform(0.75, 1.35)
    picture *= rng.uniform(0.2, 0.5) if dark else rng.uniform(0.75, 1.15)
    picture = picture * rng.uniform(0.92, 1.08, 3) + rng.uniform(0, 18)
    if rng.random() < 0.1:
        picture[:] = picture.mean(axis=2, keepdims=True)
    if dark:  # what a webcam's own noise reduction leaves
        height, width = picture.shape[:2]
        picture += _noise(rng, (width, height), 60) * rng.uniform(1, 3)
    grain = rng.standard_normal(picture.shape, np.float32)
    picture += grain * rng.uniform(3, 10) if dark else grain * rng.uniform(0, 6)
    return np.asarray(picture.clip(0, 255), np.uint8)


def _coarse(picture: np.ndarray, factor: float) -> np.ndarray:
    """As a camera of fewer pixels took it, enlarged again."""
    size = picture.shape[1::-1]
    small = (round(size[0] / factor), round(size[1] / factor))
    fewer = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(fewer, size, interpolation=cv2.INTER_LINEAR))


def _photo(rng: np.random.Generator, size: tuple[int, int], path: Path) -> np.ndarray:
    picture = cv2.imread(str(path))
    if picture is None:
        raise OSError(f"{path} is not a picture: remove it from the folder of photos.")
    height, width = picture.shape[:2]
    side = int(min(height, width) * rng.uniform(0.4, 1))
    left, top = rng.integers(width - side + 1), rng.integers(height - side + 1)
    part = picture[top : top + side, left : left + side, ::-1]
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.float32)


def _gradient(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    corners = rng.uniform(0, 255) * 0.6 + rng.uniform(0, 0.4 * 255, (2, 2, 3))
    return np.asarray(cv2.resize(corners.astype(np.float32), size), np.float32)


def _noise(rng: np.random.Generator, size: tuple[int, int], cells: int) -> np.ndarray:
    grid = rng.standard_normal((cells, cells, 3), np.float32)
    if rng.random() < 0.6:
        grid[:] = grid[:, :, :1]
    return np.asarray(cv2.resize(grid, size, interpolation=cv2.INTER_CUBIC))


def _clutter(rng: np.random.Generator, picture: np.ndarray, count: int) -> None:
    height, width = picture.shape[:2]
    for _ in range(count):
        colour = tuple(rng.uniform(0, 255, 3).tolist())
        at = rng.uniform(-0.1, 1.1, 2) * [width, height]
        extent = rng.exponential(0.12, 2) * [width, height] + 2
        kind = rng.random()
        low, high = (at - extent).astype(int).tolist(), (at + extent).astype(int).tolist()
        if kind < 0.45:
            cv2.rectangle(picture, low, high, colour, -1)
        elif kind < 0.7:
            oval = at.tolist(), (2 * extent).tolist(), rng.uniform(0, 180)
            cv2.ellipse(picture, oval, colour, -1, cv2.LINE_AA)
        else:
            cv2.line(picture, low, high, colour, int(rng.integers(1, 12)), cv2.LINE_AA)


def _streak(rng: np.random.Generator) -> np.ndarray:
    """(9, 9) kernel of a motion blur."""
    length, angle = int(rng.integers(3, 8)), rng.uniform(0, np.pi)
    kernel = np.zeros((9, 9), np.float32)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    start, end = (np.round(4 + sign * reach).astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0)
    return np.asarray(kernel / kernel.sum())
