"""A picture of the running window, and out: ``--screenshot``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer

from app.controller import Controller
from app.headless import NOT_SAVED
from app.signals import BAD_INPUT
from engine.pipeline.status import PipelineStatus


class Photographer(QObject):
    """Waits for so many painted results, saves the window and leaves."""

    def __init__(
        self, controller: Controller, path: Path, after: int, leave: Callable[[int], None]
    ) -> None:
        super().__init__(controller)
        self._window, self._path, self._left, self._leave = controller.window, path, after, leave
        self._choice, self._failed = controller.choice, False
        self._window.video.frame_painted.connect(self._count)
        controller.bridge.status_changed.connect(self._check)

    def _count(self) -> None:
        self._left -= 1
        if self._left == 0:
            QTimer.singleShot(0, self._save)  # the 3D view paints after the video

    def _save(self) -> None:
        if self._window.grab().save(str(self._path)):
            self._leave(0)
        else:
            self._fail(NOT_SAVED.format(self._path))

    def _check(self, status: PipelineStatus) -> None:
        """Leave when no result can come any more."""
        if not (status.backbone or status.loading or self._choice.choosing):
            self._fail(status.message or "No backbone runs.")
        elif status.message and status.source_state in ("none", "opening", "ended"):
            self._fail(status.message)

    def _fail(self, message: str) -> None:
        """Once: more messages about the same may come until the program ends."""
        if not self._failed:
            self._failed = True
            print(message, file=sys.stderr)
            self._leave(BAD_INPUT)
