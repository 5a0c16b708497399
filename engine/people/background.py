"""What a still camera sees where nobody is, so that whoever stands before it differs from it.

Knows pictures, boxes and time; no networks.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.people.person_box import scaled
from engine.people.shrink import resized
from engine.types import Box

SIZE = (64, 48)  # pixels (W, H) at which the picture is looked at
EVERY = 0.1  # seconds between two looks
LEARNT = 0.5  # seconds that a place must have been seen without a person
ABSORBED = 2.0  # seconds in which what was put down becomes a part of it
DIFFERS = 20.0  # grey levels, in the channel that differs most
MOVED = 0.25  # share of the places beside people that differs where the camera moved, or the light
AROUND, CORE = 1.3, 0.6  # of a box: what a person may reach, what a person fills
CHANGED = 0.3  # share of the core that differs where somebody is


class Background:
    """With each frame: `see` it, ask whether a place has `changed`, `learn` where nobody is."""

    def __init__(self) -> None:
        self._mean = self._now = np.zeros((SIZE[1], SIZE[0], 3), np.float32)
        self._seconds = np.zeros((SIZE[1], SIZE[0]), np.float32)  # without a person, of each place
        self._differs = np.zeros((SIZE[1], SIZE[0]), bool)
        self._empty = ~self._differs  # of people, when it was learnt last
        self._frame = (1, 1)  # H, W
        self._seen = self._learnt = -np.inf

    def see(self, image: np.ndarray, time: float) -> None:
        """An (H, W, 3) uint8 RGB frame, seconds."""
        if time - self._seen < EVERY:
            return
        self._seen, self._frame = time, (image.shape[0], image.shape[1])
        self._now = resized(image, SIZE).astype(np.float32)
        known = self._seconds >= LEARNT
        beside = known & self._empty
        apart = self._now - self._mean
        if beside.any():  # the camera's exposure changes the picture as a whole
            apart -= np.median(apart[beside], axis=0)
        self._differs = known & (np.abs(apart).max(axis=-1) > DIFFERS)
        if self._differs[beside].sum() > MOVED * beside.sum():
            self._seconds[:], self._differs[:] = 0, False

    def changed(self, box: Box) -> bool:
        """Whether somebody or something is in the box, in frame pixels, that was not there before;
        False where that is not known.
        """
        places = self._differs[self._part(scaled(box, CORE))]
        return bool(places.size and places.mean() > CHANGED)

    def learn(self, people: Iterable[Box]) -> None:
        """Nobody is outside of these boxes, in frame pixels."""
        elapsed, self._learnt = min(self._seen - self._learnt, 2 * EVERY), self._seen
        if not elapsed:
            return
        self._empty[:] = True
        for box in people:
            self._empty[self._part(scaled(box, AROUND))] = False
        share = self._empty * np.where(self._seconds < LEARNT, 1.0, elapsed / ABSORBED)
        self._mean += share[..., None] * (self._now - self._mean)
        self._seconds += elapsed * self._empty

    def _part(self, box: Box) -> tuple[slice, slice]:
        corners = np.array([[box.x1, box.y1], [box.x2, box.y2]]) / self._frame[::-1] * SIZE
        (x1, y1), (x2, y2) = np.clip(corners + np.array([[0], [1]]), 0, SIZE).astype(int)
        return slice(y1, y2), slice(x1, x2)
