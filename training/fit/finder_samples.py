"""What a finder learns from: framed scenes, worn as cameras wear pictures, and their maps.

Knows scenes and framings; the loss and the loop are finder.py's.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from engine.models.model_spec import FINDER_SIDES, FINDER_STRIDE
from engine.people.centres import encode, middles
from engine.people.letterbox import room_for
from training.datasets.framing import Size, camera_view, frame_of_a_camera, mosaic
from training.datasets.pictures.photometric import multiply_channels, wear
from training.datasets.scenes import Scene, Scenes, empty_window, part_of
from training.fit.batches import Drawn
from training.fit.samples import Numbered
from training.recipes.person_finder import FinderRecipe

EMPTY = {"rooms": 0.35, "nobody": 0.35, "window": 0.3}  # shares where there is nothing mined
MINED = {"rooms": 0.2, "nobody": 0.2, "window": 0.2, "mined": 0.4}
SHAPE = 1  # which of a number's random draws tells the shape of its batch

Batch = tuple[np.ndarray, ...]  # image, centers, known, boxes, points


class FinderSamples(Numbered):
    """Batches for a `PersonFinder`; mined: empty scenes and how often each is drawn."""

    def __init__(
        self,
        recipe: FinderRecipe,
        scenes: Mapping[str, Scenes],
        mined: tuple[list[Scene], np.ndarray] | None = None,
    ) -> None:
        self.recipe, self.mined = recipe, mined
        self.training = {kind: both.training for kind, both in scenes.items()}
        self.held_out = {kind: both.held_out for kind, both in scenes.items()}
        self.epoch_images = recipe.epoch_images
        self.empty = MINED if mined else EMPTY

    def __getitem__(self, drawn: Drawn) -> Batch:
        """Images (N, H, W, 3) uint8 RGB, of one camera's shape, and the maps of `encode`,
        (N, C, h, w), with (N, 1, h, w) bool between them, False where nobody knows whether there is
        a person.
        """
        numbers = drawn[1]
        rng = np.random.default_rng([self.recipe.seed, SHAPE, numbers[0]])
        frame = frame_of_a_camera(self.recipe.input_size, rng)
        samples = [self._sample(number, frame) for number in numbers]
        return tuple(np.stack(part) for part in zip(*samples, strict=True))

    def _sample(self, number: int, frame: Size) -> Batch:
        rng = np.random.default_rng([self.recipe.seed, number])
        kinds, shares = zip(*self.recipe.shares.items(), strict=True)
        seen = self._seen(str(rng.choice(kinds, p=np.divide(shares, sum(shares)))), frame, rng)
        return as_sample(Scene(worn(seen.image, rng), seen.boxes, seen.points, seen.unknown))

    def _seen(self, kind: str, frame: Size, rng: np.random.Generator) -> Scene:
        size = room_for(frame, self.recipe.input_size, FINDER_SIDES)
        if kind == "mosaic":
            return mosaic(lambda: self._any(rng), size, rng)
        scene = self._empty(rng) if kind == "empty" else self._draw(kind, rng)
        behind = self._empty(rng) if rng.random() < 0.3 else None
        return camera_view(scene, behind, frame, size, rng)

    def _draw(self, kind: str, rng: np.random.Generator) -> Scene:
        scenes = self.training[kind]
        return scenes[rng.integers(len(scenes))]

    def _any(self, rng: np.random.Generator) -> Scene:
        return self._empty(rng) if rng.random() < 0.4 else self._draw("people", rng)

    def _empty(self, rng: np.random.Generator) -> Scene:
        kinds, shares = zip(*self.empty.items(), strict=True)
        kind = str(rng.choice(kinds, p=shares))
        if kind == "mined" and self.mined:
            scenes, weights = self.mined
            return scenes[rng.choice(len(scenes), p=weights)]
        if kind == "window":
            scene = self._draw("people", rng)
            found = empty_window(scene, rng)
            return part_of(scene, found) if found else self._draw("rooms", rng)
        return self._draw(kind, rng)


def as_sample(scene: Scene) -> Batch:
    """A view as a picture and its maps: image, centers, known, boxes, points."""
    height, width = scene.image.shape[:2]
    size = height // FINDER_STRIDE, width // FINDER_STRIDE
    maps = encode(scene.boxes, scene.points, size)
    places = middles(size)[:, :, None]
    unknown = (places > scene.unknown[:, :2]) & (places < scene.unknown[:, 2:])
    known = (maps.centers > 0) | ~unknown.all(axis=-1).any(axis=-1)
    return scene.image, maps.centers, known, maps.boxes, maps.points


def worn(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Light, darkness, focus, noise and compression of a webcam."""
    gains = rng.uniform(0.6, 1.4) * rng.uniform(0.85, 1.15, 3)
    if rng.random() < 0.15:
        curve = (np.arange(256) / 255) ** rng.uniform(1.3, 2.6) * 255
        image = np.asarray(cv2.LUT(image, curve.astype(np.uint8)))
    image = wear(multiply_channels(image, gains), rng)
    if rng.random() < 0.3:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 80))]
        image = np.asarray(cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_COLOR))
    return image
