"""What a crash leaves of a take is found, and finished to the same session."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from engine.session.finish import recover, unfinished_sessions
from engine.session.journal import JOURNAL, SessionError
from engine.session.recording import load_recording, read_arrays
from engine.session.video import VIDEO
from tests.engine.session.takes import (
    leave_journal,
    make_result,
    nobody,
    record,
)

CHILD = """
import sys, time
from pathlib import Path
import numpy as np
sys.path.insert(0, sys.argv[2])
from tests.engine.session.takes import make_recorder, make_result
rng = np.random.default_rng(0)
recorder = make_recorder(Path(sys.argv[1]), video=True)
start = time.monotonic()
for index in range(3000):
    seconds = time.monotonic() - start
    image = rng.integers(0, 255, (120, 160, 3), dtype=np.uint8)
    recorder.write(make_result(index, image=image, seconds=seconds))
    print(seconds, flush=True)
    time.sleep(1 / 30)
"""


def record_and_kill(folder: Path, after: float) -> list[float]:
    """Record in a process that is killed ``after`` seconds; when each frame was handed over."""
    command = [sys.executable, "-c", CHILD, str(folder), str(Path(__file__).parents[3])]
    times = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            times.append(float(line))
            if times[-1] >= after:
                child.kill()  # what it had written to the pipe by then still comes
    return times


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("after", [0.4, 1.1, 1.7])
def test_a_kill_costs_at_most_a_fifth_of_a_second_of_poses_and_a_second_of_video(
    tmp_path: Path, after: float
) -> None:
    written = record_and_kill(tmp_path / "take", after)
    assert unfinished_sessions(tmp_path) == [tmp_path / "take"]
    with pytest.raises(SessionError, match="not finished; type: python main"):
        load_recording(tmp_path / "take")
    summary = recover(tmp_path / "take")
    take = load_recording(tmp_path / "take")
    assert take.frame_index.tolist() == list(range(summary.frames))
    assert take.timestamps[-1] >= written[-1] - written[0] - 0.2
    assert summary.error is not None
    assert unfinished_sessions(tmp_path) == []
    with av.open(str(tmp_path / "take" / VIDEO)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert len(times) == summary.pictures
    assert times[-1] >= written[-1] - written[0] - 1.0
    apart = np.abs(np.subtract.outer(times, take.timestamps)).min(axis=1)
    assert apart.max() < 0.001  # each picture is of a frame; a busy machine may have dropped some


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

    def misread(path: Path) -> Iterator[tuple[str, np.ndarray]]:
        for name, array in read_arrays(path):
            yield name, np.zeros(2) if name == "timestamps" else array

    monkeypatch.setattr("engine.session.whole_files.read_arrays", misread)
    with pytest.raises(SessionError, match="does not read back"):
        recover(tmp_path)
    assert journal.exists()
    monkeypatch.undo()
    assert recover(tmp_path).frames == 2
