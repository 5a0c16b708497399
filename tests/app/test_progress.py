"""A long command says how far it is: over one line on a terminal, else now and then."""

from __future__ import annotations

import io

import pytest

from app.progress import ProgressLine


class Stream(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def told(monkeypatch: pytest.MonkeyPatch, terminal: bool, seconds: int) -> str:
    """What is said of one frame a second, of 100."""
    stream, clock = Stream(terminal), iter(range(1000))
    monkeypatch.setattr("app.progress.time.monotonic", lambda: next(clock))
    with ProgressLine("frames", 100, stream) as line:
        for done in range(1, seconds + 1):
            line(done)
    return stream.getvalue()


def test_a_terminal_sees_share_rate_and_time_left_on_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = told(monkeypatch, True, 25)
    assert "\n" not in said
    assert " 25%|" in said
    assert "25/100 [00:25<01:15,  1.00 frames/s]" in said
    assert said.endswith("\r")


def test_a_file_gets_a_line_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = told(monkeypatch, False, 90).splitlines()
    assert [line.split("%")[0].strip() for line in lines] == ["60"]
