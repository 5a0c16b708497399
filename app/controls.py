"""How controls answer wheel and keys where the window's own use of these comes in between."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QSlider, QWidget

SET_BY_WHEEL = (QComboBox, QSlider, QAbstractSpinBox)  # in Qt, unless told otherwise
PRESSED_BY_SPACE = (QAbstractButton, QComboBox)


def let_wheel_scroll(parent: QWidget) -> None:
    """All controls that are in ``parent`` now pass the wheel on: it scrolls the panel."""
    _watch(parent, SET_BY_WHEEL, _Passing(parent))


def let_space_press(parent: QWidget) -> None:
    """All controls that are in ``parent`` now are pressed by Space, whatever it means elsewhere."""
    _watch(parent, PRESSED_BY_SPACE, _Pressing(parent))


def _watch(parent: QWidget, kinds: tuple[type[QWidget], ...], watcher: QObject) -> None:
    for kind in kinds:
        for control in parent.findChildren(kind):
            control.installEventFilter(watcher)


class _Passing(QObject):
    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        """Pass wheel events on to the parent of the control."""
        if event is None or event.type() != QEvent.Type.Wheel:
            return False
        event.ignore()
        return True


class _Pressing(QObject):
    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        """Claim the key before a shortcut gets it."""
        is_asked = event is not None and event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return False
