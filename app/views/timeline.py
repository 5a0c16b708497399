"""Joint angles over time, marks of what to look at, and a cursor to drag through the take.

Takes arrays and draws them; knows no session, no clock and no video.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor

from app.engine_texts import translated
from app.language import tr
from app.theme import Theme
from app.views.angles_view import title
from app.views.time_axis import ClockAxis, ScrubBox
from engine.session.markers import MARKS
from engine.skeleton import kind_of, side_of

STYLES = (  # one for each kind
    *(Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine),
    *(Qt.PenStyle.DashDotLine, Qt.PenStyle.DashDotDotLine),
)
HEIGHT, LANE, AXIS = 236, 104, 84  # pixels
NARROWEST = 6  # pixels, so that a mark of one frame is seen in an hour
TICK = 30  # degrees, to whole ones of which the angles' range goes
ZOOM = 0.5  # of the time in view, that a step of zooming leaves
FAINT, VEIL, SCREEN = 90, 45, 215  # opacity of 255: of the curves beside, of what colours a
# stretch, of what is behind the legend

Angles = Mapping[str, np.ndarray]  # name → (T,) degrees, NaN where unseen


class Timeline(pg.GraphicsLayoutWidget):  # type: ignore[misc]  # pyqtgraph has no types
    sought = pyqtSignal(float)  # seconds: clicked or dragged there

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(tr("Timeline"))
        self._theme = theme
        self._times = np.zeros(1)
        self._angles: Angles = {}
        self._beside: Angles = {}
        self._beside_title = ""
        self._drawn: list[tuple[pg.PlotItem, Any]] = []
        self._marks: Mapping[str, np.ndarray] = {}
        self._kinds: Sequence[str] = ()
        self._plot = self._add_plot(0)
        self._lane = self._add_plot(1)
        self._legend = self._plot.addLegend(offset=(-8, 4), colCount=3, verSpacing=-6)
        self._arrange()
        self.set_theme(theme)

    def _add_plot(self, row: int) -> pg.PlotItem:
        plot = self.addPlot(
            row=row,
            col=0,
            viewBox=ScrubBox(self.sought.emit),
            axisItems={"bottom": ClockAxis()},
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
        self._plot.setLabel("left", tr("angle, degrees"))
        self._lane.setLabel("bottom", tr("time, minutes:seconds"))
        self._plot.getAxis("left").setTickSpacing(TICK * 2, TICK)
        self._plot.getAxis("bottom").setStyle(showValues=False)
        self._plot.setDownsampling(auto=True, mode="subsample")
        self._plot.setClipToView(True)
        self._lane.setXLink(self._plot)
        self._lane.setMaximumHeight(LANE)
        self._lane.setYRange(-0.6, len(MARKS) - 0.4, padding=0)
        rows = [(len(MARKS) - 1 - row, translated(kind)) for row, kind in enumerate(MARKS)]
        self._lane.getAxis("left").setTicks([rows])

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.window)
        self._legend.setLabelTextColor(theme.muted)
        self._legend.setBrush(_faint(theme.window, SCREEN))
        for plot in (self._plot, self._lane):
            plot.cursor_line.setPen(pg.mkPen(theme.text, width=1))
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.border)
                plot.getAxis(side).setTextPen(theme.muted)
        self._draw()

    def show_take(
        self,
        times: np.ndarray,
        angles: Angles,
        marks: Mapping[str, np.ndarray],
        beside: Angles | None = None,
        beside_title: str = "",
    ) -> None:
        """times: (T,) seconds; marks: one of MARKS → (N, 2) seconds, start and end; beside: what
        another result of that title has, drawn faintly."""
        self._times, self._angles, self._marks = times, angles, marks
        self._beside, self._beside_title = beside or {}, beside_title
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

    @property
    def position(self) -> float:
        """Seconds."""
        return float(self._plot.cursor_line.value())

    def zoom(self, steps: int) -> None:
        """Zoom in (steps above 0) or out, around the cursor."""
        box, share = self._plot.getViewBox(), ZOOM**steps
        box.scaleBy(x=share, center=pg.Point(self.position, 0))

    def next_mark(self, forward: bool) -> float | None:
        """Seconds, where the next mark from the cursor begins; None where there is none."""
        starts = np.concatenate([np.zeros(0), *(spans[:, 0] for spans in self._marks.values())])
        ahead = starts - self.position if forward else self.position - starts
        ahead = ahead[ahead > 1e-3]
        step = float(ahead.min()) if len(ahead) else None
        return None if step is None else self.position + (step if forward else -step)

    def _draw(self) -> None:
        for plot, item in self._drawn:
            plot.removeItem(item)
        self._drawn.clear()
        self._legend.clear()
        low, high = self._set_range()
        for kind, colour in (("gaps", self._theme.danger), ("filled", self._theme.accent)):
            self._draw_veil(self._marks.get(kind), low, high, _faint(colour, VEIL))
        for name, values, style in self._chosen(self._beside):
            self._draw_curve(values, _faint(self._theme.sides[side_of(name)], FAINT), style)
        for name, values, style in self._chosen(self._angles):
            colour = self._theme.sides[side_of(name)]
            self._draw_curve(values, QColor(colour), style, _title(name))
        if self._beside and self._kinds:
            sample = pg.PlotDataItem(pen=pg.mkPen(_faint(self._theme.text, FAINT)))
            self._legend.addItem(sample, self._beside_title)
        theme = self._theme
        colours = (theme.danger, theme.accent, theme.sides["right"], theme.accent)
        for row, kind in enumerate(MARKS):
            self._draw_marks(self._marks.get(kind), len(MARKS) - 1 - row, colours[row])

    def _chosen(self, angles: Angles) -> Iterator[tuple[str, np.ndarray, Qt.PenStyle]]:
        for name, values in angles.items():
            if (kind := kind_of(name)) in self._kinds:
                yield name, values, STYLES[self._kinds.index(kind)]

    def _set_range(self) -> tuple[float, float]:
        """Fit the vertical axis to the chosen curves over the whole take; returns its limits."""
        chosen = [
            values
            for angles in (self._angles, self._beside)
            for _, values, _ in self._chosen(angles)
        ]
        known = np.concatenate([np.zeros(1), *chosen])
        low = float(np.nanmin(known) // TICK * TICK)
        high = max(float(-(-np.nanmax(known) // TICK) * TICK), low + 2 * TICK)
        self._plot.setYRange(low, high, padding=0.02)
        return low, high

    def _draw_curve(
        self, values: np.ndarray, colour: QColor, style: Qt.PenStyle, name: str | None = None
    ) -> None:
        curve = pg.PlotDataItem(
            self._times, values, pen=pg.mkPen(colour, width=1, style=style), connect="finite"
        )
        self._add(self._plot, curve)
        if name:
            self._legend.addItem(curve, name)

    def _draw_veil(self, spans: np.ndarray | None, low: float, high: float, colour: QColor) -> None:
        if spans is None or not len(spans):
            return
        start, end = spans.T
        veil = pg.BarGraphItem(
            x0=start, x1=end, y0=low, y1=high, brush=colour, pen=pg.mkPen(colour)
        )
        self._add(self._plot, veil)

    def _draw_marks(self, spans: np.ndarray | None, row: int, colour: str) -> None:
        if spans is None or not len(spans):
            return
        ends = spans + np.array([0, 1e-3])  # Qt draws no line without a length
        pen = pg.mkPen(colour, width=NARROWEST, cosmetic=True)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        heights = np.full(ends.size, float(row))
        self._add(self._lane, pg.PlotDataItem(ends.ravel(), heights, pen=pen, connect="pairs"))

    def _add(self, plot: pg.PlotItem, item: Any) -> None:
        plot.addItem(item, ignoreBounds=True)
        self._drawn.append((plot, item))


def _faint(colour: str, opacity: int) -> QColor:
    """opacity: of 255."""
    faint = QColor(colour)
    faint.setAlpha(opacity)
    return faint


def _title(name: str) -> str:
    """``left_knee_flexion`` → Knee flexion, left."""
    sides = [] if side_of(name) == "middle" else [tr(side_of(name))]
    return ", ".join([title(kind_of(name)), *sides])
