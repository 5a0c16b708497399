"""The 3D pane draws the given people upright and side by side, and nobody else."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QAction, QMouseEvent
from pytestqt.qtbot import QtBot

from app.theme import DARK, LIGHT
from app.views.skeleton_view import NO_OPENGL, SkeletonView
from tests.app.conftest import make_person, make_result, pixels, send_mouse

pytestmark = pytest.mark.gui

ROOT = Path(__file__).parents[2]


@pytest.fixture
def view(qtbot: QtBot) -> SkeletonView:
    view = SkeletonView(DARK, QAction("Reset"))
    view.resize(400, 500)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    if view.scene is None:
        pytest.skip("this display has no OpenGL")
    return view


def painted(view: SkeletonView) -> np.ndarray:
    assert view.scene is not None
    return pixels(view.scene.grabFramebuffer())


def drag(view: SkeletonView, *way: QPointF) -> None:
    """Drag through the points with the left button."""
    assert view.scene is not None
    kinds = [QMouseEvent.Type.MouseButtonPress] + [QMouseEvent.Type.MouseMove] * (len(way) - 1)
    for kind, point in zip(kinds, way, strict=True):
        send_mouse(view.scene, kind, point)


def parts(picture: np.ndarray) -> dict[str, np.ndarray]:
    """Side → (N, 2) rows and columns of the pixels in its colour."""
    red, _, blue = picture.transpose(2, 0, 1)
    return {
        "left": np.argwhere(blue - red > 80),
        "right": np.argwhere(red - blue > 80),
        "middle": np.argwhere((picture.min(axis=2) > 130) & (abs(red - blue) < 40)),
    }


def test_a_person_stands_upright_in_the_colours_of_the_sides(view: SkeletonView) -> None:
    view.show_result(make_result(make_person()))
    found = parts(painted(view))
    top, bottom = {}, {}
    for side, where in found.items():
        assert len(where) > 200, side
        top[side], bottom[side] = where[:, 0].min(), where[:, 0].max()
    assert top["middle"] < min(top["left"], top["right"])  # the head
    assert bottom["middle"] < min(bottom["left"], bottom["right"])  # over the feet
    assert found["left"][:, 1].mean() > found["right"][:, 1].mean()  # seen from the front


def test_the_mirror_puts_left_on_the_left(view: SkeletonView) -> None:
    view.set_mirror(True)
    view.show_result(make_result(make_person()))
    found = parts(painted(view))
    assert found["left"][:, 1].mean() < found["right"][:, 1].mean()


def test_nobody_leaves_only_the_floor(view: SkeletonView) -> None:
    empty = painted(view)
    assert len(np.unique(empty.reshape(-1, 3), axis=0)) > 3  # the grid is there
    view.show_result(make_result(make_person()))
    view.show_result(make_result())
    assert np.array_equal(painted(view), empty)


def test_a_person_unseen_altogether_leaves_no_ghost(view: SkeletonView) -> None:
    empty = painted(view)
    view.show_result(make_result(make_person(np.full(17, 0.1, np.float32))))
    assert np.array_equal(painted(view), empty)


def purple(picture: np.ndarray) -> int:
    """How many pixels are."""
    red, green, blue = picture.transpose(2, 0, 1)
    return int(((red - green > 25) & (blue - green > 15)).sum())


def test_people_stand_as_in_the_picture_with_the_subject_in_the_middle(view: SkeletonView) -> None:
    left, right = make_person(number=1, aside=-70), make_person(number=2, aside=70)

    def columns(subject: int, mirror: bool = False) -> list[int]:
        """Where the two bodies are, from the edge of the pane."""
        view.set_mirror(mirror)
        for _ in range(60):  # until both are in view
            view.show_result(make_result(left, right, subject_id=subject))
        orange = np.unique(parts(painted(view))["right"][:, 1])
        gap = int(np.diff(orange).argmax()) + 1
        return [int(orange[:gap].mean()), int(orange[gap:].mean())]

    middle = view.width() // 2
    for subject, mirror, place in ((1, False, 0), (2, False, 1), (2, True, 0)):
        found = columns(subject, mirror)
        assert abs(found[place] - middle) < abs(found[1 - place] - middle) - 50
        assert 0 < min(found) < max(found) < view.width()


def test_several_people_have_balls_of_their_own_colour_and_their_numbers(
    view: SkeletonView,
) -> None:
    people = [make_person(number=1, aside=-60), make_person(number=2, aside=60)]
    view.show_result(make_result(*people, subject_id=2))
    assert view.scene is not None
    assert [text for text, _ in view.scene.names] == ["1", "2 · subject"]
    assert purple(painted(view)) > 200  # the first colour
    view.show_result(make_result(people[0], subject_id=1))
    assert not view.scene.names
    assert purple(painted(view)) < 20  # alone it has those of its sides


def test_the_numbers_are_in_a_picture_of_the_window(view: SkeletonView) -> None:
    people = [make_person(number=1, aside=-60), make_person(number=2, aside=60)]
    view.show_result(make_result(*people, subject_id=2))
    view.grab()  # the first one is sampled in another way
    with_names = pixels(view.grab().toImage())
    assert view.scene is not None
    view.scene.names = ()
    rows, _ = np.nonzero((pixels(view.grab().toImage()) != with_names).any(axis=2))
    heads = parts(with_names)["middle"][:, 0]
    assert len(rows) > 100
    assert rows.mean() < heads.mean()


def test_unseen_legs_are_left_out(view: SkeletonView) -> None:
    whole = make_person()
    assert whole.pose3d is not None
    names = whole.pose3d.skeleton.keypoints
    legless = [0.1 if name.endswith(("knee", "ankle")) else 0.9 for name in names]
    view.show_result(make_result(make_person(np.array(legless, np.float32))))
    below_hips = parts(painted(view))
    view.show_result(make_result(whole))
    everything = parts(painted(view))
    assert below_hips["left"][:, 0].max() < everything["left"][:, 0].max() - 50


def test_the_mouse_turns_the_view_and_reset_turns_it_back(view: SkeletonView) -> None:
    view.show_result(make_result(make_person()))
    before = painted(view)
    drag(view, QPointF(100, 100), QPointF(160, 120))
    assert not np.array_equal(painted(view), before)
    view.reset_view()
    assert np.array_equal(painted(view), before)


def test_the_view_never_goes_below_the_floor_nor_too_near_or_far(view: SkeletonView) -> None:
    from app.views.gl_scene import DISTANCE, FARTHEST, NEAREST  # needs OpenGL, which is there now

    assert view.scene is not None
    for factor, turn in ((0.5, -90.0), (2.0, 90.0)):
        for _ in range(20):
            view.zoom(factor)
            view.turn(30.0, turn)
            view.scene.pan(0, 500 * turn, 0, relative="view")
        assert view.scene.cameraPosition().z() > 0
        assert NEAREST <= view.scene.opts["distance"] <= FARTHEST
    view.reset_view()
    assert view.scene.opts["distance"] == DISTANCE


def test_the_theme_is_behind_the_person(view: SkeletonView) -> None:
    view.set_theme(LIGHT)
    assert painted(view)[5, 5].min() > 200
    view.set_theme(DARK)
    assert painted(view)[5, 5].max() < 60


def test_without_opengl_one_line_says_so_and_the_app_goes_on() -> None:
    script = (
        "import sys; from PyQt6.QtWidgets import QApplication; from PyQt6.QtGui import QAction\n"
        "app = QApplication([])\n"
        "from app.theme import DARK; from app.views.skeleton_view import SkeletonView\n"
        "from tests.app.conftest import make_person, make_result\n"
        "view = SkeletonView(DARK, QAction('Reset')); view.show(); app.processEvents()\n"
        "view.show_result(make_result(make_person())); view.set_mirror(True); view.reset_view()\n"
        "from PyQt6.QtWidgets import QLabel; print(view.findChild(QLabel).text())\n"
    )
    blind = os.environ | {"QT_XCB_GL_INTEGRATION": "none"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT, env=blind, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == NO_OPENGL


def test_how_sure_joints_are_is_drawn_and_can_be_switched_off(view: SkeletonView) -> None:
    person = make_person()
    assert person.pose3d
    spread = np.full((17, 3), (30, 30, 150), np.float32)
    unsure = replace(person, pose3d=replace(person.pose3d, spread=spread))
    view.show_result(make_result(person))
    plain = painted(view)
    view.show_result(make_result(unsure))
    veiled = painted(view)
    assert (np.abs(veiled - plain).max(axis=2) > 8).mean() > 0.01
    view.set_uncertainty(False)
    np.testing.assert_array_equal(painted(view), plain)
