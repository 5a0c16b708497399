"""The clock of a file: media time → monotonic time. Knows no pictures."""

from __future__ import annotations

import time


class Pace:
    """Waits until a frame is due, or says that it is past."""

    def __init__(self, realtime: bool) -> None:
        self.realtime, self._zero = realtime, time.monotonic()
        self._offset = self._latest = 0.0

    def restart(self, gap: float) -> None:
        """The media starts again from zero, ``gap`` seconds after its last frame."""
        self._offset = self._latest + gap

    def timestamp(self, media_time: float) -> float:
        self._latest = self._offset + media_time
        return self._zero + self._latest

    def is_late(self, timestamp: float, tolerance: float) -> bool:
        """Wait until the time has come; True when it is past by more than ``tolerance``."""
        if not self.realtime:
            return False
        wait = timestamp - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        return wait < -tolerance
