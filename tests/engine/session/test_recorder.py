"""A take is never lost: what is written is read back, what goes wrong is told in one line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from engine.session.disk import WARN
from engine.session.finish import recover
from engine.session.journal import JOURNAL, SessionError
from engine.session.recorder import PICTURE_BYTES
from engine.session.recording import POSES, SESSION, load_recording
from engine.session.video import VIDEO, VideoWriter, count_pictures
from engine.skeleton import COCO17, H36M17, MPII16
from engine.types import Frame
from tests.engine.session.takes import (
    ABOUT,
    endless,
    make_person,
    make_recorder,
    make_result,
    nobody,
    record,
    wait_until_stopped,
)


def test_a_take_reads_back_as_it_was_seen(tmp_path: Path) -> None:
    results = [make_result(index) for index in range(20)]
    record(tmp_path / "deep" / "take", *results)
    take = load_recording(tmp_path / "deep" / "take")
    people = [result.people[0] for result in results]
    seen3d = [person.pose3d.keypoints for person in people if person.pose3d]
    np.testing.assert_allclose(take.keypoints2d, [p.pose2d.keypoints for p in people], atol=0.006)
    np.testing.assert_allclose(take.scores2d, [p.pose2d.scores for p in people], atol=0.0001)
    np.testing.assert_allclose(take.joints3d, seen3d, atol=0.06)
    assert take.keypoint_names == MPII16.keypoints
    assert take.joint_names == H36M17.keypoints
    assert take.session["about"] == ABOUT
    assert take.session["skeleton"] == "mpii16"
    assert take.session["finished"] is True


def test_the_contract_of_a_finished_folder(tmp_path: Path) -> None:
    record(tmp_path / "take", *(make_result(index) for index in range(3)))
    assert {path.name for path in (tmp_path / "take").iterdir()} == {POSES, SESSION}
    with np.load(tmp_path / "take" / POSES, allow_pickle=False) as archive:
        shapes = {name: archive[name].shape for name in archive}
    assert shapes == {
        "timestamps": (3,),
        "frame_index": (3,),
        "keypoints2d": (3, 16, 2),
        "scores2d": (3, 16),
        "joints3d": (3, 17, 3),
        "root": (3, 3),
        "spread": (3, 17, 3),
        "state": (3,),
        "others": (3, 0, 5),
        "keypoint_names": (16,),
        "joint_names": (17,),
    }


def test_nobody_in_view_is_nan(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0), nobody(1), make_result(2))
    take = load_recording(tmp_path / "take")
    for values in (take.keypoints2d, take.scores2d, take.joints3d):
        assert [bool(np.isnan(frame).all()) for frame in values] == [False, True, False]


def test_an_unseen_joint_stays_nan_among_seen_ones(tmp_path: Path) -> None:
    person = make_person()
    person.pose2d.keypoints[3] = np.nan
    record(tmp_path / "take", make_result(0, person))
    missing = np.isnan(load_recording(tmp_path / "take").keypoints2d[0]).all(axis=1)
    assert missing.nonzero()[0].tolist() == [3]


def test_times_are_those_of_capture_and_gaps_are_counted(tmp_path: Path) -> None:
    times = [0.0, 0.031, 0.107, 0.2]
    indices = [5, 6, 9, 10]
    pairs = zip(indices, times, strict=True)
    summary = record(tmp_path / "take", *(make_result(index, seconds=t) for index, t in pairs))
    assert str(summary) == "4 frames in 0.2 s (15.0 a second), 2 dropped"
    take = load_recording(tmp_path / "take")
    np.testing.assert_allclose(take.timestamps, times, atol=1e-6)
    assert take.frame_index.tolist() == [0, 1, 4, 5]
    assert take.first_frame == 5  # the source's number
    assert take.session["dropped_frames"] == 2
    assert take.session["duration"] == pytest.approx(0.2)
    assert take.session["mean_rate"] == pytest.approx(15.0)


def test_a_take_of_no_frames_is_a_session_too(tmp_path: Path) -> None:
    record(tmp_path / "take")
    take = load_recording(tmp_path / "take")
    assert take.keypoints2d.shape == (0, 16, 2)
    assert take.session["frames"] == take.session["mean_rate"] == 0


def test_a_backbone_with_other_keypoints_leaves_the_3d_going(tmp_path: Path) -> None:
    switched = make_result(1, make_person(COCO17), backbone="hrnet_w32")
    record(tmp_path / "take", make_result(0), switched)
    take = load_recording(tmp_path / "take")
    assert np.isnan(take.keypoints2d[1]).all()
    assert not np.isnan(take.joints3d).any()
    assert take.session["events"] == [{"event": "backbone", "frame": 1, "backbone": "hrnet_w32"}]


def test_the_journal_grows_line_by_line_while_recording(tmp_path: Path) -> None:
    with make_recorder(tmp_path) as recorder:
        assert json.loads((tmp_path / JOURNAL).read_text())["keypoint_names"][0] == "right_ankle"
        for index in range(3):
            recorder.write(make_result(index))
            deadline = time.monotonic() + 5
            while (tmp_path / JOURNAL).read_bytes().count(b"\n") < index + 2:
                assert time.monotonic() < deadline, "the line did not reach the file"
        assert recorder.recording
    assert not recorder.recording


def test_closing_twice_gives_the_same_answer_and_ends_writing(tmp_path: Path) -> None:
    recorder = make_recorder(tmp_path)
    recorder.write(make_result(0))
    summary = recorder.close()
    recorder.write(make_result(1))
    assert recorder.close() is summary
    assert summary.frames == recorder.frames == 1


# The picture


def test_the_video_has_the_pictures_at_their_times_in_their_colours(tmp_path: Path) -> None:
    colours = [(250, 10, 20), (10, 250, 20), (10, 20, 250), (128, 128, 128)]
    images = [np.full((120, 160, 3), colour, np.uint8) for colour in colours]
    times = [0.0, 0.033, 0.2, 0.25]
    results = [make_result(i, image=images[i], seconds=times[i]) for i in range(4)]
    record(tmp_path / "take", *results, video=True)
    with av.open(str(tmp_path / "take" / VIDEO)) as container:
        frames = list(container.decode(video=0))
    np.testing.assert_allclose([frame.time for frame in frames], times, atol=0.001)
    for frame, colour in zip(frames, colours, strict=True):
        np.testing.assert_allclose(frame.to_ndarray(format="rgb24")[60, 80], colour, atol=8)
    session = load_recording(tmp_path / "take").session
    assert (session["pictures"], session["pictures_dropped"]) == (4, 0)


def test_odd_sizes_and_a_changed_size_fit_the_first_picture(tmp_path: Path) -> None:
    video = VideoWriter(tmp_path / "a: 100% %d.mkv", fps=30)
    for index, size in enumerate([(121, 161), (240, 320), (121, 161)]):
        video.write(Frame(np.zeros((*size, 3), np.uint8), index, index / 30))
    video.close()
    with av.open(str(tmp_path / "a: 100% %d.mkv")) as container:
        assert {(f.height, f.width) for f in container.decode(video=0)} == {(120, 160)}


def test_a_clock_that_steps_back_does_not_end_the_video(tmp_path: Path) -> None:
    times = (0.0, 0.5, 0.4, 0.41)
    results = (make_result(i, seconds=t) for i, t in enumerate(times))
    record(tmp_path / "take", *results, video=True)
    assert count_pictures(tmp_path / "take" / VIDEO) == 4


def test_pictures_are_dropped_and_counted_before_memory_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_encode = threading.Event()
    encode = VideoWriter.write

    def slow_encode(video: VideoWriter, frame: Frame) -> None:
        may_encode.wait()
        encode(video, frame)

    monkeypatch.setattr(VideoWriter, "write", slow_encode)
    image = np.zeros((1080, 1920, 3), np.uint8)
    fit = -(-PICTURE_BYTES // image.nbytes)
    with make_recorder(tmp_path, video=True) as recorder:
        for index in range(100):
            recorder.write(make_result(index, image=image))
        assert 100 - recorder.pictures_dropped in (fit, fit + 1)  # one may be with the encoder
        may_encode.set()
    session = load_recording(tmp_path).session
    assert session["frames"] == 100
    assert session["pictures"] == 100 - recorder.pictures_dropped
    assert session["pictures_dropped"] == recorder.pictures_dropped


def test_no_pose_of_a_burst_is_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = [make_result(index) for index in range(1000)]
    with make_recorder(tmp_path) as recorder:
        costs = []
        for result in results:
            start = time.perf_counter()
            recorder.write(result)
            costs.append(time.perf_counter() - start)
    assert load_recording(tmp_path).frame_index.tolist() == list(range(1000))
    median, worst = np.quantile(costs, [0.5, 0.99]) * 1e6
    with capsys.disabled():
        print(f"\nRecorder.write: median {median:.0f} us, p99 {worst:.0f} us a frame")


# What goes wrong is told, and nothing is lost by it


@pytest.mark.parametrize("left", [POSES, SESSION, VIDEO, JOURNAL])
def test_an_existing_session_is_never_overwritten(tmp_path: Path, left: str) -> None:
    (tmp_path / left).write_text("precious")
    with pytest.raises(SessionError, match="already holds a session"):
        make_recorder(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {left: "precious"}


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SessionError, match=r"Cannot record into .*take: Not a directory") as caught:
        make_recorder(tmp_path / "file" / "take")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not remove a folder in use")
def test_a_folder_removed_during_the_take_stops_it(tmp_path: Path) -> None:
    recorder = make_recorder(tmp_path / "take")
    recorder.write(make_result(0))
    shutil.rmtree(tmp_path / "take")
    error = wait_until_stopped(recorder, endless())
    assert "folder was removed" in error
    assert not recorder.recording
    with pytest.raises(SessionError, match="Cannot finish"):
        recorder.close()
    assert not (tmp_path / "take").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB that is full soon."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("video", [False, True])
def test_a_full_disk_stops_the_take_and_keeps_it(small_disk: Path, video: bool) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(700_000))
    recorder = make_recorder(small_disk / "take", video=video, free=lambda _: WARN)
    assert "No space left on device" in wait_until_stopped(recorder, endless())
    with pytest.raises(SessionError, match=r"No space left .* journal stays; .* recover"):
        recorder.close()
    lines = (small_disk / "take" / JOURNAL).read_bytes().splitlines(keepends=True)
    assert all(line.endswith(b"}\n") for line in lines)
    assert not list((small_disk / "take").glob("*.part"))
    ballast.unlink()
    if video:
        assert count_pictures(small_disk / "take" / VIDEO) > 0
    summary = recover(small_disk / "take")
    assert (summary.frames, summary.damaged_lines) == (len(lines) - 1, 0)


def test_an_encoder_error_stops_the_take_and_finishes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(video: VideoWriter, frame: Frame) -> None:
        raise RuntimeError("the encoder gave up")

    monkeypatch.setattr(VideoWriter, "write", broken)
    recorder = make_recorder(tmp_path, video=True)
    assert "the encoder gave up" in wait_until_stopped(recorder, endless())
    summary = recorder.close()
    assert summary.frames == recorder.frames > 0
    assert load_recording(tmp_path).session["error"] == summary.error == recorder.error
