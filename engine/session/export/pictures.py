"""The pictures of a take with the skeleton over them; on black where none were recorded.

Knows no encoder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import cv2
import numpy as np

from engine.overlay import with_overlay
from engine.session.export.take import Take
from engine.session.joint_scores import threshold_of
from engine.session.replay import Replay

Pictures = Iterator[tuple[float, np.ndarray]]  # seconds since the first, (H, W, 3) uint8 RGB


def drawn_pictures(take: Take) -> Pictures:
    """One for each frame of the take, its sides even, as 4:2:0 needs them."""
    threshold = threshold_of(take.recording)
    with closing(Replay(take.folder, take.result, take.clean)) as replay:
        for t in range(len(replay)):
            image = with_overlay(replay.frame(t), threshold)
            height, width = (side // 2 * 2 for side in image.shape[:2])
            yield replay.time_of(t), np.ascontiguousarray(image[:height, :width])


def thinned(pictures: Pictures, width: int, rate: float) -> Pictures:
    """At most so many pixels wide and so many a second."""
    due = 0.0
    for seconds, image in pictures:
        if seconds < due - 1e-3:
            continue
        due = max(due, seconds - 1 / rate) + 1 / rate
        scale = min(1.0, width / image.shape[1])
        size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
        yield seconds, cv2.resize(image, size, interpolation=cv2.INTER_AREA)
