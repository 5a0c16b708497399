"""Lets the mouse wheel scroll panels instead of changing the control under it."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QAbstractSpinBox, QComboBox, QSlider, QWidget

SET_BY_WHEEL = (QComboBox, QSlider, QAbstractSpinBox)  # in Qt, unless told otherwise


class _Passing(QObject):
    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        """Pass wheel events on to the parent of the control."""
        if event is None or event.type() != QEvent.Type.Wheel:
            return False
        event.ignore()
        return True


def let_wheel_scroll(parent: QWidget) -> None:
    """All controls that are in ``parent`` now pass the wheel on."""
    passing = _Passing(parent)
    for kind in SET_BY_WHEEL:
        for control in parent.findChildren(kind):
            control.installEventFilter(passing)
