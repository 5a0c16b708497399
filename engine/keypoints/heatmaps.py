"""Keypoints ↔ heatmaps: encode for training, decode for use, tested as a pair.

A keypoint at crop pixel p has its peak at heatmap pixel p / STRIDE, as in the official code.
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np

from engine.models.model_spec import STRIDE

Decoding = Literal["quarter", "dark"]

TWIN_RADIUS = 2.5  # heatmap pixels; a left and a right peak closer than this are the same
TWIN_SHARE = 0.6  # of the first peak's height that makes a second one believable


def encode(keypoints: np.ndarray, size: tuple[int, int], sigma: float = 1.0) -> np.ndarray:
    """Gaussian targets, peak 1 (Newell 2016 section 3.1: sigma 1 px at 64 x 64).

    keypoints: (K, 2) crop pixels; size: (H, W) of the heatmaps. Returns (K, H, W) float32. Far
    outside, a keypoint leaves nothing; what is unlabelled is masked in the loss.
    """
    height, width = size
    x = np.arange(width, dtype=np.float32) - keypoints[:, None, 0] / STRIDE  # (K, W)
    y = np.arange(height, dtype=np.float32) - keypoints[:, None, 1] / STRIDE  # (K, H)
    scale = np.float32(-0.5 / sigma**2)
    return np.asarray(
        np.exp(scale * y * y)[:, :, None] * np.exp(scale * x * x)[:, None, :], dtype=np.float32
    )


def decode(
    heatmaps: np.ndarray, method: Decoding = "quarter", flip: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The place and height of each peak.

    heatmaps: (K, H, W). Returns keypoints (K, 2) float32 crop pixels and scores (K,) float32.
    ``quarter`` steps 0.25 px toward the higher neighbour (Newell 2016, section 3.1); ``dark`` takes
    one Newton step on the log of the smoothed map (Zhang 2020, DARK). Both leave peaks on the
    border where they are.
    flip: the skeleton's; with it a left and a right joint do not both take the same peak when one
    of their maps has another nearly as high.
    """
    count, _, width = heatmaps.shape
    flat = heatmaps.reshape(count, -1)
    peak = flat.argmax(axis=1)
    if flip is not None:
        _separate_twins(heatmaps, peak, flip)
    scores = flat[np.arange(count), peak].astype(np.float32)
    px, py = peak % width, peak // width
    step = _dark_step(heatmaps, px, py) if method == "dark" else _quarter_step(heatmaps, px, py)
    return (np.stack([px, py], axis=1) + step).astype(np.float32) * STRIDE, scores


def _separate_twins(heatmaps: np.ndarray, peak: np.ndarray, flip: np.ndarray) -> None:
    """Move one of two joints that share a peak to its second one; which, the higher sum decides.

    peak: (K,) flat indices, changed in place.
    """
    _, height, width = heatmaps.shape
    y, x = np.divmod(peak, width)
    near = np.hypot(x - x[flip], y - y[flip]) <= TWIN_RADIUS
    rows, columns = np.ogrid[:height, :width]
    for a in np.flatnonzero(near & (flip > np.arange(len(flip)))):
        b = flip[a]
        shared = np.hypot(rows - y[a], columns - x[a]) <= 2 * TWIN_RADIUS
        gains = []
        for joint in (a, b):
            other = np.where(shared, -np.inf, heatmaps[joint])
            second = int(other.argmax())
            gains.append((other.flat[second] / max(heatmaps[joint].max(), 1e-6), second, joint))
        share, second, joint = max(gains)
        if share >= TWIN_SHARE:
            peak[joint] = second


def _quarter_step(heatmaps: np.ndarray, px: np.ndarray, py: np.ndarray) -> np.ndarray:
    count, height, width = heatmaps.shape
    k = np.arange(count)
    x, y = px.clip(1, width - 2), py.clip(1, height - 2)
    slope = np.stack(
        [
            heatmaps[k, y, x + 1] - heatmaps[k, y, x - 1],
            heatmaps[k, y + 1, x] - heatmaps[k, y - 1, x],
        ],
        axis=1,
    )
    inside = (px > 1) & (px < width - 1) & (py > 1) & (py < height - 1)
    return np.asarray(0.25 * np.sign(slope) * inside[:, None])


def _dark_step(
    heatmaps: np.ndarray, px: np.ndarray, py: np.ndarray, kernel: int = 11
) -> np.ndarray:
    count, height, width = heatmaps.shape
    step = np.zeros((count, 2))
    for k, (x, y) in enumerate(zip(px, py, strict=True)):
        if not (1 < x < width - 2 and 1 < y < height - 2):
            continue
        smooth = cv2.GaussianBlur(heatmaps[k], (kernel, kernel), 0)
        around = smooth[y - 2 : y + 3, x - 2 : x + 3]  # (5, 5), the peak at [2, 2]
        f = np.log(np.maximum(around, 1e-10))
        gradient = 0.5 * np.array([f[2, 3] - f[2, 1], f[3, 2] - f[1, 2]])
        xx = 0.25 * (f[2, 4] - 2 * f[2, 2] + f[2, 0])
        yy = 0.25 * (f[4, 2] - 2 * f[2, 2] + f[0, 2])
        xy = 0.25 * (f[3, 3] - f[1, 3] - f[3, 1] + f[1, 1])
        if abs(xx * yy - xy * xy) > 1e-10:
            step[k] = -np.linalg.solve(np.array([[xx, xy], [xy, yy]]), gradient)
    return step.clip(-1, 1)
