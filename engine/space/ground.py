"""The floor under somebody, and feet that stand on it and do not slide.

Whoever is before the camera stands, sits or lies: the lowest joint is on the floor, but in a jump.
Knows one person in time, in room axes, metres.
"""

from __future__ import annotations

import math

import numpy as np

from engine.skeleton import H36M17, LEGS
from engine.space.vectors import length, lengths

SETTLE = 0.15  # seconds, time constant of the floor's height
TAKE_OFF = 0.9  # m/s at which lowest joint and pelvis rise when somebody jumps; who steps or is
# thought to be nearer moves one of them more slowly
LANDED = 0.03  # m above the floor, at which a jump is over
LONGEST_JUMP = 0.8  # seconds; what hangs longer stands higher
STANDS, WALKS = 0.3, 0.6  # m/s: a foot slower than the first stands, faster than the second goes;
OF_BODY = 0.8  # of the body's speed more than that, since a foot that stands is slower than the
# body that walks over it, and one that steps is faster
LIFTED = 0.05  # m that an ankle is higher than when the foot stands
SPEED = 0.05  # seconds, time constant of speeds
FARTHEST = 0.2  # m, from which a foot that was thought to stand has gone
EASE = 0.04  # seconds, in which the body follows its feet
CREEP = 1.0  # seconds, in which a standing foot comes to where it is seen
LONGEST_GAP = 0.5  # seconds, after which nothing is known of floor and feet


_ANKLES = LEGS[:, 2]
_MOVING = [*_ANKLES, H36M17.index("pelvis")]


class Floor:
    """How high it is under somebody, from the lowest joint; heights are on one axis, as seen."""

    def __init__(self) -> None:
        self._height: float | None = None
        self._lowest = self._pelvis = self._time = 0.0
        self._jumped = -math.inf  # when
        self._in_air = False

    def __call__(self, lowest: float, pelvis: float, timestamp: float) -> float:
        """lowest: of what touches the floor."""
        elapsed = timestamp - self._time
        if self._height is None or elapsed > LONGEST_GAP:
            self._height, self._in_air = lowest, False
        elif elapsed > 0:
            rise = min(lowest - self._lowest, pelvis - self._pelvis) / elapsed
            gap = lowest - self._height
            if not self._in_air and rise > TAKE_OFF and gap > LANDED:
                self._in_air, self._jumped = True, timestamp
            if gap < LANDED or timestamp - self._jumped > LONGEST_JUMP:
                self._in_air = False
            if not self._in_air:
                self._height += gap * (1 - math.exp(-elapsed / SETTLE))
        self._lowest, self._pelvis, self._time = lowest, pelvis, timestamp
        return self._height

    def turn(self, lowest: float, pelvis: float) -> float:
        """To another axis, on which the last call would have told these; returns the height."""
        self._height = lowest + (0.0 if self._height is None else self._height - self._lowest)
        self._lowest, self._pelvis = lowest, pelvis
        return self._height


class Feet:
    """Holds those that stand."""

    def __init__(self) -> None:
        self._time = -math.inf
        self._before = np.zeros((3, 3))  # ankles and pelvis, as seen
        self._speed = np.full(3, np.inf)  # m/s
        self._stands: list[np.ndarray | None] = [None, None]  # (2,) x and z
        self._shift = np.zeros(2)  # of the body, x and z

    def __call__(self, joints: np.ndarray, ankle_height: float, timestamp: float) -> np.ndarray:
        """The pose moved and its legs bent a little, so that standing feet stay where they are.

        joints: (17, 3) in the room, y above the floor; ankle_height: of a foot that stands.
        """
        ankles, moving = joints[_ANKLES], joints[_MOVING]
        elapsed = timestamp - self._time
        if elapsed > LONGEST_GAP:
            self._speed[:], self._stands, self._shift = np.inf, [None, None], np.zeros(2)
        elif elapsed > 0:
            now = lengths(moving - self._before) / elapsed
            known = np.isfinite(self._speed)
            share = np.where(known, 1 - math.exp(-elapsed / SPEED), 1.0)
            self._speed = np.where(known, self._speed, now) * (1 - share) + share * now
        self._before, self._time = moving, timestamp
        self._judge(ankles, ankle_height, min(elapsed, LONGEST_GAP))
        held = [(s, p - a[[0, 2]]) for s, a, p in self._standing(ankles)]
        wanted = sum((off for _, off in held), np.zeros(2)) / max(len(held), 1)
        self._shift += (wanted - self._shift) * (1 - math.exp(-min(elapsed, LONGEST_GAP) / EASE))
        moved = joints + np.array([self._shift[0], 0.0, self._shift[1]])
        for side, off in held:
            hip, knee, ankle = moved[LEGS[side]]
            across, away = (off - self._shift).tolist()
            target = ankle + np.array([across, 0.0, away])
            moved[LEGS[side][1:]] = reach(hip, knee, ankle, target)
        return np.asarray(moved)

    def turn(self, joints: np.ndarray) -> None:
        """To other axes, in which the last pose would have been this, (17, 3)."""
        moving = joints[_MOVING]
        for side, place in enumerate(self._stands):
            if place is not None:
                self._stands[side] = place + (moving - self._before)[side, [0, 2]]
        self._before = moving

    def _standing(self, ankles: np.ndarray) -> list[tuple[int, np.ndarray, np.ndarray]]:
        return [(s, ankles[s], place) for s, place in enumerate(self._stands) if place is not None]

    def _judge(self, ankles: np.ndarray, ankle_height: float, elapsed: float) -> None:
        """Which feet stand, and where."""
        *feet, body = self._speed.tolist()
        for side, (ankle, speed) in enumerate(zip(ankles, feet, strict=True)):
            place, low = self._stands[side], ankle[1] < ankle_height + LIFTED
            seen = ankle[[0, 2]]
            if place is None:
                if low and speed < STANDS + OF_BODY * body < math.inf:
                    self._stands[side] = seen + self._shift
                continue
            gone = np.abs(seen - place).max() > FARTHEST
            if not low or speed > WALKS + OF_BODY * body or gone:
                self._stands[side] = None
            else:
                self._stands[side] = place + (seen - place) * (1 - math.exp(-elapsed / CREEP))


def reach(hip: np.ndarray, knee: np.ndarray, ankle: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(2, 3): knee and ankle of a leg that puts its ankle to ``target``, or as near as it reaches.

    All (3,), any axes. Lengths stay, and the knee stays in its plane.
    """
    thigh, shank = length(knee - hip), length(ankle - knee)
    line = target - hip
    far = length(line)
    aside = knee - hip - ((knee - hip) @ line) / max(far * far, 1e-9) * line
    out = length(aside)
    if far < 1e-6 or out < 1e-6:
        return np.array([knee, ankle])
    direction, far = line / far, min(max(far, abs(thigh - shank) + 1e-6), thigh + shank)
    along = (thigh * thigh - shank * shank + far * far) / (2 * far)
    bent = math.sqrt(max(thigh * thigh - along * along, 0.0))
    new_knee = hip + along * direction + bent / out * aside
    return np.array([new_knee, hip + far * direction])
