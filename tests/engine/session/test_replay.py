"""A finished take, seen again: any frame in any order, its marks, and the clock that plays it."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.people.follower import Follower
from engine.people.person_box import long_side
from engine.session.journal import SessionError
from engine.session.markers import find_markers, gaps, stretches, swaps
from engine.session.playback import Playback
from engine.session.recording import SESSION
from engine.session.replay import Replay
from engine.session.video import VIDEO
from engine.session.video_reader import VideoReader
from engine.skeleton import MPII16
from engine.space.joint_angles import ANGLES
from engine.types import PoseResult
from tests.conftest import STANDING
from tests.engine.session.takes import (
    as_older,
    leave_journal,
    make_person,
    make_result,
    make_scene,
    nobody,
    person_of,
    record,
)

FRAMES, STEP = 90, 12  # levels of grey apart, so that coding does not blur which picture it is


def numbered(index: int) -> np.ndarray:
    """A picture that says its number: sixteens on the left, ones on the right."""
    image = np.empty((48, 64, 3), np.uint8)
    image[:, :32], image[:, 32:] = 30 + STEP * (index // 16), 30 + STEP * (index % 16)
    return image


def number(image: np.ndarray) -> int:
    """The inverse of ``numbered``."""
    sixteens, ones = (round((half.mean() - 30) / STEP) for half in (image[:, :28], image[:, 36:]))
    return int(16 * sixteens + ones)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds with video; nobody is there in frames 30 to 44."""
    folder = tmp_path_factory.mktemp("takes") / "take"

    def empty(i: int) -> PoseResult:
        return replace(nobody(i), frame=make_result(i, image=numbered(i)).frame)

    results = [
        make_result(i, image=numbered(i)) if not 30 <= i < 45 else empty(i) for i in range(FRAMES)
    ]
    record(folder, *results, video=True)
    return folder


@pytest.fixture
def replay(take: Path) -> Replay:
    return Replay(take)


@pytest.mark.parametrize(
    "order", [range(FRAMES), range(FRAMES - 1, -1, -1), (0, 89, 3, 88, 40, 41, 39, 16, 14, 15, 0)]
)
def test_each_frame_comes_with_its_own_picture_in_whatever_order(
    replay: Replay, order: range | tuple[int, ...]
) -> None:
    shown = [replay.frame(t) for t in order]
    assert [number(result.frame.image) for result in shown] == list(order)
    assert [result.frame.index for result in shown] == list(order)


def test_a_take_of_an_older_version_is_shown_as_it_is(take: Path, tmp_path: Path) -> None:
    shutil.copytree(take, tmp_path / "old")
    as_older(tmp_path / "old")
    replay = Replay(tmp_path / "old")
    person, shown = make_person(seed=7), replay.frame(7)
    (again,) = shown.people
    assert shown.backbone == "hourglass_1"
    assert again.pose2d.skeleton is MPII16
    np.testing.assert_allclose(again.pose2d.keypoints, person.pose2d.keypoints, atol=0.006)
    np.testing.assert_allclose(again.pose2d.scores, person.pose2d.scores, atol=6e-5)
    assert again.pose3d is not None
    assert person.pose3d is not None
    np.testing.assert_allclose(again.pose3d.keypoints, person.pose3d.keypoints, atol=0.06)
    joint, keypoint = again.pose3d.skeleton.index("left_elbow"), MPII16.index("left_elbow")
    assert again.pose3d.scores[joint] == again.pose2d.scores[keypoint]
    assert replay.frame(30).people == ()


