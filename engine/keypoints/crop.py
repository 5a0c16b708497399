"""Box → the upright picture a backbone sees, and back. Two inverse maps that stand side by side.

Knows geometry only. The same functions serve live frames and training pictures, so the two cannot
drift.
"""

from __future__ import annotations

import cv2
import numpy as np

from engine.types import Box, Crop


def crop_matrix(
    box: Box, size: tuple[int, int], padding: float = 1.25, rotation: float = 0.0
) -> np.ndarray:
    """The affine map frame pixels → crop pixels, (2, 3) float32.

    The box grows about its centre to the aspect of ``size`` (H, W), then by ``padding`` (HRNet, Sun
    2019: 1.25), and is turned by ``rotation`` degrees, clockwise in the picture.
    """
    height, width = size
    # Frame pixels for each crop pixel.
    extent = padding * max((box.x2 - box.x1) / width, (box.y2 - box.y1) / height, 1e-6)
    angle = np.deg2rad(rotation)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) / extent
    centre = np.array([(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2])
    shift = np.array([width / 2, height / 2]) - turn @ centre
    return np.column_stack([turn, shift]).astype(np.float32)


def invert(matrix: np.ndarray) -> np.ndarray:
    """The inverse of a (2, 3) affine map, float32."""
    return np.asarray(cv2.invertAffineTransform(matrix), dtype=np.float32)


def apply_affine(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Map (..., 2) points by a (2, 3) affine map."""
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], dtype=np.float32)


def crop_frame(image: np.ndarray, box: Box, size: tuple[int, int], padding: float = 1.25) -> Crop:
    """Cut ``box`` out of an (H, W, 3) picture at the backbone's input ``size`` (H, W).

    What lies outside the picture is black.
    """
    to_crop = crop_matrix(box, size, padding)
    pixels = cv2.warpAffine(image, to_crop, (size[1], size[0]), flags=cv2.INTER_LINEAR)
    return Crop(image=pixels, to_frame=invert(to_crop))
