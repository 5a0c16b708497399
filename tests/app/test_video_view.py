"""The picture fills its pane, skeletons lie on the people in it, and a click chooses one."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QImage, QMouseEvent
from pytestqt.qtbot import QtBot

from app.theme import DARK
from app.views.people import own_colours
from app.views.video_view import VideoView
from engine.skeleton import H36M17
from engine.types import Box, CameraView, Person
from tests.app.conftest import (
    GREY,
    HEIGHT,
    IN_PICTURE,
    WIDTH,
    make_frame,
    make_person,
    make_result,
    pixels,
    send_mouse,
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


def test_the_words_over_the_picture_are_about_who_is_there_not_about_what_is_drawn(
    view: VideoView,
) -> None:
    view.set_threshold(1.0)
    view.show_result(make_result(make_person(np.full(17, 0.9, np.float32))))
    assert view.message == ""
    view.clear()
    view.show_result(make_result())
    assert view.message == "Nobody in view"


def test_a_line_that_wavers_does_not_flicker(view: VideoView) -> None:
    legless = [0.1 if name.endswith(("knee", "ankle")) else 0.9 for name in H36M17.keypoints]
    whole, cut = make_person(), make_person(np.array(legless, np.float32))

    def say(person: Person, timestamp: float) -> str:
        view.show_result(make_result(person, frame=make_frame(timestamp)))
        return view.message

    assert {say((whole, cut)[t % 2], t / 30) for t in range(60)} == {""}
    assert "legs are guesses" in say(cut, 2.3)


def test_a_replay_gives_no_advice_and_takes_no_clicks(qtbot: QtBot, view: VideoView) -> None:
    view.clear(live=False)
    frame = make_frame()
    frame.image[:] = 0  # what is behind a take without a video: not a dark room
    view.show_result(make_result(make_person(), frame=frame))
    assert view.message == ""
    assert view.toolTip() == ""
    with qtbot.assertNotEmitted(view.person_chosen):
        click(view, IN_PICTURE[LEFT])
        view.choose_next()
    view.show_result(make_result(frame=frame))
    assert view.message == "Nobody in view"


def click(view: VideoView, place: np.ndarray) -> None:
    """place: in pixels of the frame."""
    point = QPointF(*view.to_view().map(*map(float, place)))
    send_mouse(view, QMouseEvent.Type.MouseButtonPress, point)


@pytest.mark.parametrize("mirror", [False, True])
def test_a_click_on_a_person_chooses_the_place_in_the_picture(
    qtbot: QtBot, view: VideoView, mirror: bool
) -> None:
    view.set_mirror(mirror)
    view.resize(WIDTH * SCALE, HEIGHT * SCALE + 100)  # bars above and below
    view.show_result(make_result(make_person(aside=60)))
    with qtbot.waitSignal(view.person_chosen) as chosen:
        click(view, IN_PICTURE[LEFT] + [60, 0])
    assert chosen.args == [pytest.approx(IN_PICTURE[LEFT] + [60, 0], abs=1)]
    with qtbot.assertNotEmitted(view.person_chosen):
        click(view, np.array([5, 5]))  # nobody is there


def test_whoever_is_only_seen_can_be_clicked_too(qtbot: QtBot, view: VideoView) -> None:
    view.show_result(make_result(make_person(aside=60), others=(Box(10, 40, 60, 200),)))
    with qtbot.waitSignal(view.person_chosen):
        click(view, np.array([30, 100]))


def test_a_click_on_the_horizon_is_one_on_the_person_there_and_a_drag_tilts(
    qtbot: QtBot, view: VideoView
) -> None:
    level = CameraView(300.0, 0.0, 0.0, sources={"pitch_deg": "typed"})
    view.show_result(make_result(make_person(), camera=level))
    on_line = view.to_view().map(QPointF(WIDTH / 2, HEIGHT / 2))
    press, move, release = (
        partial(send_mouse, view, kind)
        for kind in (
            QMouseEvent.Type.MouseButtonPress,
            QMouseEvent.Type.MouseMove,
            QMouseEvent.Type.MouseButtonRelease,
        )
    )
    with qtbot.assertNotEmitted(view.tilt_chosen), qtbot.waitSignal(view.person_chosen):
        press(on_line)
        move(on_line + QPointF(1, 1))
        release(on_line + QPointF(1, 1))
    with qtbot.assertNotEmitted(view.person_chosen), qtbot.waitSignal(view.tilt_chosen) as tilted:
        press(on_line)
        move(on_line + QPointF(0, 40))
        release(on_line + QPointF(0, 40))
    assert tilted.args[0] < 0


def test_a_hand_says_where_a_click_would_choose(view: VideoView) -> None:
    def shape_at(place: np.ndarray) -> Qt.CursorShape:
        point = QPointF(*view.to_view().map(*map(float, place)))
        send_mouse(view, QMouseEvent.Type.MouseMove, point, Qt.MouseButton.NoButton)
        return view.cursor().shape()

    view.show_result(make_result(make_person(aside=60), others=(Box(10, 40, 60, 200),)))
    assert shape_at(np.array([30, 100])) == Qt.CursorShape.PointingHandCursor
    assert shape_at(np.array([5, 5])) == Qt.CursorShape.ArrowCursor
    view.show_result(make_result(make_person(aside=60)))  # no choice
    assert shape_at(IN_PICTURE[LEFT] + [60, 0]) == Qt.CursorShape.ArrowCursor
    assert "Click a person" in view.toolTip()


def edge(view: VideoView, box: Box) -> np.ndarray:
    """(N, 3) the pixels along the upper edge of a box, to the right of its label."""
    left, right = (view.to_view().map(QPointF(x, box.y1)) for x in (box.x2 - 60, box.x2 - 4))
    return painted(view)[round(left.y()), round(left.x()) : round(right.x())]


def test_the_line_of_a_box_says_how_sure_it_is(view: VideoView) -> None:
    shares = {}
    for state in ("tracking", "unsure", "confirming"):
        person = make_person(state=state)
        view.show_result(make_result(person))
        shares[state] = (edge(view, person.box).min(axis=1) > 150).mean()
    assert shares["tracking"] == 1
    assert 0.9 > shares["unsure"] > shares["confirming"] > 0.2


def test_two_people_have_joints_and_boxes_of_their_own_colour(view: VideoView) -> None:
    left, right = make_person(number=1, aside=-70), make_person(number=2, aside=70)
    view.show_result(make_result(left, right, subject_id=2, chosen=True))
    picture, colours = painted(view), own_colours([left, right])
    for person in (left, right):
        elbow, wrist = person.pose2d.keypoints[[LEFT, H36M17.index("left_wrist")]]
        assert is_like(at(picture, elbow), colours[person.id])
        assert is_like(at(picture, (elbow + wrist) / 2), DARK.sides["left"])
        assert is_like(edge(view, person.box)[5], colours[person.id])


def test_the_subject_is_marked_once_there_is_somebody_else(view: VideoView) -> None:
    one, two = make_person(number=1, aside=-70), make_person(number=2, aside=70)

    def white_above(person: Person, *people: Person) -> int:
        """Of the label, which is light behind the subject's words."""
        view.show_result(make_result(*people, subject_id=2))
        corner = view.to_view().map(QPointF(person.box.x1, person.box.y1))
        x, y = round(corner.x()), round(corner.y())
        return int((painted(view)[y - 16 : y - 2, x + 8 : x + 80].min(axis=2) > 200).sum())

    assert white_above(two, one, two) > 500 > white_above(one, one, two)
    assert white_above(two, two) < 500


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
