"""The room as one camera sees it: its lens, which way is up, how high the camera hangs.

What is typed counts before what a picture's file says, that before a guess; pitch and roll that
nobody gave are learned from people. Knows no pictures and no networks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from engine.skeleton import convert_keypoints
from engine.space.camera import focal_length
from engine.space.floor import room_axes
from engine.space.horizon import SURE, Horizon, Tilt, up_before
from engine.space.lifter import GUESSED_FIELD_OF_VIEW, View
from engine.types import CameraView, Frame, Pose2D, Pose3D

USUAL_BODY = 1.70  # m, of whom no height was typed
ANKLE = 0.046  # of a body's height, above the floor (Winter, Biomechanics, chapter 4)
# Where a pole ends, of a body's height, by skeleton: at the crown, or the eyes (Winter)
TOPS = {"mpii16": 1.0, "h36m17": 1.0, "coco17": 0.936}
NOISE = 0.5  # degrees: an estimate that differs by less is not told; of heights, a tenth in metres

BOUNDS = {  # of what somebody may say: degrees and metres
    "field_of_view": (10.0, 150.0),
    "pitch": (-80.0, 80.0),
    "roll": (-45.0, 45.0),
    "body_height": (0.4, 2.6),
}

TiltBy = Literal["typed", "level"]
TILT_BY: tuple[TiltBy, ...] = get_args(TiltBy)


def within(name: str, value: float) -> float:
    """The nearest that may be said of it."""
    low, high = BOUNDS[name]
    return min(max(value, low), high)


@dataclass(frozen=True)
class RoomSettings:
    """What somebody says of the camera and of who is before it; None is to be found."""

    field_of_view: float | None = None  # degrees across the picture
    pitch: float | None = None  # degrees, above 0 looks down
    roll: float | None = None  # degrees, above 0 is turned clockwise, as the camera sees it
    tilt_by: TiltBy = "typed"
    body_height: float | None = None  # m, of everybody

    def __post_init__(self) -> None:
        """Raises ValueError for what no camera and nobody has."""
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise ValueError(f"{name} must be from {low:g} to {high:g}, not {value:g}")
        if self.tilt_by not in TILT_BY:
            raise ValueError(f"tilt_by must be one of {', '.join(TILT_BY)}")

    @property
    def tilt(self) -> tuple[float, float] | None:
        """Pitch and roll; whoever gives one means the other to be 0."""
        if self.pitch is None and self.roll is None:
            return None
        return self.pitch or 0.0, self.roll or 0.0

    @property
    def body(self) -> float:
        """Metres, by which bodies are scaled."""
        return self.body_height or USUAL_BODY


class Room:
    """Of the camera that is looked through; another camera has another."""

    def __init__(self) -> None:
        self._horizon = Horizon()
        self._top = 1.0  # see TOPS
        self._stood: float | None = None  # m, how far below the camera somebody stands
        self.body = USUAL_BODY
        self.camera, self.view = CameraView(), View.guessed(640, 480)
        self._turn_to(self.camera)

    @classmethod
    def recorded(cls, camera: CameraView, size: tuple[int, int], body: float) -> Room:
        """As it was known at the end of a take; size: width and height of its pictures."""
        room = cls()
        focal = camera.focal_px or float(focal_length(GUESSED_FIELD_OF_VIEW, max(size)))
        room.camera, room.body = camera, body
        room.view = View(focal, (size[0] / 2, size[1] / 2), camera.pitch_deg, camera.roll_deg)
        room._turn_to(camera)
        return room

    def look(self, frame: Frame, settings: RoomSettings) -> None:
        """Bring ``camera``, ``view`` and ``up`` to a frame."""
        height, width = frame.image.shape[:2]
        focal, lens = _focal(frame, settings.field_of_view)
        found = self._horizon.tilt(settings.tilt)
        tilt, source = settings.tilt, str(settings.tilt_by)
        if tilt is None and found:
            tilt = found.pitch, found.roll
            source = "estimated" if found.is_known else "guess"
        self.body = settings.body
        above = self._camera_height(found)
        pitch, roll = tilt or (None, None)
        sources = {"focal_px": lens}
        if tilt:
            sources |= {"pitch_deg": source, "roll_deg": source}
        if above is not None:
            sources["height_m"] = "estimated"
        seen = CameraView(focal, pitch, roll, above, sources)
        if _differs(seen, self.camera):
            self.camera = seen
            self._turn_to(seen)
        known = source != "guess"
        view = (self.camera.pitch_deg, self.camera.roll_deg) if known else (None, None)
        self.view = View(focal, (width / 2, height / 2), *view, settings.body_height)

    def _camera_height(self, found: Tilt | None) -> float | None:
        """Above the floor, m."""
        if found is None or found.height is None or found.error > SURE:
            return self._stood
        return self.body * (found.height * (self._top - ANKLE) + ANKLE)

    def learn(self, pose: Pose2D, lifted: Pose3D, threshold: float, timestamp: float) -> None:
        """From one person: the pose as it was found, and as it was lifted without the tilt."""
        self._horizon.hear(lifted, timestamp)
        names = ("left_ankle", "right_ankle", "head_top")
        ends, scores = convert_keypoints(pose.keypoints, pose.scores, pose.skeleton, names)
        if scores.min() < threshold:
            return
        self._top = TOPS[pose.skeleton.name]
        rays = self.rays(ends)
        self._horizon.see((rays[0] + rays[1]) / 2, rays[2], lifted, timestamp)

    def stand(self, depth: float) -> None:
        """Somebody stands so many metres below the camera, which counts while nothing better is
        known of its height."""
        self._stood = depth

    def level(self, now: float) -> tuple[float, float] | None:
        """Pitch and roll, degrees, by whoever has stood straight before the camera for the last
        two seconds, whom alone it knows from now on; None where nobody did."""
        if (fresh := self._horizon.levelled(now)) is None:
            return None
        self._horizon = fresh
        found = fresh.tilt()
        assert found is not None
        return within("pitch", found.pitch), within("roll", found.roll)

    def rays(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) pixels → where their lines of sight cross the plane at distance 1."""
        return np.asarray((points - np.array(self.view.centre)) / self.view.focal)

    def _turn_to(self, camera: CameraView) -> None:
        """``up``: (3,) unit vector, camera axes, as far as it is known; ``axes``: (3, 3), rows
        right, up and towards the camera in camera axes: camera → room."""
        self.up = up_before(camera)
        self.axes = room_axes(self.up)


def _differs(new: CameraView, old: CameraView) -> bool:
    """By more than the noise of estimates: takes write down each change."""
    if dict(new.sources) != dict(old.sources) or new.focal_px != old.focal_px:
        return True
    pairs = (
        (new.pitch_deg, old.pitch_deg, NOISE),
        (new.roll_deg, old.roll_deg, NOISE),
        (new.height_m, old.height_m, NOISE / 10),
    )
    return any(a is not None and b is not None and abs(a - b) > most for a, b, most in pairs)


def _focal(frame: Frame, field_of_view: float | None) -> tuple[float, str]:
    """Pixels, and how that is known."""
    height, width = frame.image.shape[:2]
    if field_of_view:
        return float(focal_length(field_of_view, width)), "typed"
    if frame.focal:
        return frame.focal
    return float(focal_length(GUESSED_FIELD_OF_VIEW, max(width, height))), "guess"
