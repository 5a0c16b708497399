"""Sliders, live out, lists and the transport of a replay."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import (
    QLabel,
    QStyleOptionComboBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.commands import make_actions
from app.panels.card import Choices, ShareSlider
from app.panels.live_out_panel import LiveOutPanel
from app.panels.transport import Transport

pytestmark = pytest.mark.gui


def test_a_slider_says_its_share(qtbot: QtBot) -> None:
    slider = ShareSlider("Smoothing", 0.5, "")
    qtbot.addWidget(slider)
    assert slider.value == 0.5
    with qtbot.waitSignal(slider.value_changed) as changed:
        slider.set_value(0.25)
    assert changed.args == [0.25]


def test_live_out_is_off_until_it_is_switched_on(qtbot: QtBot) -> None:
    panel = LiveOutPanel()
    qtbot.addWidget(panel)
    osc, websocket = panel.switches
    assert not osc.isChecked()
    assert not websocket.isChecked()
    with qtbot.waitSignal(panel.wanted) as wanted:
        osc.setChecked(True)
    assert wanted.args == ["9000", None]
    assert not panel.addresses[0].isEnabled()
    with qtbot.waitSignal(panel.wanted) as wanted:
        osc.setChecked(False)
    assert wanted.args == [None, None]


@pytest.mark.parametrize(("width", "shown"), [(400, "A network of a long name"), (100, "A net")])
def test_an_entry_that_does_not_fit_ends_in_an_ellipsis(
    qtbot: QtBot, width: int, shown: str
) -> None:
    choices, option = Choices(), QStyleOptionComboBox()
    qtbot.addWidget(choices)
    choices.addItem("A network of a long name")
    choices.resize(width, 30)
    choices.initStyleOption(option)
    text = option.currentText or ""
    assert text.startswith(shown)
    assert text.endswith("…") == (width == 100)


def test_a_narrow_transport_leaves_the_frames_out(qtbot: QtBot) -> None:
    owner = QWidget()
    transport = Transport(make_actions(owner))
    for widget in (owner, transport):
        qtbot.addWidget(widget)
    transport.set_position(1.0, 2.0, 30, 60, 30)
    transport.setMinimumWidth(1)
    transport.show()
    place = transport.findChild(QLabel)
    assert place is not None
    for width, shown in (
        (2000, "00:01.00 / 00:02.00   frame 30 / 60"),
        (500, "00:01.00 / 00:02.00"),
    ):
        transport.resize(width, 40)
        assert place.text() == shown
