"""The room of a finished take, out of its session.json, and the angles that depend on it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.session.joint_scores import joints_seen
from engine.session.recording import Recording
from engine.space.joint_angles import joint_angles
from engine.space.room import BOUNDS, TILT_BY, USUAL_BODY, Room, RoomSettings
from engine.types import CameraView


def recorded_room(session: Mapping[str, Any], size: tuple[int, int] = (640, 480)) -> Room:
    """As session.json says; what is missing there, or no number that it can be, is unknown.

    size: width and height of the pictures.
    """
    found = session.get("camera")
    said: Mapping[str, Any] = found if isinstance(found, dict) else {}
    sources = said.get("sources")
    camera = CameraView(
        focal_px=_number(said.get("focal_px"), 1, 1e5),
        pitch_deg=_number(said.get("pitch_deg"), -90, 90),
        roll_deg=_number(said.get("roll_deg"), -180, 180),
        height_m=_number(said.get("height_m"), -10, 100),
        sources=sources if isinstance(sources, dict) else {},
    )
    return Room.recorded(camera, size, _number(session.get("body_height_m"), 0.1, 10) or USUAL_BODY)


def recorded_settings(session: Mapping[str, Any]) -> RoomSettings:
    """What somebody had said, for the take to be estimated again."""
    room = recorded_room(session)
    by = room.camera.sources.get("pitch_deg")
    said = session.get("about")
    typed = isinstance(said, dict) and said.get("body_height_by") == "typed"
    pitch, roll = room.camera.pitch_deg, room.camera.roll_deg
    return RoomSettings(
        pitch=_number(pitch, *BOUNDS["pitch"]) if by in TILT_BY else None,
        roll=_number(roll, *BOUNDS["roll"]) if by in TILT_BY else None,
        tilt_by="level" if by == "level" else "typed",
        body_height=_number(room.body, *BOUNDS["body_height"]) if typed else None,
    )


def angles_of(take: Recording) -> np.ndarray:
    """(T, A) degrees in the order of ``joint_angles.ANGLES``, NaN where a joint is unseen."""
    return joint_angles(take.joints3d, joints_seen(take), recorded_room(take.session).up)


def _number(value: object, low: float, high: float) -> float | None:
    number = isinstance(value, int | float) and math.isfinite(value) and low <= value <= high
    return float(value) if number and isinstance(value, int | float) else None
