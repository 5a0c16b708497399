"""Where up is and how high the camera hangs, from people who stand and walk before it.

An upright body is a pole on the floor: where its foot and its head are in the picture says how the
camera looks at that place, and several places say the rest (Lv, Zhao and Nevatia, "Camera
calibration from video of a walking human", PAMI 2006, here with a known lens and by least squares).
Knows one camera's people in time; no pictures and no networks.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from engine.skeleton import H36M17, LEGS
from engine.space.upward import Upward
from engine.space.vectors import length, lengths, unit
from engine.types import CameraView, Pose3D

# A body is upright whose trunk and legs make an angle with at least this cosine, and whose hips are
# above the ankles by at least this share of the legs' length.
STRAIGHT, STRETCHED = 0.94, 0.88

CELL = (0.1, 0.025)  # of a picture plane at distance 1: poles whose feet share a cell are one place
PLACES = 96  # remembered, the newest
FADE = 10  # poles: a place is the running mean of about so many
ERROR = 0.045  # standard error of a place's head, in lengths of the pole: people lean and bend

# Standard errors in degrees of what is known before any pole is seen: of the mean pitch as lifted
# bodies give it, or a lifter that knows where up is; of the roll; of what somebody typed.
BY_BODY, BY_LIFTER = 15.0, 6.0
USUAL_ROLL = 4.0
GIVEN = 0.05
USUAL_HEIGHT = (
    0.9,
    0.8,
)  # of the camera, in lengths of a pole, and standard error of its logarithm

SURE = 4.0  # degrees: a pitch with a larger standard error is a guess
HEARD_FOR = 15  # poses that a lifter must have told up of before its mean is better than one pose
SEEN_FOR = 8  # poles that the fit needs
LEVEL_SECONDS = 2.0  # for which somebody stands straight who presses "Level" …
LEVEL_SPAN, LEVEL_POLES = 1.5, 4  # … of which so many seconds and poles must have been seen
EVERY = 5  # poses between two fits: one takes a millisecond
STEPS = 3  # of Gauss and Newton in a fit

_THORAX = H36M17.index("thorax")


def up_of(pitch: float, roll: float) -> np.ndarray:
    """(3,) unit vector away from the floor in camera axes, x right, y down, z away; degrees."""
    p, r = math.radians(pitch), math.radians(roll)
    level = math.cos(p)
    return np.array([-math.sin(r) * level, -math.cos(r) * level, -math.sin(p)])


def up_before(camera: CameraView | None) -> np.ndarray:
    """``up_of`` what is known of a camera; its own upright where that is nothing."""
    pitch, roll = (camera.pitch_deg, camera.roll_deg) if camera else (None, None)
    return up_of(pitch or 0.0, roll or 0.0)


def tilt_of(up: np.ndarray) -> tuple[float, float]:
    """The inverse of ``up_of``: pitch and roll, degrees."""
    x, y, z = unit(up).tolist()
    return math.degrees(math.asin(min(max(-z, -1.0), 1.0))), math.degrees(math.atan2(-x, -y))


def body_axis(joints: np.ndarray) -> np.ndarray | None:
    """From the ankles to the neck of (17, 3) joints, of any axes, as a unit vector; None of a body
    that is not upright."""
    hips, knees, ankles = joints[LEGS.T]
    foot, hip = (ankles[0] + ankles[1]) / 2, (hips[0] + hips[1]) / 2
    bones = float((lengths(hips - knees) + lengths(knees - ankles)).sum()) / 2
    leg, trunk = hip - foot, joints[_THORAX] - hip
    long = length(leg)
    if long < STRETCHED * bones or leg @ trunk < STRAIGHT * long * length(trunk):
        return None
    return unit(joints[_THORAX] - foot)


@dataclass(frozen=True, slots=True)
class Tilt:
    pitch: float  # degrees, above 0 looks down
    roll: float  # degrees, above 0 turned clockwise
    height: float | None  # above the ankles, in lengths of the pole; None without poles
    error: float  # of the pitch, degrees, as far as poles tell
    is_known: bool  # rather than guessed


@dataclass(frozen=True, slots=True)
class _Seen:
    time: float
    foot: np.ndarray
    head: np.ndarray
    lifted: Pose3D


class Horizon:
    """Of one camera that does not move; one that was moved is known again after a while."""

    def __init__(self) -> None:
        self._places: dict[tuple[int, int], np.ndarray] = {}  # mean foot (2,) and head (2,)
        self._counts: dict[tuple[int, int], int] = {}
        self._recent: deque[_Seen] = deque()  # of LEVEL_SECONDS
        self._upward, self._error = Upward(), BY_BODY
        self._poles = self._fitted = 0
        self._fit = np.array([0.0, 0.0, np.log(USUAL_HEIGHT[0])])
        self._tilt: Tilt | None = None
        self._given: tuple[float, float] | None = None

    def hear(self, lifted: Pose3D, timestamp: float) -> None:
        """What a lifter that knows where up is says of any pose, told nothing of the tilt."""
        if lifted.up is not None:
            self._upward.hear(lifted.up, lifted.spread, timestamp)
            self._error = BY_LIFTER

    def see(self, foot: np.ndarray, head: np.ndarray, lifted: Pose3D, timestamp: float) -> None:
        """A pole: where it stands and ends, (2,) each, of a picture plane at distance 1, and the
        upright body that it is."""
        axis = body_axis(lifted.keypoints)
        if axis is None or head[1] >= foot[1]:  # or the camera hangs upside down
            return
        if lifted.up is None:
            self._upward.hear(axis, None, timestamp)
        self._recent.append(_Seen(timestamp, foot, head, lifted))
        while timestamp - self._recent[0].time > LEVEL_SECONDS:
            self._recent.popleft()
        self._add(np.concatenate([foot, head]))

    def _add(self, pole: np.ndarray) -> None:
        across, down = pole[:2].tolist()
        key = (math.floor(across / CELL[0]), math.floor(down / CELL[1]))
        count = self._counts[key] = min(self._counts.pop(key, 0) + 1, FADE)
        before = self._places.pop(key, pole)
        self._places[key] = before + (pole - before) / count  # the newest is last
        self._poles += 1
        if len(self._places) > PLACES:
            oldest = next(iter(self._places))
            del self._places[oldest], self._counts[oldest]

    def levelled(self, now: float) -> Horizon | None:
        """One that knows only whoever stood straight in the LEVEL_SECONDS before ``now``; None
        where nobody did."""
        recent = [seen for seen in self._recent if now - seen.time <= LEVEL_SECONDS]
        if len(recent) < LEVEL_POLES or recent[-1].time - recent[0].time < LEVEL_SPAN:
            return None
        fresh = Horizon()
        for seen in recent:
            fresh.hear(seen.lifted, seen.time)
            fresh.see(seen.foot, seen.head, seen.lifted, seen.time)
        return fresh

    def tilt(self, given: tuple[float, float] | None = None) -> Tilt | None:
        """As known so far; None with too little. given: pitch and roll, where those are known."""
        heard = self._upward.heard
        if not heard:
            return None
        if self._tilt is None or given != self._given or heard - self._fitted >= EVERY:
            self._fitted, self._given = heard, given
            self._tilt = self._fitted_to(given)
        return self._tilt

    def _fitted_to(self, given: tuple[float, float] | None) -> Tilt:
        enough = self._error == BY_LIFTER and self._upward.heard >= HEARD_FOR
        said = given or tilt_of(self._upward.mean)
        if self._poles < SEEN_FOR:
            return Tilt(said[0], said[1], None, self._error, enough)
        places = np.array(list(self._places.values()))
        weights = np.sqrt(np.array(list(self._counts.values())) / FADE) / ERROR
        prior = np.array([*np.deg2rad(said), np.log(USUAL_HEIGHT[0])])
        tilt_scatter = (GIVEN, GIVEN) if given else (self._error, USUAL_ROLL)
        scatter = np.array([*np.deg2rad(tilt_scatter), USUAL_HEIGHT[1]])

        def cost(fit: np.ndarray) -> float:
            far = lengths(_residuals(fit, places)) * weights
            return float(np.log1p(far * far).sum() + (((fit - prior) / scatter) ** 2).sum())

        self._fit = min(self._fit, prior, key=cost)
        for _ in range(STEPS):
            off = _residuals(self._fit, places)
            slope = np.stack(
                [(_residuals(self._fit + step, places) - off) / _SMALL for step in _STEPS], axis=-1
            )
            far = lengths(off) / ERROR
            trust = (weights / np.sqrt(1 + (far / 3) ** 2))[:, None]
            rows = (slope * trust[..., None]).reshape(-1, 3)
            normal = rows.T @ rows + np.diag(scatter**-2.0)
            pull = rows.T @ (off * trust).ravel() + (self._fit - prior) / scatter**2
            self._fit = self._fit - np.linalg.solve(normal, pull).clip(-0.3, 0.3)
        error = float(np.rad2deg(np.sqrt(np.linalg.inv(normal)[0, 0])))
        pitch, roll = np.rad2deg(self._fit[:2]).tolist()
        height = math.exp(float(self._fit[2]))
        return Tilt(pitch, roll, height, error, enough or error <= SURE)


_SMALL = 1e-4
_STEPS = np.eye(3) * _SMALL


def _residuals(fit: np.ndarray, places: np.ndarray) -> np.ndarray:
    """(N, 2): how far the heads are from where the fit has them, in lengths of the pole."""
    pitch, roll, height = np.rad2deg(fit[0]), np.rad2deg(fit[1]), np.exp(fit[2])
    up = up_of(pitch, roll)
    rays = np.column_stack([places[:, :2], np.ones(len(places))])
    sunk = (-(rays @ up)).clip(0.02)  # feet are below the horizon
    feet = rays * (height / sunk)[:, None]
    heads = feet + up
    return np.asarray((heads[:, :2] / heads[:, 2:].clip(0.1) - places[:, 2:4]) * feet[:, 2:])
