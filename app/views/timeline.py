"""Joint angles over time, marks of what to look at, and a cursor to drag through the take.

Takes arrays and draws them; knows no session, no clock and no video.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt, pyqtSignal

from app.theme import Theme
from engine.skeleton import side_of

MARKS = ("gaps", "swaps", "low scores")  # rows from top to bottom
STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)  # one for each kind
HEIGHT, LANE, AXIS = 190, 74, 76  # pixels
NARROWEST = 6  # pixels, so that a mark of one frame is seen in an hour


class Timeline(pg.GraphicsLayoutWidget):  # type: ignore[misc]  # pyqtgraph has no types
    sought = pyqtSignal(float)  # seconds: clicked or dragged there

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self._theme = theme
        self._times, self._angles = np.zeros(0), dict[str, np.ndarray]()
        self._marks: Mapping[str, np.ndarray] = {}
        self._kinds: Sequence[str] = ()
        self._plot = self._add_plot(0)
        self._lane = self._add_plot(1)
        self._arrange()
        self.set_theme(theme)

    def _add_plot(self, row: int) -> pg.PlotItem:
        plot = self.addPlot(
            row=row,
            col=0,
            viewBox=_ScrubBox(self.sought.emit),
            axisItems={"bottom": _ClockAxis()},
        )
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=True, y=False)
        plot.getAxis("left").setWidth(AXIS)
        cursor = pg.InfiniteLine(angle=90)
        plot.addItem(cursor, ignoreBounds=True)
        plot.cursor_line = cursor
        return plot

    def _arrange(self) -> None:
        self.ci.setContentsMargins(0, 4, 12, 0)
        self.ci.setSpacing(0)
        self._plot.getAxis("bottom").setStyle(showValues=False)
        self._plot.setDownsampling(auto=True, mode="subsample")
        self._plot.setClipToView(True)
        self._lane.setXLink(self._plot)
        self._lane.setMaximumHeight(LANE)
        self._lane.setYRange(-0.6, len(MARKS) - 0.4, padding=0)
        rows = [(len(MARKS) - 1 - row, kind) for row, kind in enumerate(MARKS)]
        self._lane.getAxis("left").setTicks([rows])

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.window)
        for plot in (self._plot, self._lane):
            plot.cursor_line.setPen(pg.mkPen(theme.text, width=1))
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.border)
                plot.getAxis(side).setTextPen(theme.muted)
        self._draw()

    def show_take(
        self, times: np.ndarray, angles: Mapping[str, np.ndarray], marks: Mapping[str, np.ndarray]
    ) -> None:
        """times: (T,) seconds; angles: name → (T,) degrees, NaN where unseen; marks: one of MARKS →
        (N, 2) seconds, start and end."""
        self._times, self._angles, self._marks = times, dict(angles), marks
        self._draw()
        end = max(float(times[-1]), 1e-3)
        self._plot.setLimits(xMin=0, xMax=end, minXRange=min(0.2, end))
        self._plot.setXRange(0, end, padding=0)

    def choose(self, kinds: Sequence[str]) -> None:
        """Which angles: ``knee_flexion`` stands for that of both sides."""
        self._kinds = kinds
        self._draw()

    def set_position(self, seconds: float) -> None:
        for plot in (self._plot, self._lane):
            plot.cursor_line.setValue(seconds)

    def _draw(self) -> None:
        for plot in (self._plot, self._lane):
            for item in plot.listDataItems():
                plot.removeItem(item)
        for name, values in self._angles.items():
            side = side_of(name)
            kind = name.removeprefix(f"{side}_")
            if kind in self._kinds:
                style = STYLES[self._kinds.index(kind) % len(STYLES)]
                pen = pg.mkPen(self._theme.sides[side], width=1, style=style)
                self._plot.plot(self._times, values, pen=pen, connect="finite")
        colours = (self._theme.danger, self._theme.accent, self._theme.sides["right"])
        for row, kind in enumerate(MARKS):
            self._draw_marks(self._marks.get(kind), len(MARKS) - 1 - row, colours[row])
        self._plot.enableAutoRange(axis="y")

    def _draw_marks(self, spans: np.ndarray | None, row: int, colour: str) -> None:
        if spans is None or not len(spans):
            return
        ends = spans + np.array([0, 1e-3])  # Qt draws no line without a length
        pen = pg.mkPen(colour, width=NARROWEST, cosmetic=True)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        heights = np.full(ends.size, float(row))
        self._lane.addItem(pg.PlotDataItem(ends.ravel(), heights, pen=pen, connect="pairs"))


def clock(seconds: float) -> str:
    """``1:02:03.45``; without hours where there are none."""
    minutes, rest = divmod(round(seconds * 100), 6000)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 100:02d}.{rest % 100:02d}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes:02d}:{tail}"


class _ClockAxis(pg.AxisItem):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__("bottom")
        self.enableAutoSIPrefix(False)

    def tickStrings(  # noqa: N802
        self, values: Sequence[float], scale: float, spacing: float
    ) -> list[str]:
        return [clock(value).removesuffix(".00") for value in values]


class _ScrubBox(pg.ViewBox):  # type: ignore[misc]
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