@pytest.mark.parametrize("strength", [0.0, 0.8])
@pytest.mark.parametrize("order", [(20,), (25, 3, 20), (18, 19, 20)])
def test_raw_poses_are_smoothed_as_they_were_live(
    replay: Replay, order: tuple[int, ...], strength: float
) -> None:
    follower, replay.smoothing = Follower(None), strength
    for index in range(21):
        (raw,) = replay._people(index)
        live2d, live3d, root = follower.steadied(
            raw.pose2d, raw.pose3d, replay.room, replay.times[index], strength, long_side(raw.box)
        )
    for t in order:
        (shown,) = replay.frame(t).people
    assert live3d
    assert shown.pose3d
    np.testing.assert_array_equal(shown.pose3d.keypoints, live3d.keypoints)
    np.testing.assert_array_equal(shown.root, root)
    np.testing.assert_array_equal(shown.pose2d.keypoints, live2d.keypoints)


def test_index_and_time_are_each_others_inverse(replay: Replay) -> None:
    assert [replay.index_at(replay.time_of(t)) for t in range(FRAMES)] == list(range(FRAMES))
    assert replay.index_at(-5) == 0
    assert replay.index_at(1e9) == FRAMES - 1
    assert replay.index_at(1.499) == 44  # the frame at 1.5 s is not there yet


def test_the_angles_are_those_of_the_recorded_joints(replay: Replay) -> None:
    assert replay.angles.shape == (FRAMES, len(ANGLES))
    assert np.isnan(replay.angles[30:45]).all()


def test_where_nobody_is_in_view_is_marked(replay: Replay) -> None:
    np.testing.assert_allclose(replay.markers["gaps"], [[29 / 30, 45 / 30]], atol=1e-5)


def test_without_video_the_skeleton_is_on_black(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0), make_result(1))
    replay = Replay(tmp_path / "take")
    assert not replay.frame(1).frame.image.any()
    assert replay.frame(1).people
    assert replay.warning == ""


def test_a_video_that_is_missing_or_damaged_is_told_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "take"
    record(folder, *(make_result(i) for i in range(3)), video=True)
    (folder / VIDEO).write_bytes(b"no video at all")
    assert "on black" in Replay(folder).warning
    (folder / VIDEO).unlink()
    replay = Replay(folder)
    assert f"{VIDEO} is missing" in replay.warning
    assert not replay.frame(2).frame.image.any()


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_video_that_was_cut_off_ends_with_its_last_picture(
    take: Path, tmp_path: Path, share: float
) -> None:
    whole, part = (take / VIDEO).read_bytes(), tmp_path / VIDEO
    part.write_bytes(whole[: int(len(whole) * share)])
    with closing(VideoReader(part)) as reader:
        for t in (0, 89, 1):
            image = reader.picture(t / 30)
            assert image is None or number(image) <= t


def test_a_picture_that_was_dropped_is_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "take"
    record(folder, *(make_result(i, image=numbered(i)) for i in (0, 1, 2, 5, 6)), video=True)
    with closing(VideoReader(folder / VIDEO)) as reader:
        shown = [reader.picture(i / 30) for i in range(7)]
    assert [number(image) for image in shown if image is not None] == [0, 1, 2, 2, 2, 5, 6]


def test_what_cannot_be_replayed_says_why(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="holds no session"):
        Replay(tmp_path)
    leave_journal(tmp_path / "crashed", make_result(0))
    with pytest.raises(SessionError, match="was not finished"):
        Replay(tmp_path / "crashed")
    record(tmp_path / "empty")
    with pytest.raises(SessionError, match="holds no frame"):
        Replay(tmp_path / "empty")
    record(tmp_path / "newer", make_result(0))
    document = json.loads((tmp_path / "newer" / SESSION).read_bytes())
    (tmp_path / "newer" / SESSION).write_text(json.dumps(document | {"version": 99}))
    with pytest.raises(SessionError, match="newer Sandglass"):
        Replay(tmp_path / "newer")


# --- marks -------------------------------------------------------------------------------------


