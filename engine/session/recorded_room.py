"""The room of a finished take, out of its session.json."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from engine.space.room import USUAL_BODY, Room
from engine.types import CameraView


def recorded_room(session: Mapping[str, Any], size: tuple[int, int]) -> Room:
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


def _number(value: object, low: float, high: float) -> float | None:
    number = isinstance(value, int | float) and math.isfinite(value) and low <= value <= high
    return float(value) if number and isinstance(value, int | float) else None
