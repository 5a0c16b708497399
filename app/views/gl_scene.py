"""The OpenGL part of the 3D view: a floor, a body, its shadow, and a camera the mouse moves.

Importing this needs an OpenGL library; ``skeleton_view`` asks first. Knows meshes, not poses.
"""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph.opengl as gl
from PyQt6.QtGui import QColor, QSurfaceFormat
from pyqtgraph import Vector

from app.theme import Theme
from app.views.skeleton_mesh import Mesh

FRONT, TURN, TILT = (
    -90.0,
    18.0,
    10.0,
)  # degrees; first seen from the front, a little aside and above
CENTRE, DISTANCE = 0.92, 4.6  # m: height looked at, and from how far
WIDTH, HEIGHT = 1.9, 2.25  # m that are always in view there
FLOOR_RADIUS, FLOOR_STEP = 2.0, 0.25  # m


class GLScene(gl.GLViewWidget):  # type: ignore[misc]  # pyqtgraph has no types
    def __init__(self) -> None:
        super().__init__()
        smooth = QSurfaceFormat.defaultFormat()
        smooth.setSamples(4)
        self.setFormat(smooth)
        self._floor = gl.GLLinePlotItem(mode="lines", glOptions="translucent", antialias=True)
        self._shadow, self._body = _mesh_item(), _mesh_item()
        for item in (self._floor, self._shadow, self._body):
            self.addItem(item)
        self.reset_view()

    def set_theme(self, theme: Theme) -> None:
        self.setBackgroundColor(theme.scene)
        points, fade = _floor_lines()
        rgb = np.tile(QColor(theme.grid).getRgbF()[:3], (len(points), 1))
        self._floor.setData(pos=points, color=np.column_stack([rgb, fade]).astype(np.float32))

    def reset_view(self) -> None:
        self.setCameraPosition(
            pos=Vector(0, 0, CENTRE), distance=DISTANCE, elevation=TILT, azimuth=FRONT + TURN
        )

    def show_body(self, body: Mesh, shadow: Mesh) -> None:
        for item, mesh in ((self._body, body), (self._shadow, shadow)):
            data = gl.MeshData(mesh.vertices, mesh.faces, vertexColors=mesh.colours)
            item.setMeshData(meshdata=data)
            item.show()

    def clear_body(self) -> None:
        self._body.hide()
        self._shadow.hide()

    def resizeGL(self, width: int, height: int) -> None:  # noqa: N802
        """Keep WIDTH x HEIGHT in view whatever the shape of the pane."""
        half_width = max(WIDTH, HEIGHT * width / max(height, 1)) / 2
        self.opts["fov"] = math.degrees(2 * math.atan(half_width / DISTANCE))


def _mesh_item() -> gl.GLMeshItem:
    item = gl.GLMeshItem(computeNormals=False, glOptions="opaque")
    item.hide()
    return item


def _floor_lines() -> tuple[np.ndarray, np.ndarray]:
    """Line ends (N, 3) and their opacity (N,): a grid that fades away from the middle."""
    marks = np.arange(-FLOOR_RADIUS, FLOOR_RADIUS + FLOOR_STEP / 2, FLOOR_STEP)
    across, along = np.meshgrid(marks, marks[:-1])
    start = np.column_stack([across.ravel(), along.ravel()])
    segments = np.stack([start, start + np.array([0, FLOOR_STEP])], axis=1).reshape(-1, 2)
    flat = np.concatenate([segments, segments[:, ::-1]])
    fade = (1 - np.linalg.norm(flat, axis=1) / FLOOR_RADIUS).clip(0, 1)
    return np.column_stack([flat, np.zeros(len(flat))]).astype(np.float32), fade
