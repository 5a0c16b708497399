"""A queue and the thread that empties it into one sink. Knows nothing of what passes through."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from threading import Condition, Thread
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
T_in = TypeVar("T_in", contravariant=True)


class Sink(Protocol[T_in]):
    def write(self, item: T_in, /) -> None: ...
    def close(self) -> None: ...


class WriterThread(Generic[T]):
    """Runs until ``end``, or until the sink fails: of that ``failed`` is told, from the thread."""

    def __init__(self, sink: Sink[T], failed: Callable[[Exception], None]) -> None:
        self._sink, self._failed = sink, failed
        self._items: deque[tuple[float, T]] = deque()  # each with the moment it was put
        self._changed = Condition()
        self._ending = False
        self._thread = Thread(target=self._run, name=f"{type(sink).__name__} writer", daemon=True)
        self._thread.start()

    def put(self, item: T) -> None:
        """Queue an item; never waits."""
        with self._changed:
            self._items.append((time.monotonic(), item))
            self._changed.notify_all()

    def has_room(self, most: int, seconds: float, *, wait: bool = False) -> bool:
        """Whether fewer than ``most`` items wait, the first of them for less than ``seconds``.

        wait: until it is so, or the thread has ended.
        """

        def is_free() -> bool:
            since = time.monotonic() - self._items[0][0] if self._items else 0.0
            return len(self._items) < most and since < seconds

        with self._changed:
            if wait:
                self._changed.wait_for(is_free)
            return is_free()

    def end(self) -> None:
        """Returns when all that was put is written and the sink is closed."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        try:
            with closing(self._sink):
                while (item := self._next()) is not None:
                    self._sink.write(item)
        except Exception as error:  # of any kind: it must never look like recording when it is not
            self._failed(error)
        with self._changed:
            self._items.clear()
            self._changed.notify_all()

    def _next(self) -> T | None:
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._ending)
            item = self._items.popleft()[1] if self._items else None
            self._changed.notify_all()
            return item
