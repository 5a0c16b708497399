"""The picture fills its pane, and the skeleton lies on the person in it, mirrored or not."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.theme import DARK
from app.views.video_view import VideoView
from engine.skeleton import H36M17
from tests.app.conftest import (
    GREY,
    HEIGHT,
    IN_PICTURE,
    WIDTH,
    make_frame,
    make_person,
    make_result,
    pixels,
)

pytestmark = pytest.mark.gui

SCALE = 2  # screen pixels a frame pixel in these tests
LEFT, RIGHT = H36M17.index("left_elbow"), H36M17.index("right_elbow")


@pytest.fixture
def view(qtbot: QtBot) -> VideoView:
    view = VideoView(threshold=0.3)
    view.resize(WIDTH * SCALE, HEIGHT * SCALE)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    return view


def painted(view: VideoView) -> np.ndarray:
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    view.render(image)
    return pixels(image)


def is_like(pixel: np.ndarray, colour: str) -> bool:
    wanted = QColor(colour).getRgb()[:3]
    return bool(np.abs(pixel - wanted).max() < 60)


def at(picture: np.ndarray, keypoint: np.ndarray) -> np.ndarray:
    x, y = np.round((keypoint + 0.5) * SCALE).astype(int)
    return np.asarray(picture[y, x])


def test_each_joint_is_drawn_where_it_is_in_the_colour_of_its_side(view: VideoView) -> None:
    view.show_result(make_result(make_person()))
    picture = painted(view)
    assert is_like(at(picture, IN_PICTURE[LEFT]), DARK.sides["left"])
    assert is_like(at(picture, IN_PICTURE[RIGHT]), DARK.sides["right"])
    assert is_like(at(picture, IN_PICTURE[H36M17.index("thorax")]), DARK.sides["middle"])
    assert is_like(at(picture, np.array([300, 200])), QColor(GREY, GREY, GREY).name())


def test_the_mirror_turns_picture_and_skeleton_together(view: VideoView) -> None:
    frame = make_frame()
    frame.image[:, WIDTH // 2 :] = 200
    view.set_mirror(True)
    view.show_result(make_result(make_person(), frame=frame))
    picture = painted(view)
    mirrored = IN_PICTURE * [-1, 1] + [WIDTH - 1, 0]
    assert is_like(at(picture, mirrored[LEFT]), DARK.sides["left"])
    assert is_like(at(picture, mirrored[RIGHT]), DARK.sides["right"])
    assert at(picture, np.array([10, 10]))[0] == 200
    assert at(picture, np.array([WIDTH - 10, 10]))[0] == GREY


def test_an_unseen_joint_is_left_out_with_its_bones(view: VideoView) -> None:
    scores = np.ones(17, np.float32)
    scores[LEFT] = 0.29
    view.show_result(make_result(make_person(scores)))
    elbow, shoulder = IN_PICTURE[LEFT], IN_PICTURE[H36M17.index("left_shoulder")]
    picture = painted(view)
    assert not is_like(at(picture, elbow), DARK.sides["left"])
    assert not is_like(at(picture, (elbow + shoulder) / 2), DARK.sides["left"])
    view.set_threshold(0.25)
    assert not np.array_equal(at(painted(view), elbow), at(picture, elbow))


def test_a_faint_score_is_drawn_faintly(view: VideoView) -> None:
    forearm = IN_PICTURE[[LEFT, H36M17.index("left_wrist")]].mean(axis=0)

    def blueness(score: float) -> int:
        view.show_result(make_result(make_person(np.full(17, score, np.float32))))
        red, _, blue = at(painted(view), forearm)
        return int(blue - red)

    assert blueness(0.9) > blueness(0.5) > blueness(0.32) > 20


def test_nobody_in_view_leaves_the_picture_and_one_hint(view: VideoView) -> None:
    view.show_result(make_result())
    picture = painted(view)
    upper = picture[: HEIGHT * SCALE * 3 // 4]
    assert (upper == GREY).all()
    assert (picture[HEIGHT * SCALE * 3 // 4 :] != GREY).any()


def test_the_picture_keeps_its_shape_in_any_pane(view: VideoView) -> None:
    view.resize(WIDTH * 2, HEIGHT * 3)
    view.show_result(make_result())
    area = view.picture_area()
    assert (area.width(), area.height()) == (WIDTH * 2, HEIGHT * 2)
    assert area.center().y() == HEIGHT * 1.5


def test_the_view_keeps_no_hold_on_the_frames_pixels(view: VideoView) -> None:
    frame = make_frame()
    view.show_result(make_result(frame=frame))
    frame.image[:] = 255
    assert (painted(view)[20:100, 20:100] == GREY).all()


def test_a_frame_is_reported_once_when_it_has_been_painted(qtbot: QtBot, view: VideoView) -> None:
    reported: list[float] = []
    view.frame_painted.connect(reported.append)
    view.show_result(make_result(frame=make_frame(timestamp=12.5)))
    assert reported == []
    qtbot.waitUntil(lambda: bool(reported))
    view.repaint()
    assert reported == [12.5]
