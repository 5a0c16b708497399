"""One Euro filter (Casiez, Roussel, Vogel; CHI 2012) on the keypoints of one person."""

from __future__ import annotations

import numpy as np

from engine.space.vectors import lengths

LONGEST_GAP = 0.5  # seconds without a value after which a keypoint starts anew
DERIVATIVE_CUTOFF = 1.0  # Hz, as in the paper
STILL = 0.15  # units a second: what moves less moves by noise alone


def tuning(strength: float) -> tuple[float, float]:
    """A slider's 0 … 1 → the paper's (minimum cutoff in Hz, beta in Hz for each unit a second)."""
    return 6.0 * 0.02**strength, 12.0 * (1 - 0.5 * strength)


class OneEuro:
    """Smooths (K, D) values that arrive at uneven times; unseen keypoints are left alone."""

    def __init__(self) -> None:
        self._value: np.ndarray | None = None  # (K, D)

    def __call__(
        self, values: np.ndarray, seen: np.ndarray, timestamp: float, strength: float, unit: float
    ) -> np.ndarray:
        """values: (K, D); seen: (K,) bool; timestamp: seconds, rising; strength: 0 off … 1.

        unit: the size, in the values' unit, by which speeds are measured (a body, a metre), so that
        the same strength feels the same near and far. Returns (K, D) float32.
        """
        if strength <= 0:
            return values
        if self._value is None or len(self._value) != len(values):
            self._value = values.astype(np.float64)
            self._speed = np.zeros_like(self._value)
            self._last = np.full(len(values), -np.inf)
        since = timestamp - self._last
        fresh = since > LONGEST_GAP
        self._value[fresh], self._speed[fresh] = values[fresh], 0.0
        elapsed = np.minimum(np.maximum(since, 1e-3), LONGEST_GAP)[:, None]
        off = values - self._value
        speed = self._speed + _alpha(DERIVATIVE_CUTOFF, elapsed) * (off / elapsed - self._speed)
        min_cutoff, beta = tuning(strength)
        fast = lengths(speed)[:, None] / unit
        cutoff = min_cutoff + beta * np.maximum(fast - STILL, 0)
        smooth = self._value + _alpha(cutoff, elapsed) * off
        self._value[seen], self._speed[seen] = smooth[seen], speed[seen]
        self._last[seen] = timestamp
        return np.where(seen[:, None], smooth, values).astype(np.float32)


def _alpha(cutoff: float | np.ndarray, elapsed: np.ndarray) -> np.ndarray:
    turned = 2 * np.pi * cutoff * elapsed
    return np.asarray(turned / (1.0 + turned))
