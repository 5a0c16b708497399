"""Fetches frames of a replay in a thread of its own; the newest request wins.

Knows no widgets and no clock.
"""

from __future__ import annotations

from threading import Thread

from PyQt6.QtCore import QObject, pyqtSignal

from engine.mailbox import Mailbox
from engine.session.replay import Replay

POLL = 0.5  # seconds


class ReplayBridge(QObject):
    """Owns the replay. Signals are emitted in the thread that made the bridge."""

    result_ready = pyqtSignal(object)  # PoseResult, of the newest request
    _rung = pyqtSignal()

    def __init__(self, replay: Replay) -> None:
        super().__init__()
        self.replay = replay
        self._wanted: Mailbox[int] = Mailbox()
        self._found: Mailbox[object] = Mailbox()
        self._closing = False
        self._rung.connect(self._take)
        self._thread = Thread(target=self._run, name="replay", daemon=True)
        self._thread.start()

    def ask(self, t: int) -> None:
        """Let frame ``t`` be shown soon, unless another one is asked for before."""
        self._wanted.put(t)

    def close(self) -> None:
        self._closing = True
        self._rung.disconnect()
        self._wanted.close()
        self._thread.join()
        self.replay.close()

    def _run(self) -> None:
        while not self._closing:
            if (t := self._wanted.take(POLL)) is not None and not self._closing:
                self._found.put(self.replay.frame(t))
                self._rung.emit()

    def _take(self) -> None:
        if result := self._found.take():
            self.result_ready.emit(result)
