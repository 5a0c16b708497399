"""Everybody who is followed is in the take, by their ids; what has no prefix is the subject's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.session.clean.take import clean_take
from engine.session.finish import recover
from engine.session.journal import SessionError
from engine.session.pose_arrays import ARRAYS, NAMES, PEOPLE
from engine.session.recording import POSES, SESSION, load_document, load_recording, read_arrays
from engine.session.replay import Replay
from engine.session.rerun import rerun
from engine.skeleton import COCO17
from engine.types import Box, Frame, Person, PoseResult
from tests.conftest import dot_estimator
from tests.engine.session.takes import (
    as_older,
    leave_journal,
    make_result,
    make_scene,
    nobody,
    person_of,
    record,
    replace_array,
)

# Two people; the subject is 1, then 1 goes, then 2 is chosen, then both are gone.
SCENES = [
    make_scene(0, 1, 2, subject=1),
    make_scene(1, 2, 1, subject=1),
    make_scene(2, 2, subject=1),
    make_scene(3, 1, 2, subject=2),
    make_scene(4, subject=2),
]
IN_VIEW = [[True, True], [True, True], [False, True], [True, True], [False, False]]


def seen(array: np.ndarray) -> list[list[bool]]:
    """(T, P, …) → who is there in each frame."""
    return [[bool(np.isfinite(person).any()) for person in frame] for frame in array]


def check_pose(points: np.ndarray, joints: np.ndarray, person: Person) -> None:
    assert person.pose3d
    np.testing.assert_allclose(points, person.pose2d.keypoints, atol=0.006)
    np.testing.assert_allclose(joints, person.pose3d.keypoints, atol=0.06)


def test_a_column_is_a_person_and_the_rest_is_the_subjects(tmp_path: Path) -> None:
    record(tmp_path / "take", *SCENES)
    take = load_recording(tmp_path / "take")
    assert take.people_ids.tolist() == [1, 2]
    assert take.people_subject.tolist() == [1, 1, 1, 2, 2]
    for array in (take.people_keypoints2d, take.people_scores2d, take.people_joints3d):
        assert seen(array) == IN_VIEW
    for t, frame in enumerate(IN_VIEW):
        for p, who in enumerate((1, 2)):
            if frame[p]:
                points, joints = take.people_keypoints2d[t, p], take.people_joints3d[t, p]
                check_pose(points, joints, person_of(who, t))
    for t, who in ((0, 1), (1, 1), (3, 2)):
        check_pose(take.keypoints2d[t], take.joints3d[t], person_of(who, t))
    assert np.isnan(take.keypoints2d[[2, 4]]).all()


def test_the_contract_of_the_arrays_of_everybody(tmp_path: Path) -> None:
    record(tmp_path / "take", *SCENES)
    arrays = dict(read_arrays(tmp_path / "take" / POSES))
    assert {name: arrays[name].shape for name in PEOPLE} == {
        "people_keypoints2d": (5, 2, 16, 2),
        "people_scores2d": (5, 2, 16),
        "people_joints3d": (5, 2, 17, 3),
        "people_root": (5, 2, 3),
        "people_spread": (5, 2, 17, 3),
        "people_state": (5, 2),
        "people_ids": (2,),
        "people_subject": (5,),
    }
    assert set(arrays) == {*ARRAYS, *PEOPLE, *NAMES}
    assert load_document(tmp_path / "take")["subject"] == 1  # longer than 2


def test_of_everybody_there_is_how_sure_the_tracker_and_the_lifter_were(tmp_path: Path) -> None:
    record(tmp_path / "take", *SCENES)
    take = load_recording(tmp_path / "take")
    assert take.state[:4].tolist() == pytest.approx([1, 2, np.nan, 2], nan_ok=True)
    assert np.isfinite(take.people_spread[IN_VIEW]).all()
    shown = Replay(tmp_path / "take").frame(3).people
    assert [(person.id, person.state) for person in shown] == [(2, "unsure"), (1, "tracking")]
    for person in shown:
        assert person.pose3d
        spread = person_of(person.id, 3).pose3d
        np.testing.assert_array_equal(person.pose3d.spread, spread and spread.spread)


def test_who_was_seen_and_not_followed_is_shown_again(tmp_path: Path) -> None:
    seen_too = [(), (Box(1, 2, 30, 40.25, 0.75), Box(5, 6, 70, 80, 0.5)), (Box(1, 2, 30, 40, 1),)]
    scenes = [replace(make_result(t), others=boxes) for t, boxes in enumerate(seen_too)]
    record(tmp_path, *scenes, video=True)
    assert load_recording(tmp_path).others.shape == (3, 2, 5)
    replay = Replay(tmp_path)
    assert [replay.frame(t).others for t in range(3)] == seen_too
    clean_take(tmp_path)
    assert Replay(tmp_path, clean=True).frame(1).others == seen_too[1]


@pytest.mark.parametrize("others", [7, [7], [[1, 2, 3, 4]], [[1, 2, 3, 4, "x"]], {"1": []}])
def test_damaged_boxes_of_others_cost_their_line(tmp_path: Path, others: object) -> None:
    journal = leave_journal(tmp_path, make_result(0), make_result(1))
    line = json.dumps(OLD_LINE | {"others": others})
    journal.write_text(journal.read_text() + line + "\n")
    assert recover(tmp_path).damaged_lines == 1


@pytest.mark.parametrize("state", [np.nan, 7, -1, 0.5])
def test_a_state_that_is_none_is_shown_as_tracking(tmp_path: Path, state: float) -> None:
    record(tmp_path / "take", *SCENES)
    replace_array(tmp_path / "take" / POSES, people_state=np.full((5, 2), state, np.float32))
    (person, _) = Replay(tmp_path / "take").frame(0).people[::-1]
    assert (person.id, person.state) == (2, "tracking")


def test_the_subject_alone_needs_no_more_arrays_whatever_the_id(tmp_path: Path) -> None:
    scenes = [make_scene(i, who, subject=who) for i, who in enumerate((3, 3, 5))]
    record(tmp_path / "take", *scenes)
    assert set(dict(read_arrays(tmp_path / "take" / POSES))) == {*ARRAYS, *NAMES}
    assert load_document(tmp_path / "take")["subject"] == 3
    take = load_recording(tmp_path / "take")
    np.testing.assert_array_equal(take.people_keypoints2d[:, 0], take.keypoints2d)
    assert not take.bystanders.any()


def test_a_take_of_nobody_has_no_subject(tmp_path: Path) -> None:
    record(tmp_path / "take", nobody(0), nobody(1))
    assert load_document(tmp_path / "take")["subject"] is None
    assert Replay(tmp_path / "take").frame(1).people == ()


def test_whoever_passes_by_is_kept_though_the_subject_is_never_there(tmp_path: Path) -> None:
    record(tmp_path / "take", make_scene(0, 7, subject=1), make_scene(1, 7, subject=1))
    take = load_recording(tmp_path / "take")
    assert take.people_ids.tolist() == [7]
    assert take.bystanders.all()
    assert np.isnan(take.joints3d).all()


def test_a_crash_loses_nobody(tmp_path: Path) -> None:
    record(tmp_path / "closed", *SCENES)
    journal = leave_journal(tmp_path / "crashed", *SCENES, make_scene(5, 1, 2, subject=2))
    journal.write_bytes(journal.read_bytes()[:-20])  # the last line was cut off
    assert recover(tmp_path / "crashed").damaged_lines == 1
    closed, crashed = (dict(read_arrays(tmp_path / name / POSES)) for name in ("closed", "crashed"))
    for name, array in closed.items():
        np.testing.assert_array_equal(array, crashed[name])


OLD_LINE = {
    "timestamp": 1000.5, "frame": 3, "box": [1, 2, 3, 4, 0.5],
    "keypoints2d": [[k, k] for k in range(16)], "scores2d": [0.5] * 16,
    "joints3d": [[j, j, j] for j in range(17)],
}  # fmt: skip


def test_a_journal_from_before_there_were_ids_is_recovered(tmp_path: Path) -> None:
    journal = leave_journal(tmp_path)
    journal.write_text(journal.read_text() + json.dumps(OLD_LINE) + "\n")
    assert recover(tmp_path).frames == 1
    take = load_recording(tmp_path)
    assert take.joints3d[0, :, 0].tolist() == list(range(17))
    (person,) = Replay(tmp_path).frame(0).people
    assert person.id == load_document(tmp_path)["subject"] == 0


@pytest.mark.parametrize(
    "bystanders", [7, None, [7], [{}], [{"id": "x"}], [{"id": 2, "box": None}], {"2": {}}, [[]]]
)
def test_a_line_of_damaged_people_costs_only_itself(tmp_path: Path, bystanders: object) -> None:
    journal = leave_journal(tmp_path, make_result(0), make_result(1))
    line = json.dumps(OLD_LINE | {"subject": 1, "bystanders": bystanders})
    journal.write_text(journal.read_text() + line + "\n")
    summary = recover(tmp_path)
    assert (summary.frames, summary.damaged_lines) == (2, 1)


def test_people_of_a_take_without_keypoints_are_no_crash(tmp_path: Path) -> None:
    journal = leave_journal(tmp_path)
    header = json.loads(journal.read_text()) | {"keypoint_names": [], "joint_names": []}
    nothing = dict.fromkeys(("box", "keypoints2d", "scores2d", "joints3d"))
    line = {"timestamp": 1, "frame": 1, **nothing, "bystanders": [{"id": 2, **nothing}]}
    journal.write_text(json.dumps(header) + "\n" + json.dumps(line) + "\n")
    assert recover(tmp_path).frames == 1


def test_an_old_take_opens_as_it_was(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0), make_result(1))
    document = load_document(tmp_path / "take")
    del document["subject"]
    (tmp_path / "take" / SESSION).write_text(json.dumps(document))
    result = Replay(tmp_path / "take").frame(1)
    assert result.subject is result.people[0]
    assert load_recording(tmp_path / "take").people_ids.tolist() == [0]


def test_a_replay_shows_everybody_the_subject_first(tmp_path: Path) -> None:
    record(tmp_path / "take", *SCENES)
    as_older(tmp_path / "take")
    replay = Replay(tmp_path / "take")
    shown = [replay.frame(t) for t in range(5)]
    assert [[p.id for p in result.people] for result in shown] == [[1, 2], [1, 2], [2], [2, 1], []]
    assert [result.subject_id for result in shown] == [1, 1, 1, 2, 2]
    for t, result in enumerate(shown):
        for person in result.people:
            assert person.pose3d
            check_pose(person.pose2d.keypoints, person.pose3d.keypoints, person_of(person.id, t))
    assert np.isnan(replay.angles[2]).all()  # the subject's


def test_a_bystander_in_another_skeleton_keeps_the_3d(tmp_path: Path) -> None:
    scene = make_scene(1, 1, 2, subject=1, skeleton=COCO17)
    record(tmp_path / "take", SCENES[0], scene)
    take = load_recording(tmp_path / "take")
    assert np.isnan(take.people_keypoints2d[1]).all()
    assert np.isfinite(take.people_joints3d).all()
    assert [person.id for person in Replay(tmp_path / "take").frame(1).people] == [1, 2]


def test_where_not_all_have_room_those_who_were_there_longest_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_person = 4 * 6 * (16 * 3 + 17 * 3 + 3 + 17 * 3 + 1)  # bytes, in six frames
    monkeypatch.setattr("engine.session.pose_arrays.PEOPLE_BYTES", 2 * one_person)
    passers = [(1, 2), (1, 3), (1, 4), (1, 4), (1, 2), (1, 4)]
    scenes = [make_scene(i, *ids, subject=1) for i, ids in enumerate(passers)]
    summary = record(tmp_path / "take", *scenes)
    assert "; 2 people left out, those seen least" in str(summary)
    assert "2 people left out" in summary.verdict
    assert load_document(tmp_path / "take")["people_left_out"] == 2
    take = load_recording(tmp_path / "take")
    assert take.people_ids.tolist() == [1, 4]
    assert seen(take.people_joints3d) == [[True, 4 in ids] for ids in passers]


def test_a_rerun_holds_everybody_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def see(frame: Frame) -> PoseResult:
        ids = (4, 6) if frame.index else (6,)
        return make_scene(frame.index, *ids, subject=4)

    record(tmp_path, *(make_result(i) for i in range(3)), video=True)
    estimator = dot_estimator("second")
    monkeypatch.setattr(estimator, "estimate", see)
    assert rerun(tmp_path, estimator).people == 3
    take = load_recording(tmp_path, "second")
    assert take.people_ids.tolist() == [4, 6]
    assert seen(take.people_scores2d) == [[False, True], [True, True], [True, True]]
    assert take.session["subject"] == 4
    assert [p.id for p in Replay(tmp_path, "second").frame(2).people] == [4, 6]
    assert load_recording(tmp_path).people_ids.tolist() == [0]  # what was recorded stays


def test_poses_of_people_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    record(tmp_path / "take", *SCENES)
    replace_array(tmp_path / "take" / POSES, people_ids=np.array([1, 2, 3]))
    with pytest.raises(SessionError, match="arrays of shapes"):
        load_recording(tmp_path / "take")
