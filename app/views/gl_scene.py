"""The OpenGL part of the 3D view: a floor, bodies, their shadows, and a camera the mouse moves.

Importing this needs an OpenGL library; ``skeleton_view`` asks first. Knows meshes, not poses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph.opengl as gl
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QSurfaceFormat, QVector3D, QWheelEvent
from PyQt6.QtOpenGL import QOpenGLPaintDevice
from pyqtgraph import Vector

from app.theme import Theme
from app.views.skeleton_mesh import Mesh

FRONT, TURN, TILT = -90.0, 18.0, 10.0  # degrees: first seen from the front, a little aside, above
LOWEST = 1.0  # degrees above the floor
NEAREST, FARTHEST = 1.0, 20.0  # m
CENTRE, DISTANCE = 0.92, 4.6  # m: height looked at, and from how far
WIDTH, HEIGHT = 1.9, 2.25  # m that are always in view there
EASE = 0.15  # of the way to another width that is made with each result
NAME_SIZE, NAME_WIDTH = 15, 200.0  # pixels: how high, and how wide at most
NAME_PLACE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
FLOOR_RADIUS, FLOOR_STEP = 3.0, 0.5  # m; every second line is a whole metre
HALF = 0.4  # opacity of the lines between
TRAIL_WIDTH = 3.0  # pixels

Name = tuple[str, np.ndarray]  # and where it is written, (3,) metres


class GLScene(gl.GLViewWidget):  # type: ignore[misc]  # pyqtgraph has no types
    def __init__(self) -> None:
        super().__init__()
        smooth = QSurfaceFormat.defaultFormat()
        smooth.setSamples(4)
        self.setFormat(smooth)
        self._floor = gl.GLLinePlotItem(mode="lines", glOptions="translucent", antialias=True)
        self._trail = gl.GLLinePlotItem(
            mode="line_strip", width=TRAIL_WIDTH, glOptions="translucent", antialias=True
        )
        self._theme: Theme | None = None
        self._shadow, self._body = _mesh_item(), _mesh_item()
        self._veil = _mesh_item("translucent")
        self.names: Sequence[Name] = ()
        self._font, self._ink = QFont(), QColor()
        self._font.setPixelSize(NAME_SIZE)
        for item in (self._floor, self._trail, self._shadow, self._body, self._veil):
            self.addItem(item)
        self._width = WIDTH
        self.reset_view()

    def set_theme(self, theme: Theme) -> None:
        self.setBackgroundColor(theme.scene)
        self._theme, self._ink = theme, QColor(theme.text)
        self.show_floor(np.zeros(2), np.zeros((0, 3)))

    def reset_view(self) -> None:
        self.setCameraPosition(
            pos=Vector(0, 0, CENTRE), distance=DISTANCE, elevation=TILT, azimuth=FRONT + TURN
        )

    def orbit(self, azim: float, elev: float) -> None:
        """Degrees; never from below the floor."""
        super().orbit(azim, elev)
        self.opts["elevation"] = max(self.opts["elevation"], LOWEST)

    def pan(self, dx: float, dy: float, dz: float, relative: str = "global") -> None:
        """As pyqtgraph's, within reach of the floor and never below it."""
        super().pan(dx, dy, dz, relative)
        centre = self.opts["center"]
        reach, high = FLOOR_RADIUS, 2 * CENTRE
        x, y = (min(max(value, -reach), reach) for value in (centre.x(), centre.y()))
        self.opts["center"] = Vector(x, y, min(max(centre.z(), 0.0), high))

    def zoom(self, factor: float) -> None:
        distance = self.opts["distance"] * factor
        self.opts["distance"] = min(max(distance, NEAREST), FARTHEST)
        self.update()

    def wheelEvent(self, event: QWheelEvent | None) -> None:  # noqa: N802
        assert event is not None
        turned = event.angleDelta()
        self.zoom(0.999 ** (turned.x() or turned.y()))

    def look_from_above(self) -> None:
        self.setCameraPosition(distance=DISTANCE, elevation=90, azimuth=FRONT)

    def show_floor(self, centre: np.ndarray, trail: np.ndarray) -> None:
        """centre: (2,) metres, where in the room the middle of the view is; trail: (N, 3) metres,
        the way somebody went, ends at the person."""
        assert self._theme is not None
        points, fade = _floor_lines(centre)
        self._floor.setData(pos=points, color=_faded(self._theme.grid, fade))
        self._trail.setVisible(len(trail) > 1)
        if len(trail) > 1:
            fade = np.linspace(0, 1, len(trail))
            self._trail.setData(pos=trail, color=_faded(self._theme.accent, fade))

    def show_people(
        self, body: Mesh, shadow: Mesh, veil: Mesh | None, names: Sequence[Name]
    ) -> None:
        """veil: lets through what is behind it; None for none."""
        self.names = names
        self._veil.hide()
        for item, mesh in ((self._body, body), (self._shadow, shadow), (self._veil, veil)):
            if mesh is None:
                continue
            data = gl.MeshData(mesh.vertices, mesh.faces, vertexColors=mesh.colours)
            item.setMeshData(meshdata=data)
            item.show()

    def clear_people(self) -> None:
        self.names = ()
        for item in (self._body, self._shadow, self._veil, self._trail):
            item.hide()

    def paintGL(self) -> None:  # noqa: N802
        super().paintGL()
        if self.names:
            self._write_names()

    def _write_names(self) -> None:
        """Into the picture itself: a painter of the widget leaves out a grabbed window."""
        ratio = self.devicePixelRatioF()
        device = QOpenGLPaintDevice(self.size() * ratio)
        device.setDevicePixelRatio(ratio)
        painter = QPainter(device)
        painter.setFont(self._font)
        painter.setPen(self._ink)
        to_screen = self.currentProjection() * self.currentModelView()
        for text, place in self.names:
            seen = to_screen.map(QVector3D(*place.tolist()))
            x, y = (1 + seen.x()) / 2 * self.width(), (1 - seen.y()) / 2 * self.height()
            above = QRectF(x - NAME_WIDTH / 2, 0, NAME_WIDTH, y)
            painter.drawText(above, NAME_PLACE, text)
        painter.end()

    def hold(self, aside: float) -> None:
        """Let people so many metres to the left or right be in view too, before long."""
        self._width += (WIDTH + 2 * aside - self._width) * EASE
        self._fit()

    def resizeGL(self, width: int, height: int) -> None:  # noqa: N802
        self._fit()

    def _fit(self) -> None:
        """Keep so much in view whatever the shape of the pane."""
        half_width = max(self._width, HEIGHT * self.width() / max(self.height(), 1)) / 2
        self.opts["fov"] = math.degrees(2 * math.atan(half_width / DISTANCE))


