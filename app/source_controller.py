"""Opens sources: the first one and those chosen; remembers the mode of each camera."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.language import later, tr
from app.main_window import MainWindow
from app.panels.source_panel import Source
from app.room_controller import RoomController
from app.settings import Settings
from engine.pipeline.pipeline import Pipeline
from engine.pipeline.status import PipelineStatus
from engine.sources.capture import DEMO, Camera, Mode, find_camera, list_modes

NO_CAMERA = later("No camera found: playing the demo clip.")


class SourceController(QObject):
    opening = pyqtSignal()  # a source was chosen: whatever else is shown gives way
    _modes_found = pyqtSignal(object)  # of a camera, from the thread that opens it

    def __init__(
        self,
        window: MainWindow,
        pipeline: Pipeline,
        room: RoomController,
        find_cameras: Callable[[], Sequence[Camera]],
        remembered: Settings,
        mode_typed: bool,
    ) -> None:
        """mode_typed: no camera is asked for its remembered mode, until another is chosen."""
        super().__init__()
        self._window, self._pipeline, self._room = window, pipeline, room
        self._panel, self._find_cameras = window.source, find_cameras
        self._remembered, self._mode_typed = remembered.camera, mode_typed
        self._modes = parse_modes(remembered.modes)
        self._failed: Source | None = None
        self._panel.source_chosen.connect(self.open)
        self._panel.list_wanted.connect(self._list_cameras)
        self._panel.modes_wanted.connect(self._list_modes)
        self._panel.mode_chosen.connect(self._choose_mode)
        self._modes_found.connect(self._panel.set_modes)

    def begin(self, source: Source | None) -> None:
        """Open that source, or else the one there is."""
        self._list_cameras()
        self.open(self._first() if source is None else source)

    def open(self, source: Source) -> None:
        """Show another source, unless a take is being recorded: it is of one source."""
        if self._refuses():
            return
        self.opening.emit()
        self._panel.set_source(source)
        self._prepare()
        self._pipeline.set_source(source)

    def show_status(self, status: PipelineStatus) -> None:
        """The panel shows what still runs where another source did not open."""
        failed, self._failed = self._failed, status.failed
        if self._failed is not None and self._failed != failed:
            self._prepare()

    def _refuses(self) -> bool:
        """Whether a take is being recorded, which is told, and the panel shows its source."""
        recording = self._pipeline.status.recording is not None
        if recording:
            self._window.banner.tell(
                tr("A take is being recorded: stop it (R), then change the source.")
            )
            self._panel.set_source(self._panel.source)
        return recording

    def _prepare(self) -> None:
        """What is known of the source that the panel shows is what holds."""
        self._room.open(self._panel.camera)
        if not self._mode_typed:
            self._ask_as_remembered()

    def _ask_as_remembered(self) -> None:
        mode = self._modes.get(self._panel.camera)
        self._panel.show_mode(mode)
        size, rate = (mode.size, mode.rate) if mode else (None, None)
        self._pipeline.ask_cameras(size, rate)

    def remember(self) -> str:
        """The mode chosen of each camera, as text."""
        return json.dumps({camera: astuple(mode) for camera, mode in self._modes.items()})

    def _first(self) -> Source:
        """The remembered camera, else the first one, else the demo clip, and then say so."""
        cameras = self._find_cameras()
        if not cameras:
            self._window.banner.tell(tr(NO_CAMERA))
            return DEMO
        remembered = [camera.index for camera in cameras if camera.name == self._remembered]
        return (remembered or [cameras[0].index])[0]

    def _list_cameras(self) -> None:
        self._panel.set_cameras(self._find_cameras())

    def _list_modes(self) -> None:
        """Asked of the camera that is shown, which is closed for that and opened again."""
        if self._refuses():
            return
        camera = find_camera(self._panel.camera)
        self._pipeline.set_source(
            camera.index, between=lambda: self._modes_found.emit(list_modes(camera))
        )

    def _choose_mode(self, mode: Mode) -> None:
        if self._refuses():
            self._panel.show_mode(self._modes.get(self._panel.camera))
            return
        self._modes[self._panel.camera], self._mode_typed = mode, False
        self._ask_as_remembered()
        self._pipeline.set_source(self._panel.source, between=lambda: None)


def parse_modes(text: str) -> dict[str, Mode]:
    """What ``remember`` wrote: modes by camera; nothing of damaged text."""
    try:
        data: Any = json.loads(text)
        return {
            camera: Mode((int(width), int(height)), float(rate), str(fourcc))
            for camera, ((width, height), rate, fourcc) in data.items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}
