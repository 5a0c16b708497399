"""What is kept with a take beyond its poses: its number, notes, drops, changes, a verdict."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from engine.session.finish import recover, unfinished_sessions
from engine.session.journal import SessionError
from engine.session.recording import load_recording
from engine.session.takes import new_take_folder, take_number
from engine.session.video import VIDEO, VideoWriter
from engine.session.whole_files import set_notes
from engine.skeleton import MPII16
from engine.types import Frame, Person, PoseResult
from tests.engine.session.takes import (
    leave_journal,
    make_person,
    make_recorder,
    make_result,
    nobody,
    record,
)


def test_takes_are_numbered_in_their_folder_and_no_number_comes_twice(tmp_path: Path) -> None:
    assert take_number(new_take_folder(tmp_path / "none yet")) == 1
    for name in ("2001-01-01_00-00-00_take-02", "2031-01-01_00-00-00_take-11", "x_take-", "notes"):
        (tmp_path / name).mkdir()
    folder = new_take_folder(tmp_path)
    assert folder.name.endswith("_take-12")
    assert not folder.exists()
    assert take_number(tmp_path / "notes") is None


def test_notes_are_kept_and_changed_afterwards(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0), notes="left knee taped")
    before = load_recording(tmp_path / "take").session
    assert before["notes"] == "left knee taped"
    set_notes(tmp_path / "take", "Zweiter Versuch, «gut»\nmit Pause")
    after = load_recording(tmp_path / "take").session
    assert after == {**before, "notes": "Zweiter Versuch, «gut»\nmit Pause"}


def test_notes_of_what_is_no_finished_session_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="holds no session"):
        set_notes(tmp_path, "x")
    leave_journal(tmp_path, make_result(0))
    with pytest.raises(SessionError, match="not finished"):
        set_notes(tmp_path, "x")


def test_the_drop_log_says_when_and_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.session.recorder.PICTURE_BYTES", 0)  # no room for any picture
    indices = [0, 1, 4, 40, 41, 100]  # 30 a second
    record(tmp_path / "take", *map(make_result, indices[:3]))
    assert load_recording(tmp_path / "take").session["drops"] == [
        {"second": 0, "frames": 2, "pictures": 0}
    ]
    record(tmp_path / "video", *map(make_result, indices), video=True)
    assert load_recording(tmp_path / "video").session["drops"] == [
        {"second": 0, "frames": 2, "pictures": 3},
        {"second": 1, "frames": 35, "pictures": 2},
        {"second": 3, "frames": 58, "pictures": 1},
    ]


def test_a_change_of_settings_becomes_an_event(tmp_path: Path) -> None:
    with make_recorder(tmp_path, about={"smoothing": 0.5}) as recorder:
        for index, smoothing in enumerate([0.5, 0.5, 0.8]):
            recorder.write(make_result(40 + index), {"smoothing": smoothing})
    session = load_recording(tmp_path).session
    assert session["about"]["smoothing"] == 0.5
    assert session["events"] == [{"event": "smoothing", "frame": 2, "smoothing": 0.8}]
    assert session["first_frame"] == 40


@pytest.mark.parametrize(
    ("rate", "verdict"),
    [
        (30.0, "Good: 30.0 frames a second of 30.0, longest gap 0.03 s."),
        (31.4, "Good: 30.0 frames a second of 31.4, longest gap 0.03 s."),
        (31.7, "Rate off target: 30.0 frames a second of 31.7, longest gap 0.03 s."),
        (0.0, "Rate unknown: 30.0 frames a second, longest gap 0.03 s."),
    ],
)
def test_the_verdict_is_about_the_rate_of_the_source(
    tmp_path: Path, rate: float, verdict: str
) -> None:
    summary = record(tmp_path, *(make_result(i, scored(0.9)) for i in range(31)), rate=rate)
    assert summary.verdict == verdict
    assert load_recording(tmp_path).session["verdict"] == verdict


def scored(score: float, legs: float = 0.9) -> Person:
    """All keypoints score so, those of the legs otherwise."""
    person = make_person()
    scores = [legs if name.endswith(("knee", "ankle")) else score for name in MPII16.keypoints]
    return replace(person, pose2d=replace(person.pose2d, scores=np.array(scores, np.float32)))


FLAWED: dict[str, Callable[[int], PoseResult]] = {
    "nobody": nobody,
    "unsure": lambda index: make_result(index, scored(0.5, legs=0.5)),
    "legless": lambda index: make_result(index, scored(0.9, legs=0.1)),
}


@pytest.mark.parametrize("flaw", FLAWED)
def test_only_a_take_of_somebody_whole_and_sure_is_good(tmp_path: Path, flaw: str) -> None:
    def verdict(flawed: int) -> str:
        few = (FLAWED[flaw](index) for index in range(flawed))
        rest = (make_result(index, scored(0.9)) for index in range(flawed, 30))
        return record(tmp_path / str(flawed), *few, *rest, rate=30.0).verdict

    assert verdict(flawed=3).startswith("Good: ")
    assert verdict(flawed=4) == (
        "A person whole and sure in only 86 % of the frames: "
        "30.0 frames a second of 30.0, longest gap 0.03 s."
    )


def test_a_camera_that_was_away_shows_in_the_verdict(tmp_path: Path) -> None:
    before, after = range(30), range(90, 120)
    results = (make_result(i, scored(0.9)) for i in (*before, *after))
    summary = record(tmp_path, *results, rate=30.0)
    assert summary.verdict == "Frames missing: 14.9 frames a second of 30.0, longest gap 2.03 s."
    assert record(tmp_path / "empty").verdict.startswith("Nothing to judge")


def test_the_video_has_the_picture_without_the_skeleton(tmp_path: Path) -> None:
    image = np.zeros((120, 160, 3), np.uint8)
    record(tmp_path, make_result(0, image=image), video=True)
    with av.open(str(tmp_path / VIDEO)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert picture.max() < 20
    assert load_recording(tmp_path).about["video"] == "raw"


def test_pictures_wait_for_the_encoder_no_longer_than_a_kill_may_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode = VideoWriter.write

    def slow_encode(video: VideoWriter, frame: Frame) -> None:
        time.sleep(0.05)
        encode(video, frame)

    monkeypatch.setattr(VideoWriter, "write", slow_encode)
    monkeypatch.setattr("engine.session.recorder.PICTURE_SECONDS", 0.1)
    with make_recorder(tmp_path, video=True) as recorder:
        for index in range(60):
            recorder.write(make_result(index))
            time.sleep(0.01)
        start = time.monotonic()
    assert recorder.pictures_dropped > 20
    assert time.monotonic() - start < 2.0  # what was waiting at the end: 0.1 s of pictures, 11
    session = load_recording(tmp_path).session
    assert (session["frames"], session["pictures"]) == (60, 60 - recorder.pictures_dropped)


def test_a_take_that_goes_on_is_not_taken_for_a_crashed_one(tmp_path: Path) -> None:
    with make_recorder(tmp_path / "take") as recorder:
        recorder.write(make_result(0))
        assert unfinished_sessions(tmp_path) == []
        with pytest.raises(SessionError, match="is being recorded: stop that take first"):
            recover(tmp_path / "take")
        recorder.write(make_result(1))
    assert len(load_recording(tmp_path / "take").timestamps) == 2
