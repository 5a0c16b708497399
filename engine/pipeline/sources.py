"""The source in use and its replacement; a live source that is lost is reopened.

Each is read by a thread of its own, engine/sources/reader_thread.py. Knows no estimator: frames go
into a mailbox.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.mailbox import Mailbox
from engine.pipeline.status import SharedStatus
from engine.sources.capture import FrameSource, open_source
from engine.sources.reader_thread import ReaderThread
from engine.types import Frame

log = logging.getLogger(__package__)

Source = str | int | Callable[[], FrameSource]

RETRY = 1.0  # seconds between attempts to reconnect
CLOSING = 2.0  # seconds that a camera may take to close


class Sources:
    """`look_after` and `end` belong to one thread; `set` may be called from any.

    lossless: no frame is dropped. asked: of cameras, ``size`` and ``rate`` as `open_source` takes
    them.
    """

    def __init__(self, shared: SharedStatus, lossless: bool, **asked: Any) -> None:
        self.frames: Mailbox[Frame] = Mailbox()
        self.ended = threading.Event()
        self.reader: ReaderThread | None = None  # the one that is shown
        self.changed = False  # another source is shown since whoever reads this reset it
        self.asked = asked
        self._shared, self._lossless = shared, lossless
        self._next: ReaderThread | None = None  # the one that is to replace it
        self._lock = threading.Lock()  # of _next
        self._newest: Frame | None = None  # that was delivered
        self._dropped_before = 0  # frames of the sources that ran before
        self._message = ""  # the last one said of a source; cleared when another source runs
        self._retry: Callable[[], FrameSource] | None = None  # opens a lost source again
        self._retry_at = 0.0

    @property
    def dropped(self) -> int:
        """Frames of the source that is shown."""
        return self.frames.dropped - self._dropped_before

    def set(
        self, source: Source, realtime: bool, loop: bool, between: Callable[[], None] | None
    ) -> None:
        """See `Pipeline.set_source`."""

        def opener() -> FrameSource:
            if callable(source):
                return source()
            return open_source(source, realtime=realtime, loop=loop, **self.asked)

        def give_way() -> None:
            if present := self.reader:
                present.abandoned = True
                present.thread.join(CLOSING)
            assert between
            between()

        state = {"source_state": "opening"} if between or self.reader is None else {}
        given = None if callable(source) else source
        self._shared.update(opening=given, failed=None, **state)
        self._try(opener, changes=1, before=give_way if between else None)

    def _try(
        self,
        opener: Callable[[], FrameSource],
        changes: int,
        before: Callable[[], None] | None = None,
    ) -> None:
        with self._lock:
            if self._next:
                self._next.abandoned = True
            self._next = ReaderThread(opener, changes, self._deliver, before)
            self._next.start()

    def _say(self, message: str, **changes: object) -> None:
        """Show a message until the next source runs."""
        self._message = message
        if message:
            log.warning(message)
        self._shared.update(message=message, **changes)

    # --- in the readers' threads ---------------------------------------------------------------

    def _deliver(self, reader: ReaderThread, frame: Frame) -> None:
        if reader is self._next and reader.changes >= reader.changes_needed:
            self._adopt(reader, frame)
        if reader is self.reader:
            self._newest = frame = replace(frame, index=frame.index + reader.shift)
            self.frames.put(frame, wait=self._lossless)

    def _adopt(self, reader: ReaderThread, frame: Frame) -> None:
        """The next reader gives pictures: it becomes the one that is shown."""
        with self._lock:
            if reader is not self._next:
                return
            again = reader.opener is self._retry
            reader.shift = self._count_on(frame, reader.nominal_rate)
            old, self.reader, self._next = self.reader, reader, None
            self._retry, self.changed = None, True
            self._dropped_before = self.frames.dropped
        if old:
            old.abandoned = True
        log.info("%s: %s", "Reconnected" if again else "Shown", reader.description)
        message = self._shared.status.message
        kept = "" if message == self._message else message
        given = {} if again else {"given": self._shared.status.opening, "opening": None}
        self._shared.update(
            source=reader.description,
            source_rate=reader.nominal_rate,
            source_state="running",
            message=kept,
            **given,
        )

    def _count_on(self, frame: Frame, rate: float) -> int:
        """What to add to a new source's frame numbers so that they continue those of the last one.

        Frames that would have come in between are counted, so that a camera's absence is a gap.
        """
        if self._newest is None:
            return 0
        away = round((frame.timestamp - self._newest.timestamp) * rate)
        return self._newest.index + max(away, 1) - frame.index

    # --- in the thread that takes the frames ---------------------------------------------------

    def look_after(self) -> None:
        """Notice sources that failed, fell silent or ended, and act on it."""
        reader, following = self.reader, self._next
        if following and (following.failed or following.stalled or following.ended):
            self._drop_next(following)
        if reader is None or self._shared.status.source_state != "running":
            if self._retry and not self._next and time.monotonic() >= self._retry_at:
                self._try(self._retry, changes=2)
        elif reader.live and (reader.failed or reader.stalled):
            reader.abandoned = True
            reason = reader.failed or f"{reader.description} gives no new pictures."
            self._retry, self._retry_at = reader.opener, time.monotonic()
            self._say(f"{reason} Reconnecting…", source_state="lost")
        elif (reader.ended or reader.failed) and self.frames.empty:
            self.end(reader.failed)

    def _drop_next(self, reader: ReaderThread) -> None:
        with self._lock:
            if reader is not self._next:
                return  # meanwhile it gave pictures, or another was wanted
            self._next = None
        reader.abandoned = True
        if reader.opener is self._retry:
            self._retry_at = time.monotonic() + RETRY
        else:
            present = self.reader
            state = {"source_state": "none"} if present is None else {}
            if present and present.abandoned:  # it gave way
                self._retry, self._retry_at = present.opener, time.monotonic()
                state = {"source_state": "lost"}
            self._say(
                reader.failed or "The source opened but gives no pictures.",
                opening=None,
                failed=self._shared.status.opening,
                **state,
            )
            if present is None:
                self.ended.set()

    def end(self, message: str) -> None:
        if self.reader:
            self.reader.abandoned = True
        self._say(message, source_state="ended")
        self.ended.set()

    def abandon(self) -> list[ReaderThread]:
        """Take no more frames; returns what still reads."""
        readers = [reader for reader in (self.reader, self._next) if reader]
        for reader in readers:
            reader.abandoned = True
        self.frames.close()
        return readers
