"""The horizon over the picture: where it is for a camera's tilt, and the tilt of where it is.

Knows geometry and a painter, no widget.
"""

from __future__ import annotations

import math

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from engine.space.horizon import tilt_of, up_of
from engine.types import CameraView

NEAR = 8.0  # pixels of the screen, within which it is taken hold of
MIDDLE = 1 / 3  # of the width: dragged there it moves, dragged at its ends it turns
_INK, _SHADE = QColor("#ffd166"), QColor(0, 0, 0, 130)


def horizon(camera: CameraView | None, size: tuple[int, int]) -> QLineF | None:
    """From the left edge to the right, frame pixels; None where the tilt is a guess or unknown.

    size: width and height of the frame.
    """
    if camera is None or camera.pitch_deg is None or not camera.focal_px:
        return None
    if camera.sources.get("pitch_deg") == "guess":
        return None
    x, y, z = up_of(camera.pitch_deg, camera.roll_deg or 0.0).tolist()
    focal, (width, height) = camera.focal_px, size
    ends = [
        QPointF(px, height / 2 - focal * (z + x * (px - width / 2) / focal) / y)
        for px in (0.0, float(width))
    ]
    return QLineF(*ends)


def dragged(line: QLineF, start: QPointF, now: QPointF, size: tuple[int, int]) -> QLineF:
    """The horizon after its point at ``start`` was dragged to ``now``."""
    down, width = now.y() - start.y(), size[0]
    if abs(start.x() - width / 2) < MIDDLE * width / 2:
        return line.translated(0, down)
    turned = down * (width / 2) / (start.x() - width / 2)
    return QLineF(line.p1() - QPointF(0, turned), line.p2() + QPointF(0, turned))


def tilt_by(line: QLineF, focal: float, size: tuple[int, int]) -> tuple[float, float]:
    """Pitch and roll, degrees, of a camera that has the horizon there."""
    width, height = size
    rays = [
        np.array([(p.x() - width / 2) / focal, (p.y() - height / 2) / focal, 1.0])
        for p in (line.p1(), line.p2())
    ]
    pitch, roll = tilt_of(np.cross(rays[1], rays[0]))
    return round(pitch, 1), round(roll, 1)


def paint_horizon(painter: QPainter, line: QLineF) -> None:
    """line: in pixels of the painter."""
    for colour, width in ((_SHADE, 3.0), (_INK, 1.2)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.DashLine))
        painter.drawLine(line)


def is_near(line: QLineF, point: QPointF) -> bool:
    """Whether a point of the screen takes hold of the line."""
    share = (point.x() - line.x1()) / (line.dx() or math.inf)
    return 0 <= share <= 1 and abs(line.pointAt(share).y() - point.y()) <= NEAR