def walk(frames: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Times (T,) and keypoints (T, 16, 2) of somebody who goes to the right, 400 pixels tall."""
    times = np.arange(frames) / 30
    return times, (STANDING * 400)[None] + np.array([4.0, 0.0]) * np.arange(frames)[:, None, None]


def test_a_gap_is_a_silence_of_three_usual_intervals() -> None:
    times = np.array([0, 1, 2, 3, 5, 6, 10, 11]) / 30
    np.testing.assert_allclose(gaps(times, np.ones(8, bool)), [[6 / 30, 10 / 30]])
    assert gaps(times[:1], np.ones(1, bool)).shape == (0, 2)


def test_legs_that_change_places_are_a_swap_there_and_back() -> None:
    times, keypoints = walk()
    legs = [
        MPII16.index(f"{side}_{part}") for side in ("left", "right") for part in ("knee", "ankle")
    ]
    keypoints[20:23, legs] = keypoints[20:23][:, MPII16.flip[legs]]
    apart = keypoints.copy()
    apart[..., 0] = 300 + (apart[..., 0] - 300) * 2  # legs well apart
    np.testing.assert_allclose(swaps(times, apart, MPII16), times[[[19, 20], [22, 23]]])


def test_walking_and_unseen_joints_are_no_swap() -> None:
    times, keypoints = walk()
    assert len(swaps(times, keypoints, MPII16)) == 0
    keypoints[10:12] = np.nan
    assert len(swaps(times, keypoints, MPII16)) == 0


def test_low_scores_are_marked_from_the_first_frame_to_the_last(tmp_path: Path) -> None:
    def scored(index: int) -> PoseResult:
        person = make_person(seed=index)
        person.pose2d.scores[:] = 0.3 if 4 <= index < 7 else 0.9
        return make_result(index, person)

    record(tmp_path / "take", *(scored(i) for i in range(10)))
    found = find_markers(Replay(tmp_path / "take").recording, MPII16, 0.2)
    np.testing.assert_allclose(found["low scores"], [[4 / 30, 6 / 30]], atol=1e-5)


def test_stretches_reach_both_ends() -> None:
    times = np.arange(5.0)
    assert stretches(times, np.array([1, 1, 0, 0, 1], bool)).tolist() == [[0, 1], [4, 4]]
    assert stretches(times, np.zeros(5, bool)).shape == (0, 2)


# --- the clock ---------------------------------------------------------------------------------


def test_playing_moves_at_its_speed_and_stops_at_the_end() -> None:
    playback = Playback(10.0)
    playback.play(now=100.0)
    assert playback.position(102.0) == 2.0
    playback.set_speed(0.5, now=102.0)
    assert playback.position(104.0) == 3.0
    playback.pause(now=104.0)
    assert playback.position(200.0) == 3.0
    playback.play(now=200.0)
    assert playback.position(300.0) == 10.0
    assert not playback.playing


def test_from_the_end_it_plays_from_the_start() -> None:
    playback = Playback(10.0)
    playback.seek(99.0, now=0.0)
    assert playback.position(0.0) == 10.0
    playback.play(now=50.0)
    assert playback.position(51.0) == 1.0


def test_a_loop_goes_on_from_the_start() -> None:
    playback = Playback(10.0)
    playback.loop = True
    playback.play(now=0.0)
    assert playback.position(23.0) == pytest.approx(3.0)
    assert playback.position(24.0) == pytest.approx(4.0)
    assert playback.playing


def test_a_take_of_one_frame_stands_still() -> None:
    playback = Playback(0.0)
    playback.loop = True
    playback.play(now=0.0)
    assert playback.position(5.0) == 0.0
    assert not playback.playing


def test_how_sure_each_joint_is_is_replayed_of_everybody(tmp_path: Path) -> None:
    scenes = [make_scene(index, 1, 2, subject=1) for index in range(3)]
    record(tmp_path / "take", *scenes)
    with closing(Replay(tmp_path / "take")) as replay:
        people = {person.id: person for person in replay.frame(1).people}
    for who in (1, 2):
        shown, lifted = people[who].pose3d, person_of(who, 1).pose3d
        assert shown is not None
        assert shown.spread is not None
        assert lifted is not None
        np.testing.assert_array_equal(shown.spread, lifted.spread)
