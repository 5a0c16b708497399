"""A picture made smaller, fast. Knows pixels only."""

from __future__ import annotations

import cv2
import numpy as np


def resized(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An (H, W, C) picture at ``size``, (W, H): halved by mean while it is twice as large, then
    interpolated. One step of means takes ten times as long where they are not of whole pixels.
    """
    wide, high = size
    while image.shape[1] >= 2 * wide and image.shape[0] >= 2 * high:
        half = image.shape[1] // 2, image.shape[0] // 2
        image = cv2.resize(image, half, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR))
