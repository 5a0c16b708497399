"""A recorded video through another backbone: both results in one session, none overwritten."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.pipeline.pipeline import Pipeline
from engine.session.clean.person import CleanSettings
from engine.session.clean.take import clean_take, settings_of
from engine.session.journal import SessionError
from engine.session.recording import (
    POSES,
    SESSION,
    load_document,
    load_recording,
    poses_path,
    result_names,
)
from engine.session.rerun import rerun
from engine.session.video import VIDEO
from engine.session.writer_thread import WriterThread
from engine.types import Box, Frame, Person, PoseResult
from tests.conftest import DotSource, dot_estimator
from tests.engine.session.takes import make_person, make_result, record

FRAMES = 12


def record_dots(folder: Path, video: bool = True) -> Path:
    """A take of a walking person, as the pipeline makes it."""
    with Pipeline(lossless=True, limit=FRAMES) as pipeline:
        pipeline.use(dot_estimator("first"))
        pipeline.start_recording(folder, video)
        pipeline.set_source(DotSource)
        assert pipeline.ended.wait(5)
    return folder


@pytest.fixture
def take(tmp_path: Path) -> Path:
    return record_dots(tmp_path / "take")


def test_both_results_are_in_the_session(take: Path) -> None:
    before = (take / POSES).read_bytes()
    assert str(rerun(take, dot_estimator("second"))) == (
        "12 of 12 frames had a picture, a person in 12"
    )
    first, second = load_recording(take), load_recording(take, "second")
    assert result_names(first.session) == ("second",)
    assert (first.about["backbone"], second.about["backbone"]) == ("first", "second")
    assert second.about["source"] == first.about["source"]
    np.testing.assert_array_equal(second.timestamps, first.timestamps)
    np.testing.assert_array_equal(second.frame_index, first.frame_index)
    np.testing.assert_allclose(second.keypoints2d, first.keypoints2d, atol=5.0)
    assert (take / POSES).read_bytes() == before
    assert not list(take.glob("*.part"))


def read_brightness(frame: Frame) -> PoseResult:
    """A person all of whose keypoints are at the brightness of the frame."""
    person = make_person()
    person.pose2d.keypoints[:] = frame.image.mean()
    return PoseResult(frame, (person,), "second")


def test_a_picture_finds_its_frame_and_a_frame_without_one_stays_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drops = iter([False, True, False, False, True, False])
    monkeypatch.setattr(WriterThread, "has_room", lambda *_, **__: not next(drops))
    times, greys = [0.0, 0.03, 0.1, 0.5, 0.51, 0.6], [20, 50, 80, 110, 140, 170]
    images = [np.full((120, 160, 3), grey, np.uint8) for grey in greys]
    results = (make_result(i, image=images[i], seconds=times[i]) for i in range(6))
    record(tmp_path, *results, video=True)
    estimator = dot_estimator("second")
    monkeypatch.setattr(estimator, "estimate", read_brightness)
    assert rerun(tmp_path, estimator).pictures == 4
    seen = load_recording(tmp_path, "second").keypoints2d[:, 0, 0]
    np.testing.assert_allclose(seen, [20, np.nan, 80, 110, np.nan, 170], atol=3)


def at(who: int, x: float) -> Person:
    """Somebody who is ``x`` pixels to the right."""
    person = make_person(seed=who)
    person.pose2d.keypoints[:] = (x, 60.0)
    return replace(person, id=who, box=Box(x - 20, 10, x + 20, 110))


def test_whoever_was_chosen_is_the_subject_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = np.full((120, 160, 3), 90, np.uint8)
    scenes = [make_result(i, at(1, 40), at(2, 120), image=image) for i in range(3)]
    record(tmp_path, *(replace(scene, subject_id=2) for scene in scenes), video=True)
    estimator, chosen = dot_estimator("second"), list[object]()

    def nearest_first(frame: Frame) -> PoseResult:
        return PoseResult(frame, (at(7, 40), at(8, 120)), "second", subject_id=7)

    monkeypatch.setattr(estimator, "estimate", nearest_first)
    monkeypatch.setattr(estimator, "choose", chosen.append)
    rerun(tmp_path, estimator)
    assert chosen == [(120, 60)] * 3
    assert load_recording(tmp_path, "second").people_subject.tolist() == [8] * 3


def test_a_result_is_replaced_only_when_asked(take: Path) -> None:
    rerun(take, dot_estimator("second"))
    before = poses_path(take, "second").read_bytes()
    with pytest.raises(SessionError, match="has a result of second already; --overwrite replaces"):
        rerun(take, dot_estimator("second"))
    assert poses_path(take, "second").read_bytes() == before
    rerun(take, dot_estimator("third"))
    rerun(take, dot_estimator("second"), overwrite=True)
    assert result_names(load_document(take)) == ("second", "third")


def test_another_run_leaves_no_clean_result_of_the_one_before(take: Path) -> None:
    clean_take(take, CleanSettings(cutoff=3.0))
    rerun(take, dot_estimator("second"))
    assert settings_of(load_recording(take, "second").session) is None
    clean_take(take, result="second")
    rerun(take, dot_estimator("second"), overwrite=True)
    assert settings_of(load_recording(take, "second").session) is None
    with pytest.raises(SessionError, match=r"no clean-second\.npz yet"):
        load_recording(take, "second", clean=True)
    assert settings_of(load_recording(take, clean=True).session) == CleanSettings(cutoff=3.0)


def test_as_many_are_followed_as_were(take: Path) -> None:
    document = load_document(take)
    about = document["about"] | {"people": 3}
    (take / SESSION).write_text(json.dumps(document | {"about": about}))
    estimator = dot_estimator("second")
    rerun(take, estimator)
    assert estimator.settings.people == 3


def test_a_run_that_is_called_off_leaves_nothing(take: Path) -> None:
    before = {path.name: path.read_bytes() for path in take.iterdir()}

    class EnoughError(Exception):
        pass

    def enough(share: float) -> None:
        if share > 0.5:
            raise EnoughError

    with pytest.raises(EnoughError):
        rerun(take, dot_estimator("second"), progress=enough)
    assert {path.name: path.read_bytes() for path in take.iterdir()} == before


def test_without_a_clean_video_it_says_why(take: Path, tmp_path: Path) -> None:
    document = json.loads((take / SESSION).read_text())
    document["about"]["video"] = "overlay"  # as older takes may be
    (take / SESSION).write_text(json.dumps(document))
    with pytest.raises(SessionError, match="with the skeleton drawn into it"):
        rerun(take, dot_estimator("second"))
    bare = record_dots(tmp_path / "bare", video=False)
    with pytest.raises(SessionError, match="only takes with video can be run again"):
        rerun(bare, dot_estimator("second"))


def test_a_video_that_is_none_is_told(take: Path) -> None:
    (take / VIDEO).write_bytes(b"no video")
    with pytest.raises(SessionError, match="does not open as a video"):
        rerun(take, dot_estimator("second"))


@pytest.mark.parametrize("results", [None, 7, ["second"], {"second": 3}, {"../second": {}}])
def test_a_result_that_is_not_there_is_told(take: Path, results: object) -> None:
    document = json.loads((take / SESSION).read_text())
    (take / SESSION).write_text(json.dumps(document | {"results": results}))
    for name in ("second", "../second"):
        with pytest.raises(SessionError, match="no result of"):
            load_recording(take, name)
