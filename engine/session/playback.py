"""Where a replay stands: playing, speed, loop. Knows seconds; no frames and no timers."""

from __future__ import annotations

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)


class Playback:
    """A position that moves with the clock handed to it; ``now`` is monotonic seconds."""

    def __init__(self, duration: float) -> None:
        self.duration = duration
        self.speed = 1.0
        self.loop = False
        self.playing = False
        self._position = 0.0  # seconds from the start, at ``_since``
        self._since = 0.0

    def position(self, now: float) -> float:
        """0 … duration. Playing stops at the end, or starts again where ``loop`` is set."""
        if not self.playing:
            return self._position
        position = self._position + (now - self._since) * self.speed
        if position >= self.duration:
            position = position % self.duration if self.loop and self.duration else self.duration
            self.playing = self.loop and self.duration > 0
            self.seek(position, now)
        return position

    def play(self, now: float) -> None:
        """Go on; from the end, start again."""
        if self._position >= self.duration:
            self._position = 0.0
        self._since, self.playing = now, True

    def pause(self, now: float) -> None:
        self._position, self.playing = self.position(now), False

    def seek(self, seconds: float, now: float) -> None:
        self._position, self._since = min(max(seconds, 0.0), self.duration), now

    def set_speed(self, speed: float, now: float) -> None:
        self.seek(self.position(now), now)
        self.speed = speed
