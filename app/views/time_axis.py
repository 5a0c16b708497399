"""Time along a plot: how it is written, and how the mouse moves in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyqtgraph as pg
from PyQt6.QtCore import Qt


def clock(seconds: float) -> str:
    """``1:02:03.45``; without hours where there are none."""
    minutes, rest = divmod(round(seconds * 100), 6000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 100:02d}.{rest % 100:02d}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes:02d}:{tail}"


class ClockAxis(pg.AxisItem):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__("bottom")
        self.enableAutoSIPrefix(False)

    def tickStrings(  # noqa: N802
        self, values: Sequence[float], scale: float, spacing: float
    ) -> list[str]:
        return [clock(value).removesuffix(".00") for value in values]


class ScrubBox(pg.ViewBox):  # type: ignore[misc]
    """The left button seeks, the wheel zooms, the right button moves."""

    def __init__(self, seek: Callable[[float], None]) -> None:
        super().__init__(enableMenu=False)
        self._seek = seek

    def mouseClickEvent(self, event: Any) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek_to(event)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:  # noqa: N802
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            self._seek_to(event)
        elif not event.isStart():
            moved = self.mapToView(event.lastPos()) - self.mapToView(event.pos())
            self.translateBy(x=moved.x())

    def _seek_to(self, event: Any) -> None:
        self._seek(self.mapSceneToView(event.scenePos()).x())
