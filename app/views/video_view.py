"""The picture with the skeleton over it: takes a PoseResult and draws it, and does nothing else."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent, QTransform
from PyQt6.QtWidgets import QWidget

from app.theme import DARK
from app.views.skeleton_overlay import paint_skeleton
from engine.types import Frame, PoseResult

BACKGROUND = "#0b0d10"  # around a picture it is dark in both themes
STROKE = 1 / 125  # width of a bone, in heights of the picture
THINNEST = 2.0  # screen pixels


class VideoView(QWidget):
    """The newest result, as large as fits."""

    frame_painted = pyqtSignal(float)  # timestamp of a frame that has just been shown first

    def __init__(self, threshold: float = 0.3, mirror: bool = False) -> None:
        super().__init__()
        self.setMinimumSize(QSize(240, 180))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._threshold, self._mirror, self._paused = threshold, mirror, False
        self._result: PoseResult | None = None
        self._image = QImage()
        self._is_new = False
        self._countdown = 0

    def show_result(self, result: PoseResult) -> None:
        self._result, self._image, self._is_new = result, _copy(result.frame), True
        self.update()

    def set_mirror(self, mirror: bool) -> None:
        self._mirror = mirror
        self.update()

    def set_threshold(self, threshold: float) -> None:
        self._threshold = threshold
        self.update()

    def set_paused(self, paused: bool) -> None:
        """Say so over the picture."""
        self._paused = paused
        self.update()

    def show_countdown(self, left: int) -> None:
        """Seconds until a take begins, large; 0 for none."""
        self._countdown = left
        self.update()

    def clear(self) -> None:
        """Forget the picture: the next one comes from elsewhere."""
        self._result, self._paused = None, False
        self.update()

    def to_view(self) -> QTransform:
        """Frame pixels → this widget's pixels, mirrored where the view is."""
        size = self._image.size()
        scale = min(self.width() / size.width(), self.height() / size.height())
        transform = QTransform.fromTranslate(self.width() / 2, self.height() / 2)
        transform.scale(-scale if self._mirror else scale, scale)
        return transform.translate(-size.width() / 2, -size.height() / 2)

    def picture_area(self) -> QRectF:
        """Where the picture is, in this widget's pixels."""
        return self.to_view().mapRect(QRectF(self._image.rect()))

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.fillRect(self.rect(), QColor(BACKGROUND))
        if self._result is None:
            self._paint_hint(painter, QRectF(self.rect()), "Waiting for the first picture…")
            return
        self._paint_result(painter, self._result)
        if self._paused:
            self._paint_hint(painter, self.picture_area(), "Paused")
        elif not self._result.people:
            self._paint_hint(painter, self.picture_area(), "No one in view")
        if self._countdown:
            self._paint_countdown(painter)
        painter.end()
        if self._is_new:
            self._is_new = False
            self.frame_painted.emit(self._result.frame.timestamp)

    def _paint_result(self, painter: QPainter, result: PoseResult) -> None:
        transform = self.to_view()
        painter.setTransform(transform)
        painter.drawImage(0, 0, self._image)
        scale = transform.m22()
        width = max(self._image.height() * STROKE, THINNEST / scale)
        for person in result.people:
            paint_skeleton(painter, person.pose2d, width, self._threshold, DARK.sides)
        painter.resetTransform()

    def _paint_countdown(self, painter: QPainter) -> None:
        font = painter.font()
        font.setPixelSize(max(self.height() // 4, 12))
        painter.setFont(font)
        for shift, colour in ((3, QColor(0, 0, 0, 160)), (0, QColor(255, 255, 255, 235))):
            painter.setPen(colour)
            place = self.rect().translated(shift, shift)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(self._countdown))

    def _paint_hint(self, painter: QPainter, area: QRectF, text: str) -> None:
        size = painter.fontMetrics().size(0, text)
        pill = QRectF(0, 0, size.width() + 28, size.height() + 14)
        pill.moveCenter(area.center())
        pill.moveBottom(area.bottom() - 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 150))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(QColor(255, 255, 255, 220))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _copy(frame: Frame) -> QImage:
    """An image that owns its pixels: the frame's array may go at any time."""
    height, width = frame.image.shape[:2]
    pixels = frame.image.tobytes()
    shared = QImage(pixels, width, height, width * 3, QImage.Format.Format_RGB888)
    return shared.convertToFormat(QImage.Format.Format_RGB32)  # copies, and is drawn faster
