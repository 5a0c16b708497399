"""Where up is, as it is said of one lifted pose after the other.

What is said of one pose is off by how that body leans; the mean of many poses is off by less. Knows
no pictures and no networks.
"""

from __future__ import annotations

import math

import numpy as np

from engine.space.vectors import unit

MEMORY = 30.0  # seconds, time constant: a camera that was moved is known again after that
USUAL_SPREAD = 50.0  # mm, of a joint
STEEP = 4  # by which power of its spread a pose counts less


class Upward:
    """The mean, weighted by how sure each pose was."""

    def __init__(self) -> None:
        self.heard = 0
        self._sum, self._time = np.zeros(3), 0.0

    def hear(self, up: np.ndarray, spread: np.ndarray | None, timestamp: float) -> None:
        """up: (3,) unit, camera axes; spread: of the pose, as ``Pose3D.spread``; timestamp:
        seconds, rising."""
        usual = USUAL_SPREAD / max(float(spread.mean()), 1.0) if spread is not None else 1.0
        kept = math.exp(min((self._time - timestamp) / MEMORY, 0.0))
        self._sum = self._sum * kept + usual**STEEP * up
        self._time, self.heard = timestamp, self.heard + 1

    @property
    def mean(self) -> np.ndarray:
        """(3,) unit, camera axes; nothing where nothing was heard."""
        return unit(self._sum)
