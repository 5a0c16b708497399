"""The line of advice that is shown: what ``engine.people.advice`` says once it goes on saying it.

So a score that wavers about its limit does not make the line flicker. Knows no Qt.
"""

from __future__ import annotations

import numpy as np

from engine.people.advice import advise
from engine.types import PoseResult

HOLD = 0.2  # seconds for which a new line must be what is said


class AdviceLine:
    def __init__(self) -> None:
        self.text = ""
        self._said: str | None = None  # the newest line
        self._since = -np.inf  # when it was said first

    def hear(self, result: PoseResult) -> None:
        """``text`` follows: the first line at once, another one a moment later."""
        said, now = advise(result).text, result.frame.timestamp
        if self._said is not None and said != self._said:
            self._since = now
        self._said = said
        if abs(now - self._since) >= HOLD:
            self.text = said
