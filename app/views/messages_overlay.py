"""Draws words over the picture, in pixels of the screen: one line at its foot, a countdown."""

from __future__ import annotations

from PyQt6.QtCore import QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter


def paint_message(painter: QPainter, area: QRectF, text: str) -> None:
    """One line at the foot of ``area``."""
    size = painter.fontMetrics().size(0, text)
    pill = QRectF(0, 0, size.width() + 28, size.height() + 14)
    pill.moveCenter(area.center())
    pill.moveBottom(area.bottom() - 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.setPen(QColor(255, 255, 255, 220))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def paint_countdown(painter: QPainter, area: QRect, left: int) -> None:
    """Seconds, large, in the middle of ``area``."""
    font = painter.font()
    font.setPixelSize(max(area.height() // 4, 12))
    painter.setFont(font)
    for shift, colour in ((3, QColor(0, 0, 0, 160)), (0, QColor(255, 255, 255, 235))):
        painter.setPen(colour)
        painter.drawText(area.translated(shift, shift), Qt.AlignmentFlag.AlignCenter, str(left))
