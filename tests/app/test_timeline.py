"""The timeline draws what it is given and says where it was clicked; angles are never stale."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.theme import DARK, LIGHT
from app.views.angles_view import AnglesView
from app.views.time_axis import clock
from app.views.timeline import Timeline
from engine.session.markers import MARKS
from engine.skeleton import H36M17
from tests.app.conftest import make_person, make_result, pixels

pytestmark = [
    pytest.mark.gui,
    pytest.mark.qt_log_ignore("not accepted by receiving widget"),  # pyqtgraph's way with the mouse
]

TIMES = np.arange(300) / 30
ANGLES = {
    "left_knee_flexion": 40 + 20 * np.sin(TIMES),
    "right_knee_flexion": np.where(TIMES < 5, 50, np.nan),
    "trunk_lean": np.zeros(300),
}


@pytest.fixture
def timeline(qtbot: QtBot) -> Timeline:
    view = Timeline(DARK)
    qtbot.addWidget(view)
    view.resize(800, 190)
    view.choose(("knee_flexion",))
    view.show()
    qtbot.waitExposed(view)
    return view


def curves(timeline: Timeline) -> list[object]:
    return list(timeline._plot.listDataItems())


def test_only_the_chosen_angles_are_drawn(timeline: Timeline) -> None:
    timeline.show_take(TIMES, ANGLES, {})
    assert len(curves(timeline)) == 2
    timeline.choose(("knee_flexion", "trunk_lean"))
    assert len(curves(timeline)) == 3
    timeline.choose(())
    assert curves(timeline) == []


def test_a_mark_of_one_frame_is_seen_in_an_hour(timeline: Timeline, qtbot: QtBot) -> None:
    hour = np.arange(108_000) / 30
    empty = pixels(timeline.grab().toImage())
    timeline.show_take(hour, {}, {"swaps": np.array([[1800.0, 1800.0 + 1 / 30]])})
    marked = pixels(timeline.grab().toImage())
    accent = [int(DARK.accent[i : i + 2], 16) for i in (1, 3, 5)]
    assert (np.abs(empty - accent).max(axis=-1) <= 8).sum() == 0
    assert (np.abs(marked - accent).max(axis=-1) <= 8).sum() >= 16


def test_a_click_seeks_to_the_time_under_it(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.show_take(TIMES, ANGLES, {})
    timeline.grab()
    box = timeline._plot.getViewBox().sceneBoundingRect()
    middle = QPoint(round(box.center().x()), round(box.center().y()))
    with qtbot.waitSignal(timeline.sought) as sought:
        click = Qt.MouseButton.LeftButton
        qtbot.mouseClick(timeline.viewport(), click, pos=middle)  # type: ignore[no-untyped-call]
    assert sought.args == [pytest.approx(TIMES[-1] / 2, abs=0.05)]


def test_dragging_scrubs(timeline: Timeline, qtbot: QtBot) -> None:
    timeline.show_take(TIMES, ANGLES, {})
    timeline.grab()
    box, sought = timeline._plot.getViewBox().sceneBoundingRect(), list[float]()
    timeline.sought.connect(sought.append)
    view, left = timeline.viewport(), Qt.MouseButton.LeftButton
    y = round(box.center().y())
    qtbot.mousePress(view, left, pos=QPoint(200, y))  # type: ignore[no-untyped-call]
    for x in range(210, 400, 10):
        qtbot.mouseMove(view, QPoint(x, y))  # type: ignore[no-untyped-call]
        qtbot.wait(8)
    qtbot.mouseRelease(view, left, pos=QPoint(400, y))  # type: ignore[no-untyped-call]
    assert len(sought) >= 2
    assert sought == sorted(sought)


def test_the_theme_reaches_the_background(timeline: Timeline) -> None:
    timeline.set_theme(LIGHT)
    wanted = [int(LIGHT.window[i : i + 2], 16) for i in (1, 3, 5)]
    shown = pixels(timeline.grab().toImage())[2, 2]
    assert np.abs(shown - wanted).max() <= 8


def test_the_rows_are_named() -> None:
    assert MARKS == ("gaps", "swaps", "low scores", "filled")


def test_axes_have_units_and_curves_a_legend(timeline: Timeline) -> None:
    timeline.show_take(TIMES, ANGLES, {}, beside=ANGLES, beside_title="faint: raw")
    assert timeline._plot.getAxis("left").labelText == "angle, degrees"
    assert timeline._lane.getAxis("bottom").labelText == "time, minutes:seconds"
    names = [label.text for _, label in timeline._legend.items]
    assert names == ["Knee flexion, left", "Knee flexion, right", "faint: raw"]
    assert len(curves(timeline)) == 4


def test_the_range_of_angles_is_of_the_whole_take_whatever_is_in_view(timeline: Timeline) -> None:
    timeline.show_take(TIMES, ANGLES, {})
    whole = timeline._plot.viewRange()[1]
    assert whole == pytest.approx([0, 60], abs=2)
    timeline.set_position(2.0)
    timeline.zoom(3)
    assert timeline._plot.viewRange()[1] == whole
    start, end = timeline._plot.viewRange()[0]
    assert (end - start) == pytest.approx(TIMES[-1] / 8, rel=0.01)
    assert start < 2.0 < end


def test_gaps_colour_the_curves(timeline: Timeline) -> None:
    timeline.show_take(TIMES, ANGLES, {})
    before = pixels(timeline.grab().toImage())
    timeline.show_take(TIMES, ANGLES, {"gaps": np.array([[4.0, 6.0]])})
    changed = np.abs(pixels(timeline.grab().toImage()) - before).max(axis=-1) > 3
    assert 0.1 < changed[20:80, 100:].mean() < 0.4  # a fifth of the time


def test_the_next_mark_is_found_either_way(timeline: Timeline) -> None:
    marks = {"gaps": np.array([[1.0, 2.0], [7.0, 8.0]]), "swaps": np.array([[4.0, 4.1]])}
    timeline.show_take(TIMES, ANGLES, marks)
    timeline.set_position(4.0)
    assert timeline.next_mark(forward=True) == pytest.approx(7.0)
    assert timeline.next_mark(forward=False) == pytest.approx(1.0)
    timeline.set_position(9.0)
    assert timeline.next_mark(forward=True) is None


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "00:00.00"), (61.254, "01:01.25"), (59.999, "01:00.00"), (3723.4, "1:02:03.40")],
)
def test_the_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_an_unseen_joint_shows_no_angle_instead_of_the_last_one(qtbot: QtBot) -> None:
    view = AnglesView(threshold=0.2)
    qtbot.addWidget(view)
    view.show()

    def figures() -> list[str]:
        labels = [label.text().strip() for label in view.findChildren(QLabel)]
        return [text for text in labels if text == "–" or text.endswith("°")]

    view.show_result(make_result(make_person()))
    assert all(text.endswith("°") for text in figures())
    scores = np.ones(len(H36M17), np.float32)
    scores[H36M17.index("left_ankle")] = 0.1
    view.show_result(make_result(make_person(scores)))
    assert figures().count("–") == 1  # the left knee
    view.show_result(make_result())
    assert set(figures()) == {"–"}
