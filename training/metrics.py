"""The field's metrics, as the field computes them. Knows arrays only."""

from __future__ import annotations

import numpy as np

from engine.skeleton import MPII16


def pck_hits(
    found: np.ndarray, truth: np.ndarray, labelled: np.ndarray, fraction: float = 0.2
) -> np.ndarray:
    """PCK as on LSP: a keypoint is right within ``fraction`` of the torso, left shoulder to right
    hip.

    found, truth: (N, 16, 2) MPII-16 pixels; labelled: (N, 16). Returns (N, 16) float: 1 right, 0
    wrong, NaN where it does not count (unlabelled joints; whole pictures without both torso
    joints).
    """
    shoulder, hip = MPII16.index("left_shoulder"), MPII16.index("right_hip")
    torso = np.linalg.norm(truth[:, shoulder] - truth[:, hip], axis=1)
    hits = (np.linalg.norm(found - truth, axis=2) <= fraction * torso[:, None]).astype(float)
    counts = labelled & (labelled[:, shoulder] & labelled[:, hip])[:, None]
    return np.where(counts, hits, np.nan)


def pck(found: np.ndarray, truth: np.ndarray, labelled: np.ndarray, fraction: float = 0.2) -> float:
    """Percent of the labelled keypoints that are right (see ``pck_hits``)."""
    return float(100 * np.nanmean(pck_hits(found, truth, labelled, fraction)))


def mpjpe(found: np.ndarray, truth: np.ndarray, root: int = 0) -> np.ndarray:
    """Protocol 1: the distance of each joint when the roots lie on each other.

    found, truth: (N, K, 3), one unit → (N, K) in that unit. The field reports the mean over all K,
    the root's zero included.
    """
    offset = (found - found[:, root, None]) - (truth - truth[:, root, None])
    return np.asarray(np.linalg.norm(offset, axis=-1))


def procrustes_mpjpe(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Protocol 2: (N, K) distances once each pose is turned, scaled and shifted onto the truth.

    The best similarity in the least-squares sense, never a reflection (Umeyama 1991, equations
    39-43).
    """
    centre = truth.mean(axis=1, keepdims=True)
    source, target = found - found.mean(axis=1, keepdims=True), truth - centre
    u, singular, v = np.linalg.svd(np.swapaxes(target, 1, 2) @ source)
    signs = np.ones_like(singular)
    signs[:, -1] = np.sign(np.linalg.det(u @ v))
    rotation = (u * signs[:, None]) @ v
    spread = np.maximum((source**2).sum(axis=(1, 2)), 1e-12)
    scale = (singular * signs).sum(axis=1) / spread
    aligned = scale[:, None, None] * source @ np.swapaxes(rotation, 1, 2) + centre
    return np.asarray(np.linalg.norm(aligned - truth, axis=-1))
