"""A One Euro filter (Casiez, Roussel, Vogel; CHI 2012) on the keypoints of one person.

In the paper the cutoff rises with the speed. Here it rises with how far the values have left what
was given out: noise does not leave it far, and however slow a motion is, it lags by little.
"""

from __future__ import annotations

import numpy as np

from engine.space.vectors import lengths

LONGEST_GAP = 0.5  # seconds without a value after which a keypoint starts anew
DISTANCE_CUTOFF = 2.0  # Hz, of the mean distance


def tuning(strength: float) -> tuple[float, float, float]:
    """A slider's 0 < … 1 → minimum cutoff in Hz, the paper's beta, in Hz for each unit of distance,
    and the distance in units from which the cutoff rises."""
    return 0.075 / strength, 400.0 / strength, 0.02 * strength


class OneEuro:
    """Smooths (K, D) values that arrive at uneven times; unseen keypoints are left alone."""

    def __init__(self) -> None:
        self._value: np.ndarray | None = None  # (K, D)

    def __call__(
        self, values: np.ndarray, seen: np.ndarray, timestamp: float, strength: float, unit: float
    ) -> np.ndarray:
        """values: (K, D), D 2 or 3; seen: (K,) bool; timestamp: seconds, rising; strength: 0 off …
        1; unit: the size, in the values' unit, by which distances are measured (a body), so that
        the same strength feels the same near and far. Returns (K, D) float32.
        """
        if strength <= 0:
            return values
        if self._value is None or len(self._value) != len(values):
            self._value = values.astype(np.float64)
            self._distance = np.zeros_like(self._value)
            self._last = np.full(len(values), -np.inf)
        since = timestamp - self._last
        fresh = since > LONGEST_GAP
        self._value[fresh], self._distance[fresh] = values[fresh], 0.0
        elapsed = np.minimum(np.maximum(since, 1e-3), LONGEST_GAP)[:, None]
        off = values - self._value
        distance = self._distance + _alpha(DISTANCE_CUTOFF, elapsed) * (off - self._distance)
        least, beta, near = tuning(strength)
        far = np.maximum(lengths(distance)[:, None] / unit - near, 0)
        smooth = self._value + _alpha(least + beta * far, elapsed) * off
        self._value[seen], self._distance[seen] = smooth[seen], distance[seen]
        self._last[seen] = timestamp
        return np.where(seen[:, None], smooth, values).astype(np.float32)


def _alpha(cutoff: float | np.ndarray, elapsed: np.ndarray) -> np.ndarray:
    turned = 2 * np.pi * cutoff * elapsed
    return np.asarray(turned / (1.0 + turned))
