"""Draws the boxes of people, with their numbers and states, in pixels of the screen.

The line of a box says how sure it is, the label says it in words; colour only helps.
"""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QTransform

from app.language import tr
from app.views.people import label, own_colours
from engine.types import Box, PoseResult

LINES = {
    "tracking": Qt.PenStyle.SolidLine,
    "confirming": Qt.PenStyle.DotLine,
    "unsure": Qt.PenStyle.DashDotLine,
}
OTHER_WIDTH, WIDTH, SUBJECT_WIDTH = 1.0, 2.0, 4.0  # pixels
HALO = 2.0  # pixels, that the dark edge adds
BAR = 6.0  # pixels
PLAIN = "#d5d9e0"  # one person alone, and whoever is not followed
INK, SHADE = QColor("#0b0d10"), QColor(0, 0, 0, 170)


def paint_people(painter: QPainter, result: PoseResult, to_view: QTransform) -> None:
    """to_view: frame pixels → the painter's."""
    height, width = result.frame.image.shape[:2]
    picture = to_view.mapRect(QRectF(0, 0, width, height))

    def placed(box: Box) -> QRectF:
        place = QRectF(QPointF(box.x1, box.y1), QPointF(box.x2, box.y2))
        return to_view.mapRect(place) & picture

    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # lines along the axes need none
    for box in result.others:
        _paint_box(painter, placed(box), PLAIN, OTHER_WIDTH, Qt.PenStyle.DashLine)
    colours = own_colours(result.people)
    several = len(result.people) + len(result.others) > 1
    for person in result.people:
        marked = several and person is result.subject
        colour, place = colours.get(person.id, PLAIN), placed(person.box)
        thickness = SUBJECT_WIDTH if marked else WIDTH
        _paint_box(painter, place, colour, thickness, LINES[person.state])
        text = label(person.id, tr(person.state), subject=marked)
        _paint_label(painter, place, text, colour, marked)
    painter.restore()


def _paint_box(
    painter: QPainter, place: QRectF, colour: str, width: float, line: Qt.PenStyle
) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(SHADE, width + HALO), QPen(QColor(colour), width, line)):
        painter.setPen(pen)
        painter.drawRect(place)


def _paint_label(painter: QPainter, box: QRectF, text: str, colour: str, marked: bool) -> None:
    """On the box, or in it where it reaches out of the view; light on dark, or marked the reverse.

    The colour is a bar before the text, which so is legible in all of them.
    """
    size, view = painter.fontMetrics().size(0, text), QRectF(painter.viewport())
    place = QRectF(0, 0, size.width() + BAR + 10, size.height() + 2)
    place.moveBottomLeft(box.topLeft())
    place.moveTop(max(place.top(), view.top()))
    place.moveLeft(max(min(place.left(), view.right() - place.width()), view.left()))
    painter.fillRect(place, QColor(PLAIN) if marked else SHADE)
    painter.fillRect(QRectF(place.topLeft(), QSizeF(BAR, place.height())), QColor(colour))
    painter.setPen(INK if marked else QColor(PLAIN))
    painter.drawText(place.adjusted(BAR, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, text)
