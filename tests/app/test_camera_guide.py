"""The guide says of each step what would help, in the window, and can be left at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.camera_guide import PERMISSIONS, camera, framing, light
from app.controller import Controller
from app.panels.guide import Guide
from engine.pipeline.status import PipelineStatus
from engine.sources.capture import DEMO
from engine.types import Frame
from tests.app.conftest import make_person, make_result

RUNNING = PipelineStatus(source="USB Video", source_state="running")


def test_a_camera_that_gives_pictures_is_good_and_else_permission_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert camera(RUNNING, None).good
    assert not camera(PipelineStatus(source_state="opening"), None).good
    assert not camera(replace(RUNNING, given=DEMO), None).good
    for system, allow in PERMISSIONS.items():
        monkeypatch.setattr("sys.platform", system)
        found = camera(PipelineStatus(message="Camera 0 does not open."), None)
        assert found.text == f"Camera 0 does not open. {allow}"
        assert not found.good


def test_light_is_judged_by_the_picture() -> None:
    dark = make_result(frame=Frame(np.full((48, 64, 3), 9, np.uint8), 0, 0.0))
    assert not light(RUNNING, None).good
    assert not light(RUNNING, dark).good
    assert light(RUNNING, make_result()).text == "Bright enough: 88 of 255."


def test_framing_says_what_to_do() -> None:
    assert framing(RUNNING, make_result()).text == "Step into the picture."
    person = make_person(number=1)
    assert framing(RUNNING, make_result(person, subject_id=1)).good
    unsure = make_person(number=1, state="unsure")
    text = "Stand still for a moment, facing the camera."
    assert framing(RUNNING, make_result(unsure, subject_id=1)).text == text


@pytest.mark.gui
def test_three_steps_lead_through_and_the_first_can_skip_them(qtbot: QtBot) -> None:
    guide = Guide()
    qtbot.addWidget(guide)
    guide.begin()
    guide.show_status(RUNNING)
    assert guide.text == "1/3  Camera and permission: ✓ USB Video gives pictures."
    for start in ("2/3  Light", "3/3  Distance and framing"):
        guide.following.click()
        assert guide.text.startswith(start)
    with qtbot.waitSignal(guide.left):
        guide.following.click()
    assert guide.text == ""
    guide.begin()
    with qtbot.waitSignal(guide.left):
        guide.skip.click()
    assert guide.text == ""


@pytest.mark.gui
def test_its_buttons_fit_a_narrow_window(qtbot: QtBot) -> None:
    guide = Guide()
    qtbot.addWidget(guide)
    guide.begin()
    guide.resize(320, 120)
    for button in (guide.following, guide.skip):
        assert button.width() >= button.sizeHint().width()


@pytest.mark.gui
def test_it_is_remembered_that_the_guide_was_left(open_window: Callable[..., Controller]) -> None:
    controller = open_window()
    assert not controller.settings().guided
    controller.window.actions_by_name["guide"].trigger()
    assert controller.window.guide.isVisible()
    controller.window.guide.end()
    assert controller.settings().guided
