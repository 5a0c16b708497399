"""A one-slot mailbox that keeps the newest value and counts what it dropped."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """One slot between a fast producer and a slow consumer: the older value is dropped."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._value: T | None = None
        self._closed = False
        self.dropped = 0

    def put(self, value: T, *, wait: bool = False) -> None:
        """Leave a value. ``wait`` until the last one was taken, instead of dropping it. Does
        nothing once the mailbox is closed.
        """
        with self._changed:
            if wait:
                self._changed.wait_for(lambda: self._value is None or self._closed)
            if self._closed:
                return
            self.dropped += self._value is not None
            self._value = value
            self._changed.notify_all()

    def take(self, timeout: float = 0.0) -> T | None:
        """The newest value not yet taken; None after ``timeout`` seconds without one."""
        with self._changed:
            self._changed.wait_for(lambda: self._value is not None or self._closed, timeout)
            value, self._value = self._value, None
            self._changed.notify_all()
            return value

    @property
    def empty(self) -> bool:
        return self._value is None

    def close(self) -> None:
        """Refuse what is put from now on and wake everybody; what is there can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
