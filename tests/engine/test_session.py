"""A take is never lost: what is written is read back, and what goes wrong is told in one line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from engine.session.finish import Summary, recover, unfinished_sessions
from engine.session.journal import JOURNAL, SessionError
from engine.session.recorder import PICTURE_BYTES, Recorder
from engine.session.recording import POSES, SESSION, load_arrays, load_recording
from engine.session.video import VIDEO, VideoWriter, count_pictures
from engine.skeleton import COCO17, H36M17, MPII16, Skeleton
from engine.types import Box, Frame, Person, Pose2D, Pose3D, PoseResult

ABOUT = {"source": "demo", "backbone": "hourglass_1", "lifter": "martinez", "runtime": "openvino"}
SMALL = np.zeros((48, 64, 3), np.uint8)


def make_person(skeleton: Skeleton = MPII16, seed: int = 0) -> Person:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 640, (len(skeleton), 2)).astype(np.float32)
    joints = rng.normal(0, 400, (17, 3)).astype(np.float32)
    scores = rng.uniform(0, 1, 17).astype(np.float32)
    return Person(
        Box(10.0, 20.0, 200.0, 400.0, 0.9),
        Pose2D(points, scores[: len(skeleton)], skeleton),
        Pose3D(joints, scores, H36M17),
    )


def make_result(
    index: int,
    *people: Person,
    image: np.ndarray = SMALL,
    backbone: str = "hourglass_1",
    seconds: float | None = None,
) -> PoseResult:
    """One person unless told otherwise, 30 frames a second on a clock that started long ago."""
    timestamp = 1000.0 + (index / 30 if seconds is None else seconds)
    return PoseResult(
        Frame(image, index, timestamp), people or (make_person(seed=index),), backbone
    )


def nobody(index: int) -> PoseResult:
    return PoseResult(Frame(SMALL, index, 1000.0 + index / 30), (), "hourglass_1")


def make_recorder(folder: Path, *, video: bool = False) -> Recorder:
    return Recorder(folder, skeleton=MPII16, about=ABOUT, video=video)


def record(folder: Path, *results: PoseResult, video: bool = False) -> Summary:
    with make_recorder(folder, video=video) as recorder:
        for result in results:
            recorder.write(result)
    assert recorder.error is None
    return recorder.close()


def leave_journal(folder: Path, *results: PoseResult) -> Path:
    """What a crash leaves: the journal of a take that nobody finished."""
    recorder = make_recorder(folder)
    for result in results:
        recorder.write(result)
    recorder._poses.end()
    return folder / JOURNAL


def wait_until_stopped(recorder: Recorder, results: Iterator[PoseResult]) -> str:
    """Keep writing until the recorder says that it has stopped; its word for why."""
    for result in results:
        recorder.write(result)
        if recorder.error:
            return recorder.error
        time.sleep(0.002)
    raise AssertionError("the recorder never stopped")


def endless() -> Iterator[PoseResult]:
    """As good as endless: pictures of noise, which no encoder makes small."""
    noise = np.random.default_rng(0).integers(0, 255, (60, 120, 160, 3), dtype=np.uint8)
    return (make_result(index, image=noise[index % 60]) for index in range(3000))


# What is written is read back


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
    assert take.frame_index.tolist() == indices
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


# What a crash leaves

CHILD = """
import sys, time
from pathlib import Path
import numpy as np
sys.path[:0] = sys.argv[2:]
from test_session import make_recorder, make_result
rng = np.random.default_rng(0)
recorder = make_recorder(Path(sys.argv[1]), video=True)
start = time.monotonic()
for index in range(3000):
    seconds = time.monotonic() - start
    image = rng.integers(0, 255, (120, 160, 3), dtype=np.uint8)
    recorder.write(make_result(index, image=image, seconds=seconds))
    print(index, seconds, flush=True)
    time.sleep(1 / 30)
