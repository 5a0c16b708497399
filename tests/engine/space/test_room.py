"""What the room is known to be: by what is typed, by a picture's file, by people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.space.body import Body
from engine.space.floor import room_axes
from engine.space.horizon import HEARD_FOR, Horizon, tilt_of, up_of
from engine.space.room import ANKLE, USUAL_BODY, Room, RoomSettings
from engine.space.vectors import unit
from engine.types import Frame
from tests.engine.walker import (
    PICTURE,
    RATE,
    STATURE,
    STRIDES,
    TRIPS,
    Seen,
    film,
    standing,
    walking,
)

UNKNOWN = RoomSettings()


def watch(
    room: Room, film: list[Seen], settings: RoomSettings = UNKNOWN
) -> list[np.ndarray | None]:
    """Where one person's pelvis is in each frame."""
    body, roots = Body(), []
    for seen in film:
        room.look(seen.frame, settings)
        room.learn(seen.pose, seen.lifted, 0.3, seen.time)
        roots.append(body(seen.lifted, seen.pose, room, 0.3, 0.5, seen.time)[1])
    return roots


@pytest.mark.parametrize(("pitch", "roll"), [(0.0, 0.0), (30.0, -8.0), (-15.0, 3.0)])
def test_up_is_the_inverse_of_the_tilt(pitch: float, roll: float) -> None:
    assert tilt_of(up_of(pitch, roll)) == pytest.approx((pitch, roll))


def test_room_axes_are_right_handed_and_level() -> None:
    axes = room_axes(up_of(30.0, 10.0))
    np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)
    np.testing.assert_allclose(room_axes(up_of(0, 0)), np.diag([1, -1, -1]), atol=1e-12)


@pytest.mark.parametrize(
    ("pitch", "height", "step"),
    [(0.0, 1.0, TRIPS), (20.0, 2.0, TRIPS), (30.0, 2.6, STRIDES), (-10.0, 0.7, STRIDES)],
)
def test_ten_seconds_of_walking_tell_the_floor_and_where_one_is(
    pitch: float, height: float, step: float
) -> None:
    room, seen = Room(), film(walking(10, step=step), pitch, 2.0, height)
    roots = watch(room, seen, RoomSettings(body_height=STATURE))
    camera = room.camera
    assert camera.pitch_deg == pytest.approx(pitch, abs=3)
    assert camera.roll_deg == pytest.approx(2, abs=3)
    assert camera.height_m == pytest.approx(height, rel=0.08)
    assert dict(camera.sources) == {
        "focal_px": "exif",
        "pitch_deg": "estimated",
        "roll_deg": "estimated",
        "height_m": "estimated",
    }
    truth = np.array([s.joints[0] for s in seen])
    late = slice(len(seen) // 2, None)
    off = np.linalg.norm(np.array(roots)[late] - truth[late], axis=1)
    distance = np.linalg.norm(truth[late] - np.array([0, height, 0]), axis=1)
    assert np.median(off / distance) < 0.05


def test_what_is_typed_counts_before_what_is_estimated() -> None:
    room = Room()
    watch(room, film(walking(4), 20.0, height=2.0), RoomSettings(90.0, 12.0, body_height=1.5))
    assert room.camera.focal_px == pytest.approx(320)
    assert (room.camera.pitch_deg, room.camera.roll_deg) == (12.0, 0.0)
    assert room.camera.sources["pitch_deg"] == room.camera.sources["focal_px"] == "typed"
    assert room.view.height == 1.5


def test_a_lens_that_nothing_is_known_of_is_guessed() -> None:
    room = Room()
    room.look(Frame(PICTURE, 0, 0.0), UNKNOWN)
    assert room.camera.focal_px == pytest.approx(554, abs=1)
    assert room.camera.sources == {"focal_px": "guess"}
    assert room.body == USUAL_BODY


def test_who_stands_still_stays_on_the_floor_while_the_tilt_becomes_known() -> None:
    """As soon as a camera is known to look down by so much all that is before it lies lower."""
    room, still = Room(), film(np.repeat(standing()[None], 45, axis=0), 20.0, height=2.0)
    body, heights = Body(), []
    for seen in still:
        room.look(seen.frame, RoomSettings(pitch=20.0) if seen.time > 11 else UNKNOWN)
        shown, root = body(seen.lifted, seen.pose, room, 0.3, 0.5, seen.time)
        assert root is not None
        heights.append(root[1] + ((shown.keypoints / 1000) @ room.axes.T)[:, 1].min())
    assert heights == pytest.approx([ANKLE * USUAL_BODY] * len(heights), abs=0.03)


def test_one_place_alone_leaves_the_pitch_a_guess_that_no_lifter_is_told() -> None:
    room = Room()
    watch(room, film(np.repeat(standing()[None], 60, axis=0), 10.0))
    assert room.camera.sources["pitch_deg"] == "guess"
    assert room.view.pitch is None


def test_a_lifter_that_knows_where_up_is_is_told_the_mean_of_what_it_says() -> None:
    room, rng = Room(), np.random.default_rng(0)
    for seen in film(np.repeat(standing()[None], HEARD_FOR + 10, axis=0), 20.0, height=2.0):
        room.look(seen.frame, UNKNOWN)
        up = unit(up_of(20.0, 0.0) + rng.normal(0, 0.1, 3))
        room.learn(seen.pose, replace(seen.lifted, up=up), 0.3, seen.time)
        if seen.time < 10 + HEARD_FOR / 2 / RATE:
            assert room.view.pitch is None
    assert room.camera.sources["pitch_deg"] == "estimated"
    assert room.view.pitch == pytest.approx(20, abs=4)


@pytest.mark.parametrize("every", [1, 3, 6])  # 15, 5 and 2.5 frames a second
def test_who_stands_straight_for_two_seconds_levels_the_camera(every: int) -> None:
    room = Room()
    assert room.level(0.0) is None
    seen = film(np.repeat(standing()[None], round(2.5 * RATE), axis=0), 20.0, 3.0, 2.0)[::every]
    watch(room, seen[: len(seen) // 2])
    assert room.level(seen[len(seen) // 2].time) is None
    watch(room, seen[len(seen) // 2 :])
    assert room.level(seen[-1].time + 5.0) is None
    assert room.level(seen[-1].time) == pytest.approx((20.0, 3.0), abs=4)


def test_a_camera_upside_down_and_people_without_feet_leave_the_tilt_unknown() -> None:
    room, upside_down = Room(), film(walking(3), roll=180.0)
    roots = watch(room, upside_down)
    assert room.camera.pitch_deg is None
    assert all(root is None or np.isfinite(root).all() for root in roots)
    horizon = Horizon()
    assert horizon.tilt() is None
    assert horizon.levelled(0.0) is None
