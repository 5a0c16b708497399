"""The picture with the people found in it: takes a PoseResult, draws it, says who is clicked.

Live it gives advice, and a click chooses the subject; of a replay it only shows what is there.
"""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QTransform
from PyQt6.QtWidgets import QApplication, QWidget

from app.language import later, tr
from app.theme import DARK
from app.views.advice_line import AdviceLine
from app.views.horizon_line import dragged, horizon, is_near, paint_horizon, tilt_by
from app.views.messages_overlay import paint_countdown, paint_message
from app.views.people import boxes, is_somebody, next_person, own_colours
from app.views.people_overlay import paint_people
from app.views.skeleton_overlay import paint_skeleton
from engine.types import Frame, PoseResult

BACKGROUND = "#0b0d10"  # around a picture it is dark in both themes
STROKE = 1 / 125  # width of a bone, in heights of the picture
THINNEST = 2.0  # screen pixels
NOBODY = later("Nobody in view")
HELP = later("Click a person to choose the subject (N: the next one); Esc gives the choice back")


@dataclass
class _Grip:
    line: QLineF  # where it was, frame pixels
    start: QPointF  # where it was taken hold of, pixels of the view
    moves: bool = False


class VideoView(QWidget):
    """The newest result, as large as fits."""

    frame_painted = pyqtSignal(float)  # timestamp of a frame that has just been shown first
    person_chosen = pyqtSignal(object)  # where: (x, y), frame pixels
    tilt_chosen = pyqtSignal(float, float)  # pitch and roll of the camera, degrees

    def __init__(self, threshold: float = 0.3, mirror: bool = False) -> None:
        super().__init__()
        self.setMinimumSize(QSize(120, 90))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._threshold, self._mirror, self._paused = threshold, mirror, False
        self._result: PoseResult | None = None
        self._image = QImage()
        self._is_new = False
        self._countdown = 0
        self._grip: _Grip | None = None  # on the horizon
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # a field that was typed into ends
        self.clear()

    def show_result(self, result: PoseResult) -> None:
        self._result, self._image, self._is_new = result, _copy(result.frame), True
        if self._live:
            self._advice.hear(result)
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

    def clear(self, live: bool = True) -> None:
        """Forget the picture: the next one comes from elsewhere, from a replay if not live."""
        self._result, self._paused, self._live = None, False, live
        self._advice = AdviceLine()
        self.setToolTip(tr(HELP) if live else "")
        self.unsetCursor()
        self.update()

    def choose_next(self) -> None:
        """Choose the person to the right of the subject."""
        if self._live and self._result and (place := next_person(self._result)):
            self.person_chosen.emit(place)

    @property
    def message(self) -> str:
        """The one line over the picture; empty when all is well."""
        if self._result is None:
            return tr("Waiting for the first picture…")
        if self._paused:
            return tr("Paused")
        if self._live:
            return tr(self._advice.text) if self._advice.text else ""
        return "" if self._result.people else tr(NOBODY)

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

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        assert event is not None
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if line := self._line_at(event.position()):
            self._grip = _Grip(line, event.position())
        else:
            self._choose_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        assert event is not None
        if self._grip:
            self._drag(self._grip, event.position())
        else:
            self.setCursor(self._cursor_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        """A grip that did not move was a click on whoever is there."""
        assert event is not None
        grip, self._grip = self._grip, None
        if grip and not grip.moves:
            self._choose_at(event.position())

    def _drag(self, grip: _Grip, point: QPointF) -> None:
        far = (point - grip.start).manhattanLength() >= QApplication.startDragDistance()
        grip.moves = grip.moves or far
        if grip.moves and self._result and self._result.camera:
            size, focal = self._size(), self._result.camera.focal_px or 1.0
            start, now = self._in_frame(grip.start), self._in_frame(point)
            self.tilt_chosen.emit(*tilt_by(dragged(grip.line, start, now, size), focal, size))

    def _cursor_at(self, point: QPointF) -> Qt.CursorShape:
        if self._line_at(point):
            return Qt.CursorShape.SizeVerCursor
        choice = self._result is not None and len(boxes(self._result)) > 1
        hand = choice and self._somebody_at(point)
        return Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor

    def _line_at(self, point: QPointF) -> QLineF | None:
        """The horizon, frame pixels, where the point takes hold of it."""
        line = self._horizon() if self._live else None
        return line if line and is_near(self.to_view().map(line), point) else None

    def _choose_at(self, point: QPointF) -> None:
        if place := self._somebody_at(point):
            self.person_chosen.emit(place)

    def _size(self) -> tuple[int, int]:
        return self._image.width(), self._image.height()

    def _horizon(self) -> QLineF | None:
        return horizon(self._result.camera, self._size()) if self._result else None

    def _in_frame(self, point: QPointF) -> QPointF:
        to_frame, _ = self.to_view().inverted()
        return to_frame.map(point)

    def _somebody_at(self, point: QPointF) -> tuple[float, float] | None:
        """The point in frame pixels, when a person is there who may be chosen."""
        if self._result is None or not self._live:
            return None
        place = self._in_frame(point)
        x, y = place.x(), place.y()
        return (x, y) if is_somebody(self._result, x, y) else None

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.fillRect(self.rect(), QColor(BACKGROUND))
        area = QRectF(self.rect())
        if self._result:
            area = self.picture_area()
            self._paint_result(painter, self._result)
        if self.message:
            paint_message(painter, area, self.message)
        if self._countdown:
            paint_countdown(painter, self.rect(), self._countdown)
        painter.end()
        if self._result and self._is_new:
            self._is_new = False
            self.frame_painted.emit(self._result.frame.timestamp)

    def _paint_result(self, painter: QPainter, result: PoseResult) -> None:
        transform = self.to_view()
        painter.setTransform(transform)
        painter.drawImage(0, 0, self._image)
        scale = transform.m22()
        width = max(self._image.height() * STROKE, THINNEST / scale)
        colours = own_colours(result.people)
        for person in result.people:
            own = colours.get(person.id, "")
            paint_skeleton(painter, person.pose2d, width, self._threshold, DARK.sides, own)
        painter.resetTransform()
        if self._live and (line := self._horizon()):
            paint_horizon(painter, transform.map(line))
        if self._live or colours:
            paint_people(painter, result, transform)


def _copy(frame: Frame) -> QImage:
    """An image that owns its pixels: the frame's array may go at any time."""
    height, width = frame.image.shape[:2]
    pixels = frame.image.tobytes()
    shared = QImage(pixels, width, height, width * 3, QImage.Format.Format_RGB888)
    return shared.convertToFormat(QImage.Format.Format_RGB32)  # copies, and is drawn faster
