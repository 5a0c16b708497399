"""A disk that runs full is told in time, and ends a take before it is full."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.session.disk import STOP, WARN, DiskSpace, DiskWatch
from engine.session.journal import SessionError
from engine.session.recording import load_recording
from tests.engine.session.takes import endless, make_recorder, wait_until_stopped


@pytest.fixture(autouse=True)
def look_at_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.session.disk.LOOK_EVERY", 0.0)


def test_the_time_left_is_what_the_take_itself_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.monotonic", iter([100.0, 110.0]).__next__)
    watch = DiskWatch(tmp_path, free=lambda _: 6_500_000_000)
    (tmp_path / "video.mkv").write_bytes(bytes(10_000_000))
    watch.look()
    assert watch.space == DiskSpace(6_500_000_000, seconds_left=6000.0)  # 6 GB at 1 MB/s
    assert str(watch.space) == "6.5 GB free, room for 100 min"
    assert not watch.space.low


def test_below_two_gigabytes_is_low() -> None:
    assert WARN == 2_000_000_000
    assert not DiskSpace(WARN, 60.0).low
    assert DiskSpace(WARN - 1, 60.0).low
    assert str(DiskSpace(WARN - 1, 20.0)) == "2.0 GB free, room for < 1 min"


def test_below_half_a_gigabyte_no_take_begins(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match=r"only 0\.3 GB free, a take needs more than 0\.5 GB"):
        make_recorder(tmp_path / "take", free=lambda _: 300_000_000)
    assert not (tmp_path / "take").exists()


def test_a_disk_that_runs_full_ends_the_take_as_a_whole_session(tmp_path: Path) -> None:
    left = iter([STOP + 1000] * 20)
    recorder = make_recorder(tmp_path / "take", video=True, free=lambda _: next(left, STOP - 1))
    error = wait_until_stopped(recorder, endless())
    assert "Recording stopped: the disk is almost full, 0.5 GB free" in error
    assert "\n" not in error
    assert not recorder.recording
    summary = recorder.close()
    take = load_recording(tmp_path / "take")
    assert summary.frames == len(take.timestamps) == recorder.frames
    assert take.session["error"] == error
