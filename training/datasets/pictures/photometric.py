"""What happens to the colours of a training picture, and to what lies outside it.

Works on uint8 RGB pictures. Knows no people and no boxes.
"""

from __future__ import annotations

import cv2
import numpy as np

Colour = tuple[float, float, float]


def random_border(rng: np.random.Generator) -> tuple[int, Colour]:
    """OpenCV's border mode and colour: the edge drawn out, any colour, or black.

    Pictures of the data sets end close to the person; a live frame does not: never teach that
    edge.
    """
    kind = rng.integers(3)
    if kind == 0:
        return cv2.BORDER_REPLICATE, (0, 0, 0)
    red, green, blue = (rng.uniform(0, 255, 3) if kind == 1 else np.zeros(3)).tolist()
    return cv2.BORDER_CONSTANT, (red, green, blue)


def multiply_channels(image: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8, each channel times its gain, (3,), and cut off at 255."""
    table = np.arange(256, dtype=np.float32)[:, None] * gains.astype(np.float32)
    return np.asarray(cv2.LUT(image, table.clip(0, 255).astype(np.uint8)[None]))


def wear(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What cameras do to some pictures: no colour, no focus, noise."""
    if rng.random() < 0.1:
        image = np.asarray(cv2.transform(image, np.full((3, 3), 1 / 3, np.float32)))
    if rng.random() < 0.15:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 1.5)))
    if rng.random() < 0.15:
        noise = rng.standard_normal(image.shape[:2], np.float32) * rng.uniform(2, 12)
        image = (image + noise[..., None]).clip(0, 255).astype(np.uint8)
    return image
