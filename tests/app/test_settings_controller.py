"""Settings in the window: undone, reset, and never changed by the wheel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QKeyEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication, QComboBox, QSlider, QWidget

from app.controller import Controller
from app.settings import Settings
from app.settings_controller import KEPT, NOTHING
from engine.estimator import DEFAULT_LIFTER

pytestmark = pytest.mark.gui

Open = Callable[..., Controller]


def press(controller: Controller, name: str) -> None:
    controller.window.actions_by_name[name].trigger()


def test_undo_takes_back_one_change_after_the_other(open_window: Open) -> None:
    controller = open_window()
    controller.remembering.begin()
    controller.window.picture.smoothing.set_value(0.9)
    controller.remembering.show_status(None)
    press(controller, "mirror")
    press(controller, "undo")
    assert not controller.settings().mirror
    assert controller.settings().smoothing == 0.9
    press(controller, "undo")
    assert controller.settings().smoothing == Settings().smoothing
    press(controller, "undo")
    assert controller.window.banner.text == NOTHING


def test_reset_sets_everything_and_can_be_undone(open_window: Open) -> None:
    controller = open_window(theme="light", smoothing=0.9, people=3, record_video=True)
    controller.remembering.begin()
    before = controller.settings()
    press(controller, "defaults")
    kept = {name: getattr(before, name) for name in KEPT}
    lifter = controller.window.lifter.lifter or DEFAULT_LIFTER
    defaults = replace(Settings(), **kept, lifter=lifter)
    assert replace(controller.settings(), lifter=lifter) == defaults
    assert controller.pipeline.settings.smoothing == defaults.smoothing
    press(controller, "undo")
    assert controller.settings() == before


def test_the_wheel_over_a_control_scrolls_and_sets_nothing(open_window: Open) -> None:
    window = open_window().window
    window.backbone.backbones.addItems(["one", "two", "three"])
    controls = [*window.findChildren(QComboBox), *window.findChildren(QSlider)]
    assert len(controls) > 8
    for control in controls:
        before = window.source.list.currentIndex(), _value(control)
        for degrees in (-120, 120):
            QApplication.sendEvent(control, _wheel(degrees))
            assert (window.source.list.currentIndex(), _value(control)) == before


def test_space_is_a_buttons_where_it_has_the_focus_and_no_other_key_is(open_window: Open) -> None:
    window = open_window().window

    def claims(control: QWidget, key: Qt.Key) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(control, event)
        return event.isAccepted()

    for control in (window.session.clean, window.session.rerun, window.session.results):
        assert claims(control, Qt.Key.Key_Space)
        assert not claims(control, Qt.Key.Key_R)
    assert not claims(window.timeline, Qt.Key.Key_Space)


def _value(control: QWidget) -> int:
    if isinstance(control, QComboBox):
        return control.currentIndex()
    assert isinstance(control, QSlider)
    return control.value()


def _wheel(degrees: int) -> QWheelEvent:
    middle, none = QPointF(5, 5), QPoint()
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    return QWheelEvent(middle, middle, none, QPoint(0, degrees), buttons, keys, phase, False)
