"""A stand-in for a webcam: the demo clip at any size and rate, with the noise of a sensor.

For measurements; knows nothing of what becomes of its frames.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import cv2
import numpy as np

from engine.sources.capture import open_source
from engine.types import Frame

PICTURES = 32  # kept in memory, shown forth and back
NOISE = 3.0  # grey levels, standard deviation


class Webcam:
    """A live FrameSource: a frame that nobody reads in time is gone."""

    live, frames, skipped = True, 0, ""

    def __init__(
        self,
        size: tuple[int, int],
        rate: float = 30.0,
        captured: Callable[[tuple[int, float]], None] = lambda frame: None,
    ) -> None:
        """size: width and height. captured: told index and timestamp of each frame at once."""
        self.rate, self._captured = rate, captured
        self.description = f"Stand-in camera, {size[0]}x{size[1]} at {rate:.0f} fps"
        pictures = _pictures(size)
        self._pictures = pictures + pictures[-2:0:-1]
        self._index, self._start = -1, time.monotonic()

    def read(self) -> Frame:
        now = time.monotonic() - self._start
        self._index = max(self._index + 1, int(now * self.rate))
        time.sleep(max(self._index / self.rate - now, 0))
        image = self._pictures[self._index % len(self._pictures)]
        frame = Frame(image, self._index, time.monotonic())
        self._captured((frame.index, frame.timestamp))
        return frame

    def close(self) -> None:
        pass


def _pictures(size: tuple[int, int]) -> list[np.ndarray]:
    source, rng, pictures = open_source("demo", realtime=False), np.random.default_rng(0), []
    while len(pictures) < PICTURES and (frame := source.read()):
        noise = rng.normal(0, NOISE, (size[1], size[0], 3))
        image = cv2.resize(frame.image, size) + noise
        pictures.append(image.clip(0, 255).astype(np.uint8))
    source.close()
    return pictures
