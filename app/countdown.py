"""Counts down before a take begins. Knows no recorder."""

from __future__ import annotations

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

COUNTDOWNS = (0, 3, 5, 10)  # seconds to choose from


class Countdown(QObject):
    ticked = pyqtSignal(int)  # whole seconds that are left; 0 when it is over or was stopped
    finished = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left = 0
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(lambda: self._go_on(self._left - 1))

    @property
    def running(self) -> bool:
        return self._clock.isActive()

    def start(self, seconds: int) -> None:
        """At once where ``seconds`` is 0."""
        self._clock.start()
        self._go_on(seconds)

    def stop(self) -> None:
        self._clock.stop()
        self.ticked.emit(0)

    def _go_on(self, left: int) -> None:
        self._left = left
        if left > 0:
            self.ticked.emit(left)
        else:
            self.stop()
            self.finished.emit()
