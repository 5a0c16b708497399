"""What is typed of the room, what is found, and what is remembered of each camera."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QLineF, QPointF
from PyQt6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.panels.room_panel import RoomPanel, metres
from app.room_controller import parse
from app.views.horizon_line import dragged, horizon, is_near, tilt_by
from engine.space.room import RoomSettings
from engine.types import CameraView, Frame
from tests.app.conftest import make_result

SIZE, FOCAL = (640, 480), 554.0


@pytest.fixture
def panel(qtbot: QtBot) -> RoomPanel:
    panel = RoomPanel(QAction("Level"))
    qtbot.addWidget(panel)
    return panel


def typed(panel: RoomPanel, name: str, text: str) -> tuple[list[RoomSettings], list[str]]:
    """What the panel says when somebody leaves a field."""
    changed, refused = list[RoomSettings](), list[str]()
    panel.changed.connect(changed.append)
    panel.refused.connect(refused.append)
    panel.fields[name].setText(text)
    panel.fields[name].editingFinished.emit()
    return changed, refused


@pytest.mark.parametrize("text", ["1.82", "1,82", " 1.82 m", "182", "182 cm", "182cm"])
def test_a_height_is_taken_as_people_type_it(panel: RoomPanel, text: str) -> None:
    changed, refused = typed(panel, "body_height", text)
    assert [room.body_height for room in changed] == [1.82]
    assert not refused


@pytest.mark.parametrize(
    ("text", "height"), [("6'1", 1.85), ("6'1\"", 1.85), ("6 ft 1 in", 1.85), ("5ft", 1.52)]
)
def test_a_height_may_be_in_feet_and_inches(text: str, height: float) -> None:
    assert metres(text) == height


@pytest.mark.parametrize("text", ["0", "12", "abc", "nan"])
def test_a_height_that_nobody_has_is_one_line_and_changes_nothing(
    panel: RoomPanel, text: str
) -> None:
    changed, refused = typed(panel, "body_height", text)
    assert refused == [f"Body height must be from 0.4 to 2.6 m, not '{text}'."]
    assert not changed
    assert panel.fields["body_height"].text() == ""


def test_an_empty_field_is_found_again(panel: RoomPanel) -> None:
    panel.set_settings(RoomSettings(pitch=10.0, tilt_by="level"))
    changed, _ = typed(panel, "pitch", "")
    assert changed == [RoomSettings()]


def test_an_empty_field_shows_what_is_used_and_how_that_is_known(panel: RoomPanel) -> None:
    camera = CameraView(FOCAL, -0.4, 2.6, None, {"focal_px": "exif", "pitch_deg": "guess"})
    panel.show_result(
        make_result(frame=Frame(np.zeros((480, 640, 3), np.uint8), 0, 0), camera=camera)
    )
    shown = {name: field.placeholderText() for name, field in panel.fields.items()}
    assert shown["field_of_view"] == "60 by the file"
    assert shown["pitch"] == "0 guess"  # and not -0
    assert shown["roll"] == "3"
    assert shown["body_height"] == "1.70 guess"


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"body_height": 99, "cameras": {}}'])
def test_damaged_memory_is_none(text: str) -> None:
    assert parse(text) == ({}, None)


def view(pitch: float, roll: float = 0.0, source: str = "typed") -> CameraView:
    return CameraView(FOCAL, pitch, roll, None, {"pitch_deg": source})


@pytest.mark.parametrize(("pitch", "roll"), [(0.0, 0.0), (12.0, 0.0), (-8.0, 5.0)])
def test_the_horizon_is_where_the_tilt_has_it_and_the_other_way_round(
    pitch: float, roll: float
) -> None:
    line = horizon(view(pitch, roll), SIZE)
    assert line
    assert tilt_by(line, FOCAL, SIZE) == pytest.approx((pitch, roll), abs=0.1)


def test_looking_down_raises_the_horizon() -> None:
    line = horizon(view(10), SIZE)
    assert line
    assert line.y1() == line.y2() < 240


def test_what_is_only_guessed_has_no_line() -> None:
    assert horizon(view(10, source="guess"), SIZE) is None
    assert horizon(None, SIZE) is None


def test_dragged_in_the_middle_it_moves_and_at_its_ends_it_turns() -> None:
    line = QLineF(0, 200, 640, 200)
    moved = dragged(line, QPointF(320, 200), QPointF(320, 230), SIZE)
    assert (moved.y1(), moved.y2()) == (230, 230)
    turned = dragged(line, QPointF(640, 200), QPointF(640, 230), SIZE)
    assert (turned.y1(), turned.y2()) == (170, 230)
    assert is_near(line, QPointF(100, 206))
    assert not is_near(line, QPointF(100, 215))
