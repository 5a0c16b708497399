"""Arranges the picture and the 3D view; over them lie messages and the red frame of a running take,
which move nothing. Knows no data.
"""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PyQt6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.language import later
from app.theme import DARK

AUTO, BESIDE, STACKED, INSET, SPACE = "auto", "beside", "stacked", "inset", "space"
ARRANGEMENTS = {
    AUTO: later("Automatic arrangement"),
    BESIDE: later("Side by side"),
    STACKED: later("One above the other"),
    INSET: later("Picture in picture"),
    SPACE: later("3D only"),
}
WIDE = 1.1  # width over height from which the two stand side by side
PICTURE_SHARE, SPACE_SHARE = 58, 42  # of the room
INSET_SHARE, MARGIN = 0.32, 12  # of the width; pixels
BORDER = 4  # pixels, of the sign of a take


class ViewArea(QWidget):
    def __init__(self, picture: QWidget, space: QWidget, notices: Sequence[QWidget]) -> None:
        super().__init__()
        self._picture, self._space = picture, space
        self._chosen, self._alone = AUTO, False
        self._panes = QSplitter(self)
        self._panes.setHandleWidth(1)
        self._panes.setChildrenCollapsible(False)
        for view, share in ((picture, PICTURE_SHARE), (space, SPACE_SHARE)):
            self._panes.addWidget(view)
            self._panes.setStretchFactor(self._panes.count() - 1, share)
        self._share()
        self._notices, self._sign = _Notices(self, notices), _TakeSign(self)

    @property
    def arrangement(self) -> str:
        """One of ARRANGEMENTS, as chosen."""
        return self._chosen

    @property
    def shown(self) -> str:
        """The one that AUTO comes to here."""
        if self._chosen != AUTO:
            return self._chosen
        return BESIDE if self.width() > WIDE * self.height() else STACKED

    def set_arrangement(self, name: str) -> None:
        self._chosen = name
        self._place()

    def set_picture_alone(self, alone: bool) -> None:
        """Whatever the arrangement is, until it is over."""
        self._alone = alone
        self._place()

    def show_take(self, running: bool) -> None:
        """A red frame, whatever else is hidden."""
        self._sign.setVisible(running)
        self._sign.raise_()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(160, 120)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._place()

    def _share(self) -> None:
        self._panes.setSizes([100 * PICTURE_SHARE, 100 * SPACE_SHARE])

    def _place(self) -> None:
        inset = self.shown == INSET and not self._alone
        if inset != (self._picture.parentWidget() is self):
            if inset:
                self._picture.setParent(self)
            else:
                self._panes.insertWidget(0, self._picture)
                self._share()
        upright = self.shown == STACKED
        way = Qt.Orientation.Vertical if upright else Qt.Orientation.Horizontal
        if way != self._panes.orientation():
            self._panes.setOrientation(way)
            self._share()
        self._panes.setGeometry(self.rect())
        self._picture.setVisible(self._alone or self.shown != SPACE)
        self._space.setVisible(not self._alone)
        if inset:
            width = round(self.width() * INSET_SHARE)
            corner = QRect(0, 0, width, round(width * 0.75))
            corner.moveBottomRight(self.rect().bottomRight() - QPoint(MARGIN, MARGIN))
            self._picture.setGeometry(corner)
            self._picture.raise_()
        self._notices.place()
        self._sign.setGeometry(self.rect())
        self._sign.raise_()


class _Notices(QWidget):
    """As high as what it has to say; nothing where that is nothing."""

    def __init__(self, area: QWidget, notices: Sequence[QWidget]) -> None:
        super().__init__(area)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for notice in notices:
            rows.addWidget(notice)

    def event(self, event: QEvent | None) -> bool:
        handled = super().event(event)
        if event and event.type() == QEvent.Type.LayoutRequest:
            self.place()
        return handled

    def place(self) -> None:
        area, rows = self.parentWidget(), self.layout()
        assert area is not None
        assert rows is not None
        high = max(rows.heightForWidth(area.width()), rows.sizeHint().height())
        self.setGeometry(0, 0, area.width(), 0 if rows.isEmpty() else high)
        self.raise_()


class _TakeSign(QWidget):
    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        """Only the frame is there: the pictures beneath it are painted without it."""
        inside = self.rect().adjusted(BORDER, BORDER, -BORDER, -BORDER)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(inside)))

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(DARK.danger))
        painter.end()
