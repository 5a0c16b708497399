"""Draws a Pose2D with vector strokes, through a painter that maps frame pixels to the screen."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QLineF, QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from app.views.skeleton_style import bone_strengths, joint_sides, strengths
from engine.types import Pose2D

_HALO = 1.8  # width of the dark edge that keeps a stroke readable on any picture, in stroke widths
_HALO_ALPHA = 0.45
_DOT = 0.95  # radius of a joint, in stroke widths


def paint_skeleton(
    painter: QPainter,
    pose: Pose2D,
    width: float,
    threshold: float,
    colours: Mapping[str, str],
    person: str = "",
) -> None:
    """Bones, then joints, each coloured by side and faded by score; what is unseen is left out.

    width: of a bone's stroke, frame pixels. person: the colour of the joints, where whose they are
    has to be told.
    """
    joints = strengths(pose.scores, threshold)
    bones = bone_strengths(joints, pose.skeleton)
    points = [QPointF(x + 0.5, y + 0.5) for x, y in pose.keypoints.tolist()]  # pixel centres
    lines = [QLineF(points[a], points[b]) for a, b in pose.skeleton.bone_indices.tolist()]
    strokes = [
        (line, strength, colours[side])
        for line, strength, side in zip(lines, bones, pose.skeleton.bone_sides, strict=True)
        if strength
    ]
    for line, strength, _ in strokes:
        painter.setPen(_pen("#000000", strength * _HALO_ALPHA, width * _HALO))
        painter.drawLine(line)
    for line, strength, colour in strokes:
        painter.setPen(_pen(colour, strength, width))
        painter.drawLine(line)
    for point, strength, side in zip(points, joints, joint_sides(pose.skeleton), strict=True):
        if strength:
            painter.setPen(_pen("#000000", strength * _HALO_ALPHA, width * (_HALO - 1) / 2))
            painter.setBrush(_colour(person or colours[side], strength).lighter(115))
            painter.drawEllipse(point, width * _DOT, width * _DOT)


def _pen(colour: str, alpha: float, width: float) -> QPen:
    return QPen(_colour(colour, alpha), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def _colour(colour: str, alpha: float) -> QColor:
    shade = QColor(colour)
    shade.setAlphaF(float(alpha))
    return shade
