"""Pictures of a recorded video by their time, in any order. Knows no poses and no threads."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from engine.session.journal import SessionError, reason

KEPT = 32  # decoded pictures that stay at hand: two groups of the recorder's, for steps back
AHEAD = 0.6  # seconds up to which going on is quicker than looking for the nearest key picture
TOLERANCE = 0.0006  # seconds: times in the file are whole milliseconds


class VideoReader:
    """For one thread at a time; a context manager."""

    def __init__(self, path: Path) -> None:
        """Raises SessionError where ``path`` is no video."""
        import av

        self._ended: tuple[type[Exception], ...] = (av.FFmpegError, StopIteration)
        try:
            self._container = av.open(str(path.absolute()))
            self._stream = self._container.streams.video[0]
        except (av.FFmpegError, OSError, IndexError) as error:
            raise SessionError(f"{path} cannot be shown: {reason(error)}.") from error
        self._recent: deque[Any] = deque(maxlen=KEPT)  # neighbours, in their order
        self._coming: Iterator[Any] = iter(())

    def picture(self, seconds: float) -> np.ndarray | None:
        """(H, W, 3) uint8 RGB, the last picture that began by ``seconds`` after the first one.

        Where the file is cut off, the last one there is; None where none can be read.
        """
        due = seconds + TOLERANCE
        if not self._at_hand(due):
            self._go_near(due)
            while not self._recent or self._recent[-1].time < seconds - TOLERANCE:
                try:
                    self._recent.append(next(self._coming))
                except self._ended:
                    break
        before = bisect_right(self._recent, due, key=lambda picture: picture.time)
        if not self._recent:
            return None
        picture = self._recent[max(before - 1, 0)]
        return np.asarray(picture.to_ndarray(format="rgb24"))

    def _at_hand(self, due: float) -> bool:
        return bool(self._recent) and self._recent[0].time <= due < self._recent[-1].time

    def _go_near(self, due: float) -> None:
        """Let the pictures that come begin shortly before ``due``."""
        if self._recent and self._recent[-1].time <= due <= self._recent[-1].time + AHEAD:
            return
        self._recent.clear()
        due_there = int(max(due, 0.0) / (self._stream.time_base or 1))
        try:
            self._container.seek(due_there, stream=self._stream)
        except self._ended:  # beyond the end of a file that was cut off
            with suppress(*self._ended):
                self._container.seek(0, stream=self._stream)
        self._coming = self._container.decode(self._stream)

    def close(self) -> None:
        self._container.close()
