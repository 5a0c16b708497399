"""Where a body is before the camera: its joints in space fitted to their keypoints in the picture.

Knows one moment, no people and no floor.
"""

from __future__ import annotations

import numpy as np

FEWEST = 4  # joints
ROUNDS = 3  # of weighing anew by how far a joint is off
FAR = 1.5  # of the middle distance by which joints are off: from there they count less


def fit_place(joints: np.ndarray, rays: np.ndarray, weights: np.ndarray) -> np.ndarray | None:
    """Where the origin of the joints is, (3,) camera axes, in their unit; None where nothing fits.

    joints: (N, 3) camera axes; rays: (N, 2), where the keypoints are in the plane at distance 1;
    weights: (N,), 0 for what is not seen. Linear least squares of (p + t)_xy = ray (p + t)_z,
    weighed anew by distance and residual.
    """
    seen = weights > 0
    if seen.sum() < FEWEST:
        return None
    weights = weights[seen]
    x, y, z = joints[seen].T
    u, v = rays[seen].T
    across, along = u * z - x, v * z - y  # t_x - u t_z and t_y - v t_z are to be these
    sums = np.array([np.ones_like(u), u, v, across, along, u * u + v * v, u * across + v * along])
    nearest = float(z.min())
    weight = weights
    for _ in range(ROUNDS):
        total, su, sv, sx, sy, spread, pull = (sums @ (weight * weight)).tolist()
        stiffness = spread - (su * su + sv * sv) / total
        if stiffness <= 1e-12 * total:
            return None
        depth = ((su * sx + sv * sy) / total - pull) / stiffness
        side, down = (sx + su * depth) / total, (sy + sv * depth) / total
        if not depth > 0 or nearest + depth <= 0:
            return None
        off = np.hypot(side - u * depth - across, down - v * depth - along)
        typical = max(float(np.sort(off)[len(off) // 2]), 1e-6 * depth)
        weight = weights * depth / ((z + depth) * np.hypot(1, off / (FAR * typical)))
    return np.array([side, down, depth])
