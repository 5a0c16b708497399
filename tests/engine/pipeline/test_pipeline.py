"""Threads: newest frame wins, sources come and go, backbones are swapped, nothing hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.estimator import EstimatorSettings, PoseEstimator
from engine.pipeline.pipeline import Pipeline
from engine.session.journal import Journal, SessionError
from engine.session.recording import load_recording
from engine.session.video import VideoWriter
from engine.sources import reader_thread
from engine.sources.capture import SourceError
from engine.types import Frame, PoseResult
from tests.conftest import DotRuntime, DotSource, dot_estimator, draw_two, wait_for

LIMIT = 30.0  # seconds, for what takes milliseconds


@pytest.fixture
def pipeline() -> Iterator[Pipeline]:
    with Pipeline(open_estimator=dot_estimator) as running:
        running.set_backbone("dots")
        yield running


def test_results_flow_and_the_bell_rings() -> None:
    rings = []
    with Pipeline(notify=lambda: rings.append(1), open_estimator=dot_estimator) as pipeline:
        pipeline.set_backbone("dots")
        pipeline.set_source(DotSource)
        wait_for(lambda: pipeline.frames_with_person > 5)
        result = pipeline.results.take()
        assert result
        assert result.people
        assert pipeline.status.source_state == "running"
        assert pipeline.status.backbone == "dots"
    assert len(rings) > 5


def test_a_slow_backbone_sees_new_frames_not_a_queue() -> None:
    estimator = dot_estimator()
    assert isinstance(estimator.backbone.runtime, DotRuntime)
    estimator.backbone.runtime.seconds = 0.1
    with Pipeline() as pipeline:
        pipeline.use(estimator)
        pipeline.set_source(DotSource)
        wait_for(lambda: pipeline.frames_done > 5)
        result = pipeline.results.take(1.0)
        assert result
        assert time.monotonic() - result.frame.timestamp < 0.5
        dropped = pipeline.status.dropped
        assert dropped > 5
        pipeline.set_source(DotSource)
        wait_for(lambda: pipeline.status.dropped < dropped)  # it counts for the source that runs


def test_lossless_takes_every_frame_and_ends() -> None:
    with Pipeline(lossless=True) as pipeline:
        pipeline.use(dot_estimator())
        pipeline.set_source(lambda: DotSource(frames=30))
        assert pipeline.ended.wait(5)
        assert pipeline.frames_done == 30
        assert pipeline.status.source_state == "ended"


def test_a_limit_stops_after_exactly_so_many_frames() -> None:
    with Pipeline(lossless=True, limit=7) as pipeline:
        pipeline.use(dot_estimator())
        pipeline.set_source(DotSource)
        assert pipeline.ended.wait(5)
        assert pipeline.frames_done == 7


@pytest.mark.parametrize("fault", ["vanishes", "hangs", "repeats"])
def test_a_dead_camera_is_noticed_within_two_seconds_and_reconnected(
    pipeline: Pipeline, fault: str
) -> None:
    cameras: list[DotSource] = []

    def plug() -> DotSource:
        cameras.append(DotSource())
        return cameras[-1]

    pipeline.set_source(plug)
    wait_for(lambda: pipeline.frames_done > 3)
    start = time.monotonic()
    if fault == "vanishes":
        cameras[0].error = SourceError("Camera Dot camera stopped giving pictures.")
    else:
        setattr(cameras[0], "hang" if fault == "hangs" else "repeat", True)
    wait_for(lambda: pipeline.status.source_state == "lost", seconds=2.0)
    assert "Dot camera" in pipeline.status.message
    wait_for(lambda: pipeline.status.source_state == "running")
    assert pipeline.status.message == ""
    assert time.monotonic() - start < 4
    cameras[0].hang = False
    assert len(cameras) >= 2


def test_a_source_that_does_not_open_leaves_the_present_one_running(pipeline: Pipeline) -> None:
    pipeline.set_source(DotSource)
    wait_for(lambda: pipeline.frames_done > 3)
    pipeline.set_source("no-such-file.mp4")
    wait_for(lambda: "no-such-file.mp4" in pipeline.status.message)
    done = pipeline.frames_done
    wait_for(lambda: pipeline.frames_done > done + 5)
    status = pipeline.status
    assert (status.source_state, status.failed) == ("running", "no-such-file.mp4")
    pipeline.set_source(DotSource)
    assert pipeline.status.failed is None


def test_the_same_camera_is_closed_before_it_is_opened_again(pipeline: Pipeline) -> None:
    first, second, closed = DotSource(), DotSource(), list[bool]()
    pipeline.set_source(lambda: first)
    wait_for(lambda: pipeline.frames_done > 3)
    pipeline.set_source(lambda: second, between=lambda: closed.append(first.closed))
    wait_for(lambda: second.index > 3)
    assert closed == [True]


def test_a_camera_that_is_asked_for_its_modes_for_long_is_not_lost(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_thread, "OPENING", 0.5)
    monkeypatch.setattr(reader_thread, "STALL", 0.5)
    asked, said = threading.Event(), list[str]()

    def ask() -> None:
        time.sleep(1.5)
        asked.set()

    pipeline.set_source(DotSource)
    wait_for(lambda: pipeline.frames_done > 3)
    pipeline._shared.notify = lambda: said.append(pipeline.status.source_state)
    pipeline.set_source(DotSource, between=ask)
    wait_for(asked.is_set)
    wait_for(lambda: pipeline.status.source_state == "running")
    assert "lost" not in said
    assert pipeline.status.message == ""


def test_a_camera_that_does_not_open_again_when_asked_is_lost_and_comes_back(
    pipeline: Pipeline,
) -> None:
    pipeline.set_source(DotSource)
    wait_for(lambda: pipeline.frames_done > 3)
    pipeline.set_source("no-such-file.mp4", between=lambda: None)
    wait_for(lambda: pipeline.status.failed == "no-such-file.mp4")
    done = pipeline.frames_done
    wait_for(lambda: pipeline.status.source_state == "running" and pipeline.frames_done > done)


def test_a_lifter_is_swapped_with_the_backbone_kept_and_stays_for_the_next_one() -> None:
    opened: list[tuple[str, str]] = []

    def opening(name: str, runtime: str, settings: EstimatorSettings, lifter: str) -> PoseEstimator:
        if lifter == "broken":
            raise ValueError("Unknown lifter 'broken'.")
        opened.append((name, lifter))
        return dot_estimator(name, runtime, settings)

    with Pipeline(open_estimator=opening) as pipeline:
        pipeline.set_lifter("flat")  # nothing runs yet: it waits for the backbone
        pipeline.set_backbone("first")
        wait_for(lambda: pipeline.status.backbone == "first")
        pipeline.set_lifter("tall")
        wait_for(lambda: ("first", "tall") in opened)
        pipeline.set_backbone("second")
        wait_for(lambda: pipeline.status.backbone == "second")
        pipeline.set_lifter("broken")
        wait_for(lambda: "broken" in pipeline.status.message)
    assert opened == [("first", "flat"), ("first", "tall"), ("second", "tall")]


def test_the_old_backbone_runs_until_the_new_one_is_loaded_then_is_freed() -> None:
    loaded: list[PoseEstimator] = []
    go_on = threading.Event()

    def slow_open(name: str, *rest: object) -> PoseEstimator:
        if loaded:
            go_on.wait(LIMIT)
        loaded.append(dot_estimator(name))
        return loaded[-1]

    with Pipeline(open_estimator=slow_open) as pipeline:
        pipeline.set_backbone("first")
        pipeline.set_source(DotSource)
        wait_for(lambda: pipeline.frames_with_person > 3)
        known = loaded[0].tracker
        pipeline.set_backbone("second")
        done = pipeline.frames_done
        wait_for(lambda: pipeline.frames_done > done + 3, LIMIT)
        go_on.set()
        wait_for(lambda: pipeline.status.backbone == "second", LIMIT)
        assert loaded[1].tracker is known  # people keep their ids, and the subject is the same
        assert pipeline.status.loading == ""
        old = loaded[0].backbone.runtime
        assert isinstance(old, DotRuntime)
        wait_for(lambda: old.closed)


def test_whoever_is_chosen_is_the_subject_from_then_on(pipeline: Pipeline) -> None:
    class TwoPeople(DotSource):
        def read(self) -> Frame | None:
            frame = super().read()
            return frame and replace(frame, image=draw_two()[0])

    def chosen() -> bool:
        result = pipeline.results.take(1.0)
        return bool(result and result.chosen and result.subject)

    pipeline.set_source(TwoPeople)
    wait_for(lambda: (result := pipeline.results.take(1.0)) and result.others)
    pipeline.choose_subject((160.0, 200.0))
    wait_for(chosen)
    subject = next(r.subject for r in iter(lambda: pipeline.results.take(1.0), None) if r)
    assert subject
    assert subject.box.x1 < 160 < subject.box.x2
    pipeline.choose_subject(None)
    wait_for(lambda: (result := pipeline.results.take(1.0)) and not result.chosen)


def test_a_backbone_that_fails_to_load_says_why_and_changes_nothing(pipeline: Pipeline) -> None:
    pipeline.set_source(DotSource)
    wait_for(lambda: pipeline.status.backbone == "dots")
    pipeline._backbones._open = lambda *_: (_ for _ in ()).throw(
        ValueError("Unknown backbone 'x'.")
    )
    pipeline.set_backbone("x")
    wait_for(lambda: pipeline.status.message == "Unknown backbone 'x'.")
    assert (pipeline.status.backbone, pipeline.status.loading) == ("dots", "")


def test_a_take_holds_every_result_between_start_and_stop(
    pipeline: Pipeline, tmp_path: Path
) -> None:
    pipeline.set_source(DotSource)
    wait_for(lambda: pipeline.frames_done > 3)
    pipeline.start_recording(tmp_path / "take")
    wait_for(lambda: pipeline.status.recorded_frames >= 10)
    assert pipeline.stop_recording() == tmp_path / "take"
    pipeline.close()
    recording = load_recording(tmp_path / "take")
    assert len(recording.timestamps) >= 10
    assert recording.keypoints2d.shape[1:] == (16, 2)


def test_what_a_take_came_to_is_in_the_status(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.set_source(DotSource)
    wait_for(lambda: pipeline.frames_done > 3)
    pipeline.start_recording(tmp_path / "a_take-07", notes="first try")
    wait_for(lambda: pipeline.status.recorded_frames >= 5)
    assert pipeline.status.disk
    with pytest.raises(SessionError, match="A take is being recorded already"):
        pipeline.start_recording(tmp_path / "other")
    pipeline.stop_recording()
    wait_for(lambda: pipeline.status.last_take)
    finished = pipeline.status.last_take
    assert finished
    status = pipeline.status
    assert status.recording is None
    assert status.disk is None
    assert finished.folder == tmp_path / "a_take-07"
    assert finished.summary.target_rate == DotSource.rate
    recording = load_recording(tmp_path / "a_take-07")
    assert (recording.about["take"], recording.session["notes"]) == (7, "first try")


def test_smoothing_and_threshold_are_no_part_of_a_take(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.set_source(DotSource)
    pipeline.settings = replace(pipeline.settings, smoothing=1.0, threshold=1.0)
    wait_for(lambda: pipeline.frames_done > 3)
    pipeline.start_recording(tmp_path / "take")
    wait_for(lambda: pipeline.status.recorded_frames >= 3)
    pipeline.settings = replace(pipeline.settings, smoothing=0.0, people=2)
    done = pipeline.status.recorded_frames
    wait_for(lambda: pipeline.status.recorded_frames > done + 3)
    pipeline.close()
    recording = load_recording(tmp_path / "take")
    assert recording.session["raw"]
    assert not {"smoothing", "threshold"} & recording.about.keys()
    (event,) = recording.session["events"]
    assert (event["event"], event["people"]) == ("people", 2)


@pytest.mark.parametrize("video", [False, True])
def test_a_take_that_stops_by_itself_is_finished_and_says_why(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, video: bool
) -> None:
    pipeline.set_source(DotSource)
    wait_for(lambda: pipeline.frames_done > 3)
    pipeline.start_recording(tmp_path / "take", video)
    wait_for(lambda: pipeline.status.recorded_frames >= 3)
    if video:
        monkeypatch.setattr(VideoWriter, "write", lambda *_: 1 / 0)
    else:
        monkeypatch.setattr(Journal, "write", lambda *_: 1 / 0)
    wait_for(lambda: pipeline.status.recording is None)
    wait_for(lambda: "Recording stopped: division by zero" in pipeline.status.message)
    assert pipeline.status.last_take
    assert len(load_recording(tmp_path / "take").timestamps) >= 1  # what was written by then
    pipeline.start_recording(tmp_path / "next")


def test_every_frame_that_is_counted_is_in_the_take_that_closing_ends(tmp_path: Path) -> None:
    """The estimator is held in the middle of a frame while the pipeline is told to close."""
    entered, go_on = threading.Event(), threading.Event()

    class Held(PoseEstimator):
        def estimate(self, frame: Frame) -> PoseResult:
            entered.set()
            go_on.wait(LIMIT)
            return super().estimate(frame)

    plain = dot_estimator()
    pipeline = Pipeline(lossless=True)
    pipeline.use(Held(plain.backbone, None, plain.finder))
    pipeline.start_recording(tmp_path / "take", rate=DotSource.rate)
    pipeline.set_source(DotSource)
    assert entered.wait(LIMIT)
    wait_for(lambda: not pipeline._sources.frames.empty)
    closing = threading.Thread(target=pipeline.close)
    closing.start()
    wait_for(lambda: pipeline._closing)
    go_on.set()
    closing.join(LIMIT)
    assert pipeline.frames_done == 2  # the one in hand and the one that waited
    assert len(load_recording(tmp_path / "take").timestamps) == 2


def test_a_camera_unplugged_during_a_take_is_a_gap_in_it_and_nothing_else(tmp_path: Path) -> None:
    cameras: list[DotSource] = []

    def plug() -> DotSource:
        cameras.append(DotSource())
        return cameras[-1]

    with Pipeline() as pipeline:
        pipeline.use(dot_estimator())
        pipeline.start_recording(tmp_path / "take", True, rate=DotSource.rate)
        pipeline.set_source(plug)
        wait_for(lambda: pipeline.frames_done > 10)
        cameras[0].hang = True
        wait_for(lambda: pipeline.status.source_state == "lost")
        seen = pipeline.frames_done
        assert pipeline.status.recording == tmp_path / "take"
        wait_for(lambda: pipeline.frames_done > seen + 10)
        cameras[0].close()
    take = load_recording(tmp_path / "take")
    assert len(take.timestamps) == pipeline.frames_done
    assert take.session["pictures"] + take.session["pictures_dropped"] == pipeline.frames_done
    steps, waits = np.diff(take.frame_index), np.diff(take.timestamps)
    assert steps.min() == 1  # no number comes twice
    assert waits.argmax() == steps.argmax() == seen - 1
    assert steps.max() == pytest.approx(waits.max() * DotSource.rate, rel=0.2)
    logged = {row["second"]: row["frames"] for row in take.session["drops"]}
    assert logged[int(take.timestamps[seen])] >= steps.max() - 1
    assert take.session["error"] is None


def test_closing_never_waits_for_a_hanging_driver(pipeline: Pipeline) -> None:
    camera = DotSource()
    pipeline.set_source(lambda: camera)
    wait_for(lambda: pipeline.frames_done > 3)
    camera.hang = True
    start = time.monotonic()
    pipeline.close()
    assert time.monotonic() - start < 2
    camera.close()
