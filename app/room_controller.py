"""Passes the settings of the room to the pipeline and remembers them for each camera."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from PyQt6.QtCore import QObject

from app.main_window import MainWindow
from engine.pipeline.pipeline import Pipeline
from engine.space.room import RoomSettings, within
from engine.types import PoseResult

OF_CAMERA = ("field_of_view", "pitch", "roll", "tilt_by")  # the rest is of the person


class RoomController(QObject):
    def __init__(
        self, window: MainWindow, pipeline: Pipeline, remembered: str, given: RoomSettings | None
    ) -> None:
        """remembered: as ``remember`` gave it; given: for this time, before what is remembered."""
        super().__init__()
        self._window, self._pipeline = window, pipeline
        self._cameras, self._body = parse(remembered)
        self._given = given or RoomSettings()
        self._camera = ""
        window.room.changed.connect(self._set)
        window.room.refused.connect(window.banner.tell)
        window.video.tilt_chosen.connect(self._tilt)
        window.actions_by_name["level"].triggered.connect(pipeline.level)
        self.open("")

    def open(self, camera: str) -> None:
        """What is known of another camera; empty for a source that is none."""
        self._camera = camera
        kept = self._cameras.get(camera, RoomSettings())
        given = {name: value for name, value in asdict(self._given).items() if value is not None}
        if self._given.tilt is None:
            del given["tilt_by"]
        self._show(replace(replace(kept, body_height=self._body), **given))

    def show_result(self, result: PoseResult) -> None:
        """Show and remember what *Level* found."""
        if self._pipeline.settings.room != self._window.room.settings:
            self._window.room.set_settings(self._pipeline.settings.room)
            self._keep(self._pipeline.settings.room)

    def remember(self) -> str:
        """All that is known, as text."""
        rooms = {name: _of_camera(room) for name, room in self._cameras.items()}
        return json.dumps({"body_height": self._body, "cameras": rooms})

    def _set(self, room: RoomSettings) -> None:
        self._keep(room)
        self._pipeline.settings = replace(self._pipeline.settings, room=room)

    def _tilt(self, pitch: float, roll: float) -> None:
        tilt = {"pitch": within("pitch", pitch), "roll": within("roll", roll)}
        room = replace(self._window.room.settings, **tilt, tilt_by="typed")
        self._show(room)
        self._keep(room)

    def _show(self, room: RoomSettings) -> None:
        self._window.room.set_settings(room)
        self._pipeline.settings = replace(self._pipeline.settings, room=room)

    def _keep(self, room: RoomSettings) -> None:
        self._body = room.body_height
        if self._camera:
            self._cameras[self._camera] = room


def parse(text: str) -> tuple[dict[str, RoomSettings], float | None]:
    """What ``remember`` wrote: rooms by camera, and the body height; nothing of damaged text."""
    try:
        data: Any = json.loads(text)
        body = RoomSettings(body_height=data["body_height"]).body_height
        return {name: RoomSettings(**said) for name, said in data["cameras"].items()}, body
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}, None


def _of_camera(room: RoomSettings) -> dict[str, object]:
    return {name: getattr(room, name) for name in OF_CAMERA}
