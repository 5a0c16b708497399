"""Live out, switched in the window."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.controller import Controller
from tests.app.conftest import LIMIT
from tests.conftest import DotSource

pytestmark = pytest.mark.gui

Running = tuple[Controller, DotSource]


def test_live_out_is_switched_in_the_window(qtbot: QtBot, running: Running) -> None:
    controller, _ = running
    panel = controller.window.live_out
    panel.addresses[1].setText("0")
    panel.switches[1].setChecked(True)
    qtbot.waitUntil(lambda: "ws://127.0.0.1:" in controller.pipeline.status.live_out, timeout=LIMIT)
    qtbot.waitUntil(panel.isEnabled, timeout=LIMIT)
    panel.switches[1].setChecked(False)
    qtbot.waitUntil(lambda: not controller.pipeline.status.live_out, timeout=LIMIT)


def test_an_address_that_makes_no_sense_is_told_and_nothing_is_sent(
    qtbot: QtBot, running: Running
) -> None:
    controller, _ = running
    panel = controller.window.live_out
    panel.addresses[0].setText("nowhere")
    panel.switches[0].setChecked(True)
    banner = controller.window.banner
    qtbot.waitUntil(lambda: "'nowhere' is not an address" in banner.text, timeout=LIMIT)
    assert not panel.switches[0].isChecked()
    panel.addresses[0].setText("9")
    panel.switches[0].setChecked(True)
    qtbot.waitUntil(lambda: "OSC to" in controller.pipeline.status.live_out, timeout=LIMIT)
    qtbot.waitUntil(panel.isEnabled, timeout=LIMIT)
    panel.addresses[1].setText("nowhere")
    panel.switches[1].setChecked(True)
    assert [switch.isChecked() for switch in panel.switches] == [True, False]
    assert "OSC to" in controller.pipeline.status.live_out