"""


def record_and_kill(folder: Path, after: float) -> tuple[int, float]:
    """Record in a process that is killed ``after`` seconds of take; its last frame and time."""
    here = Path(__file__).parent
    command = [sys.executable, "-c", CHILD, str(folder), str(here), str(here.parents[1])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            index, seconds = line.split()
            if float(seconds) >= after:
                break
        child.send_signal(signal.SIGKILL)
    return int(index), float(seconds)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_kill_costs_at_most_the_last_line_and_a_second_of_video(tmp_path: Path) -> None:
    last, seconds = record_and_kill(tmp_path / "take", after=1.7)
    assert unfinished_sessions(tmp_path) == [tmp_path / "take"]
    with pytest.raises(SessionError, match="not finished; type: python main"):
        load_recording(tmp_path / "take")
    summary = recover(tmp_path / "take")
    take = load_recording(tmp_path / "take")
    assert take.frame_index.tolist() == list(range(summary.frames))
    assert summary.frames >= last
    assert summary.error is not None
    assert unfinished_sessions(tmp_path) == []
    with av.open(str(tmp_path / "take" / VIDEO)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert len(times) == summary.pictures
    assert times[-1] >= seconds - 1.0
    np.testing.assert_allclose(times, take.timestamps[: len(times)], atol=0.001)


def test_recovering_gives_what_closing_would_have_given(tmp_path: Path) -> None:
    results = [make_result(0), nobody(1), make_result(4)]
    record(tmp_path / "closed", *results)
    leave_journal(tmp_path / "crashed", *results)
    recover(tmp_path / "crashed")
    closed, crashed = load_recording(tmp_path / "closed"), load_recording(tmp_path / "crashed")
    for name in ("timestamps", "frame_index", "keypoints2d", "scores2d", "joints3d"):
        np.testing.assert_array_equal(getattr(closed, name), getattr(crashed, name))


@pytest.mark.parametrize("cut", [1, 2, 100, 600])
def test_a_cut_off_last_line_is_dropped_and_counted(tmp_path: Path, cut: int) -> None:
    journal = leave_journal(tmp_path, *(make_result(index) for index in range(5)))
    journal.write_bytes(journal.read_bytes()[:-cut])
    summary = recover(tmp_path)
    lost = int(cut > 1)  # without its newline alone, the line is still whole
    assert (summary.frames, summary.damaged_lines) == (5 - lost, lost)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\x00" * 64,
        b"\xff\xfe",
        b"7",
        b"[" * 5000,
        b'{"timestamp": 1}',
        b'{"timestamp": NaN, "frame": 1, "box": null, "keypoints2d": null, "scores2d": null, '
        b'"joints3d": null}',
        b'{"timestamp": 1, "frame": 1e400, "box": null, "keypoints2d": null, "scores2d": null, '
        b'"joints3d": null}',
        b'{"timestamp": 1, "frame": 1, "box": null, "keypoints2d": [[1, 2]], "scores2d": null, '
        b'"joints3d": null}',
        b'{"timestamp": 1, "frame": 1, "box": [1e300, 0, 0, 0, 0], "keypoints2d": null, '
        b'"scores2d": null, "joints3d": null}',
        b'{"timestamp": 1, "frame": 1, "box": null, "keypoints2d": null, "scores2d": "a", '
        b'"joints3d": null}',
    ],
)
def test_an_edited_line_costs_only_itself(tmp_path: Path, line: bytes) -> None:
    journal = leave_journal(tmp_path, *(make_result(index) for index in range(3)))
    lines = journal.read_bytes().splitlines()
    journal.write_bytes(b"\n".join([*lines[:2], line, *lines[2:]]) + b"\n")
    summary = recover(tmp_path)
    assert (summary.frames, summary.damaged_lines) == (3, 1)


def test_a_header_that_contradicts_its_lines_costs_none_of_them(tmp_path: Path) -> None:
    journal = leave_journal(tmp_path, *(make_result(index) for index in range(5)))
    content = journal.read_bytes()
    journal.write_bytes(content.replace(b'"right_ankle",', b"", 1))
    with pytest.raises(SessionError, match="left as it is: 5 of its 5 lines are damaged"):
        recover(tmp_path)
    journal.write_bytes(content)
    assert recover(tmp_path).frames == 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty: nothing was recorded"),
        (b'{"format": "sandglass-session", "vers', "damaged header line"),
        (b"[" * 5000, "damaged header line"),
        (b'{"format": "sandglass-session", "version": 1}\n', "damaged header line"),
        (b'{"format": "sandglass-session", "version": 2}\n', "session version 2; .* version 1"),
        (b'{"other": "file"}\n', "not part of a Sandglass session"),
    ],
)
def test_a_journal_beyond_reading_is_told_and_left_alone(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / JOURNAL).write_bytes(content)
    with pytest.raises(SessionError, match=message):
        recover(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [JOURNAL]


def test_recovering_what_needs_no_recovery_says_so(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0))
    with pytest.raises(SessionError, match="already finished"):
        recover(tmp_path / "take")
    with pytest.raises(SessionError, match="holds no session"):
        recover(tmp_path / "elsewhere")
    assert unfinished_sessions(tmp_path / "elsewhere") == []


def test_the_journal_stays_when_the_poses_do_not_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = leave_journal(tmp_path, make_result(0), make_result(1))

    def misread(path: Path) -> dict[str, np.ndarray]:
        return load_arrays(path) | {"timestamps": np.zeros(2)}

    monkeypatch.setattr("engine.session.finish.load_arrays", misread)
    with pytest.raises(SessionError, match="does not read back"):
        recover(tmp_path)
    assert journal.exists()
    monkeypatch.undo()
    assert recover(tmp_path).frames == 2


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
    recorder = make_recorder(small_disk / "take", video=video)
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


def test_what_is_no_session_is_told(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="holds no session"):
        load_recording(tmp_path)
    (tmp_path / SESSION).write_text('{"format": "sandglass-session", "version": 2}')
    with pytest.raises(SessionError, match="session version 2"):
        load_recording(tmp_path)
    (tmp_path / SESSION).write_text("{")
    with pytest.raises(SessionError, match=r"session\.json cannot be read"):
        load_recording(tmp_path)


@pytest.mark.parametrize("keep", [0, 10, 400, 3000])
def test_cut_off_poses_are_told(tmp_path: Path, keep: int) -> None:
    record(tmp_path / "take", *(make_result(index) for index in range(10)))
    poses = tmp_path / "take" / POSES
    poses.write_bytes(poses.read_bytes()[:keep])
    with pytest.raises(SessionError, match=r"poses\.npz cannot be read"):
        load_recording(tmp_path / "take")


def test_poses_of_another_shape_are_told(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0))
    replace_array(tmp_path / "take" / POSES, scores2d=np.zeros((2, 16), np.float32))
    with pytest.raises(SessionError, match="arrays of shapes"):
        load_recording(tmp_path / "take")


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_loading_executes_nothing(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0))
    trap = np.array([Trap(tmp_path / "sprung")], dtype=object)
    replace_array(tmp_path / "take" / POSES, timestamps=trap)
    with pytest.raises(SessionError, match="Object arrays cannot be loaded"):
        load_recording(tmp_path / "take")
    assert not (tmp_path / "sprung").exists()


def replace_array(poses: Path, **arrays: np.ndarray) -> None:
    with np.load(poses) as archive:
        contents = dict(archive)
    np.savez(poses, **(contents | arrays))


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
