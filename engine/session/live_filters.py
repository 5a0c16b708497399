"""What the live view would show of raw poses, for frames that are asked for in any order.

Knows no files, no pictures and no clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.people.follower import Follower
from engine.people.person_box import long_side
from engine.space.room import Room
from engine.types import Person

WARM_UP = 3.0  # seconds before a frame from which the filters run up to it


class LiveFilters:
    """Goes on from the last frame where that is near, else starts WARM_UP before the one asked."""

    def __init__(
        self, times: np.ndarray, raw: Callable[[int], tuple[Person, ...]], room: Room
    ) -> None:
        """times: (T,) seconds, rising; raw: everybody in frame t, as recorded; room: where."""
        self._times, self._raw, self._room = times, raw, room
        self._last, self._strength = -1, -1.0
        self._followers: dict[int, Follower] = {}

    def people(self, t: int, strength: float) -> tuple[Person, ...]:
        """Everybody in frame ``t``; strength: of smoothing, 0 off … 1."""
        start = int(np.searchsorted(self._times, self._times[t] - WARM_UP))
        if strength == self._strength and start <= self._last < t:
            start = self._last + 1
        else:
            self._followers.clear()
        self._last, self._strength = t, strength
        for i in range(start, t):
            self._filter(i)
        return self._filter(t)

    def _filter(self, t: int) -> tuple[Person, ...]:
        return tuple(self._steadied(person, float(self._times[t])) for person in self._raw(t))

    def _steadied(self, person: Person, time: float) -> Person:
        follower = self._followers.setdefault(person.id, Follower(None))
        pose2d, pose3d, root = follower.steadied(
            person.pose2d, person.pose3d, self._room, time, self._strength, long_side(person.box)
        )
        return replace(person, pose2d=pose2d, pose3d=pose3d, root=root)
