"""Reads one source in a thread of its own and notices when it has gone silent.

Knows nothing of what becomes of the frames.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from contextlib import closing

import numpy as np

from engine.sources.source import FrameSource
from engine.timing import Rate
from engine.types import Frame

log = logging.getLogger(__package__)


STALL = 1.5  # seconds without a new picture after which a live source counts as lost
OPENING = 10.0  # seconds a live source may take to its first picture


class ReaderThread:
    """Reads one source in a thread of its own; when that hangs in a driver it is left behind.

    changes_needed: how many different pictures must come before the source counts as working: one
    that is reopened may repeat its last picture. deliver: called with each frame, in the thread.
    before: done first in the thread, for as long as it takes.
    """

    def __init__(
        self,
        opener: Callable[[], FrameSource],
        changes_needed: int,
        deliver: Callable[[ReaderThread, Frame], None],
        before: Callable[[], None] | None = None,
    ) -> None:
        self.opener, self.changes_needed, self._deliver = opener, changes_needed, deliver
        self._before = before
        self.description, self.live, self.nominal_rate = "", True, 0.0
        self.failed, self.ended, self.abandoned = "", False, False
        self.skipped = ""  # see FrameSource
        self.frames = self.changes = 0  # pictures, and pictures that differ from the one before
        self.shift = 0  # to be added to its frame numbers, see Sources
        self.last_change = math.inf if before else time.monotonic()
        self.rate = Rate()
        self.thread = threading.Thread(target=self._run, name="capture", daemon=True)

    def start(self) -> None:
        """To be called once whoever gets the frames knows this reader."""
        self.thread.start()

    def _run(self) -> None:
        try:
            if self._before:
                self._before()
                self.last_change = time.monotonic()
            with closing(self.opener()) as source:
                self.description, self.live = source.description, source.live
                self.nominal_rate = source.rate
                log.info("Opened: %s", self.description)
                self._read_all(source)
        except Exception as error:  # whatever a driver raises, the pipeline must hear of it
            self.failed = str(error) or type(error).__name__
            log.exception(self.failed)

    def _read_all(self, source: FrameSource) -> None:
        last: np.ndarray | None = None
        while not self.abandoned:
            frame = source.read()
            self.skipped = source.skipped
            if frame is None:
                self.ended = True
                return
            sample = frame.image[::16, ::16]
            if last is None or sample.shape != last.shape or not np.array_equal(sample, last):
                self.last_change, last = time.monotonic(), sample.copy()
                self.changes += 1
            self.frames += 1
            self.rate.tick()
            if not self.abandoned:
                self._deliver(self, frame)

    @property
    def stalled(self) -> bool:
        """A live source from which nothing new has come for too long."""
        patience = STALL if self.frames else OPENING
        silent = time.monotonic() - self.last_change > patience
        return self.live and silent and not self.ended
