"""A whole frame → the picture a finder sees, and the way back. Knows geometry only."""

from __future__ import annotations

import math

import numpy as np

from engine.people.shrink import resized
from engine.types import Crop


def room_for(picture: tuple[int, int], size: tuple[int, int], step: int) -> tuple[int, int]:
    """The least (H, W), multiples of ``step``, in which a picture of (H, W) is as large as it fits
    into ``size``.
    """
    height, width = picture
    scale = min(size[0] / height, size[1] / width)
    high, wide = (math.ceil(max(round(side * scale), 1) / step) for side in (height, width))
    return step * high, step * wide


def letterbox(image: np.ndarray, size: tuple[int, int]) -> Crop:
    """An (H, W, 3) picture of any size as large as it fits in the middle of ``size`` (H, W).

    What is left over is black. ``to_frame`` maps its pixels back; a pixel is the area from its
    index to the next, so that the picture's corners are mapped onto each other.
    """
    (height, width), (high, wide) = image.shape[:2], size
    scale = min(high / height, wide / width)
    rows, columns = max(round(height * scale), 1), max(round(width * scale), 1)
    top, left = (high - rows) // 2, (wide - columns) // 2
    canvas = np.zeros((high, wide, 3), np.uint8)
    canvas[top : top + rows, left : left + columns] = resized(image, (columns, rows))
    x, y = width / columns, height / rows  # frame pixels a letterbox pixel
    return Crop(canvas, np.array([[x, 0, -left * x], [0, y, -top * y]], np.float32))
