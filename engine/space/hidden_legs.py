"""Legs that nobody sees: a believable guess, as one sits at a desk or stands behind something.

Whoever's head is lower than standing allows sits. Knows one person in time.
"""

from __future__ import annotations

import numpy as np

from engine.skeleton import H36M17, LEGS
from engine.space.vectors import cross, length, unit

DESK = 1.1  # m above the floor, where a camera is taken to be of which nothing is known
SEATED = 0.85  # of a body's height: whose crown is lower sits
FADE = 0.3  # seconds, time constant of the change between what is lifted and what is guessed

_RIGHT, _LEFT = H36M17.index("right_shoulder"), H36M17.index("left_shoulder")
_CROWN = H36M17.index("head_top")


class HiddenLegs:
    def __init__(self) -> None:
        self._guessed = np.zeros((2, 2))  # how far thigh and shank of each leg are guesses, 0 … 1
        self._sits = True
        self._time: float | None = None

    def judge(self, crown: float, camera: float | None, body: float) -> None:
        """Whether hidden legs are a seated person's. crown: metres above the camera; camera: above
        the floor, where that is known; body: its height."""
        self._sits = crown + (DESK if camera is None else camera) < SEATED * body

    def __call__(
        self, joints: np.ndarray, seen: np.ndarray, up: np.ndarray, timestamp: float
    ) -> np.ndarray:
        """The pose with legs where none are seen.

        joints: (17, 3) camera axes, any unit; seen: (17,) bool; up: (3,) unit, camera axes.
        """
        hidden = np.array([[not seen[k] and not seen[a], not seen[a]] for _, k, a in LEGS])
        self._fade(hidden.astype(float), timestamp)
        if self._guessed.max() < 1e-3:
            return joints
        joints = joints.copy()
        ahead = unit(cross(up, joints[_RIGHT] - joints[_LEFT]))
        thigh = ahead if self._sits else -up
        for (hip, knee, ankle), (of_thigh, of_shank) in zip(LEGS, self._guessed, strict=True):
            upper, lower = joints[knee] - joints[hip], joints[ankle] - joints[knee]
            joints[knee] = joints[hip] + _turned(upper, thigh, of_thigh)
            joints[ankle] = joints[knee] + _turned(lower, -up, of_shank)
        return joints

    def _fade(self, hidden: np.ndarray, timestamp: float) -> None:
        if self._time is None:
            self._guessed = hidden
        else:
            share = 1 - np.exp((self._time - timestamp) / FADE)
            self._guessed = self._guessed + share * (hidden - self._guessed)
        self._time = timestamp


def _turned(bone: np.ndarray, towards: np.ndarray, share: float) -> np.ndarray:
    """A bone turned so far towards a unit vector, as long as before."""
    long = length(bone)
    return np.asarray(long * unit((1 - share) * bone + share * long * towards))
