"""The clock of a file: media time → monotonic time. Knows no pictures."""

from __future__ import annotations

import math
import time

PASSED_OVER = 5  # frames in a row, after which the clock waits for whoever is slower than it


class Pace:
    """Waits until a frame is due, or says that it is past."""

    def __init__(self, realtime: bool, step: float) -> None:
        """step: seconds between two frames."""
        self._realtime, self._step = realtime, step
        self._zero, self._offset, self._latest = time.monotonic(), 0.0, -math.inf
        self._passed_over = 0

    def due(self, media_time: float) -> float | None:
        """The frame's time, waited for; None where it is past by more than a frame. Times rise,
        also where the media starts again.
        """
        if self._offset + media_time <= self._latest:
            self._offset = self._latest + self._step - media_time
        self._latest = self._offset + media_time
        if not self._realtime:
            return self._zero + self._latest
        wait = self._zero + self._latest - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        elif wait < -self._step:
            self._passed_over += 1
            if self._passed_over <= PASSED_OVER:
                return None
            self._zero -= wait
        self._passed_over = 0
        return self._zero + self._latest
