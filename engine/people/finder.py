"""Picture → the people in it: letterbox, network, decode, back to frame pixels. Knows no time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.keypoints.crop import apply_affine
from engine.models.model_spec import FINDER_SIDES, ModelSpec
from engine.people.centres import Maps, decode
from engine.people.letterbox import letterbox, room_for
from engine.people.person_box import long_side, middle, moved
from engine.runtimes import Runtime
from engine.types import Box

LEAST = 0.1  # score from which somebody is told of; what is shown is decided by who asks
CLOSE = 1.8  # side of what is looked at around somebody, in long sides of the box


@dataclass(frozen=True, slots=True, eq=False)
class FoundPerson:
    """Somebody in a frame, as the finder alone sees it."""

    box: Box  # cut to the frame, with the finder's score
    keypoints: np.ndarray  # (P, 2) float32, coarse, frame pixels; outside it where out of view


class Finder:
    """A person finder in the runtime that computes it."""

    def __init__(self, spec: ModelSpec, runtime: Runtime) -> None:
        self.spec, self.runtime = spec, runtime

    def find(
        self, image: np.ndarray, threshold: float = LEAST, near: Box | None = None
    ) -> list[FoundPerson]:
        """Everybody in an (H, W, 3) uint8 RGB picture from that score on, the surest first.

        near: where somebody may be, who is looked at closely; nothing far from there is seen.
        """
        if near is not None:
            return self._find_near(image, threshold, near)
        size = self.spec.input_size
        if self.spec.free_size:
            size = room_for((image.shape[0], image.shape[1]), size, FINDER_SIDES)
        crop = letterbox(image, size)
        outputs = self.runtime.run({"image": crop.image[None]})
        maps = Maps(outputs["centers"][0], outputs["boxes"][0], outputs["points"][0])
        found = decode(maps, threshold)
        limits = np.array(image.shape[1::-1])
        corners = apply_affine(crop.to_frame, found.boxes.reshape(-1, 2, 2)).clip(0, limits)
        points = apply_affine(crop.to_frame, found.points)
        people = zip(corners.tolist(), found.scores.tolist(), points, strict=True)
        return [
            FoundPerson(Box(x1, y1, x2, y2, score), own)
            for ((x1, y1), (x2, y2)), score, own in people
            if x1 < x2 and y1 < y2
        ]

    def _find_near(self, image: np.ndarray, threshold: float, near: Box) -> list[FoundPerson]:
        size, half = np.array(image.shape[1::-1]), CLOSE / 2 * long_side(near)
        left, top = np.clip(middle(near) - half, 0, size - 1).astype(int).tolist()
        right, bottom = np.clip(np.ceil(middle(near) + half), 1, size).astype(int).tolist()
        found = self.find(image[top:bottom, left:right], threshold)
        shift = np.array([left, top], np.float32)
        return [FoundPerson(moved(p.box, left, top), p.keypoints + shift) for p in found]

    def close(self) -> None:
        self.runtime.close()
