"""The advice of ``engine.people.advice`` without flicker: a line stays until another has been said
for a moment. Knows no Qt.
"""

from __future__ import annotations

import numpy as np

from engine.people.advice import advise
from engine.types import PoseResult

HOLD = 0.2  # seconds for which a line stays after it was said last


class AdviceLine:
    def __init__(self) -> None:
        self.text = ""
        self._said = -np.inf  # when it was said last

    def hear(self, result: PoseResult) -> None:
        said, now = advise(result).text, result.frame.timestamp
        if said == self.text or now - self._said >= HOLD:
            self.text, self._said = said, now
