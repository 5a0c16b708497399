"""Progress of a longer command: a line that is overwritten on a terminal, else a line a minute."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from tqdm import tqdm

EVERY = 0.2, 60.0  # seconds between two lines, on a terminal and elsewhere
WIDTH = 79


class ProgressLine:
    """``with ProgressLine(unit, total) as tell: tell(done)``; total: None where nobody knows it."""

    def __init__(self, unit: str, total: float | None = None, stream: TextIO | None = None) -> None:
        self._unit, self._total = unit, total
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._start = self._said = time.monotonic()

    def __call__(self, done: float) -> None:
        now = time.monotonic()
        if now - self._said < EVERY[not self._terminal]:
            return
        self._said = now
        line = tqdm.format_meter(
            round(done),
            self._total,
            now - self._start,
            ncols=WIDTH,
            unit=f" {self._unit}",
            ascii=True,
        )
        if self._terminal:
            print(f"\r{line:{WIDTH}}\r", end="", file=self._stream, flush=True)
        else:
            print(line, file=self._stream, flush=True)

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self._terminal:
            print(" " * WIDTH, end="\r", file=self._stream, flush=True)