def _mesh_item(drawn: str = "opaque") -> gl.GLMeshItem:
    item = gl.GLMeshItem(computeNormals=False, glOptions=drawn)
    item.hide()
    return item


def _floor_lines(centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Line ends (N, 3) and their opacity (N,): a grid of the room that fades away from the middle.

    centre: (2,) metres, where in the room that is.
    """
    steps = round(FLOOR_RADIUS / FLOOR_STEP)
    first = np.floor(centre / FLOOR_STEP).astype(int)
    marks = np.arange(-steps, steps + 1)
    lines = []
    for axis in (0, 1):
        place = (first[axis] + marks) * FLOOR_STEP - centre[axis]
        along = (first[1 - axis] + marks) * FLOOR_STEP - centre[1 - axis]
        across, start = np.meshgrid(place, along[:-1])
        ends = np.stack([start, start + FLOOR_STEP], axis=-1).ravel()
        pair = (across.ravel().repeat(2), ends)
        whole = np.tile((first[axis] + marks) % 2 == 0, len(along) - 1).repeat(2)
        lines.append(np.column_stack([*pair[:: 1 - 2 * axis], np.where(whole, 1.0, HALF)]))
    x, y, strength = np.concatenate(lines).T
    fade = strength * (1 - np.hypot(x, y) / FLOOR_RADIUS).clip(0, 1)
    return np.column_stack([x, y, np.zeros(len(x))]).astype(np.float32), fade


def _faded(colour: str, opacity: np.ndarray) -> np.ndarray:
    """(N, 4) float32 RGBA of one colour."""
    rgb = np.tile(QColor(colour).getRgbF()[:3], (len(opacity), 1))
    return np.column_stack([rgb, opacity]).astype(np.float32)
