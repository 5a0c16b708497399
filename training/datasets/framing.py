"""Scenes as a webcam would frame them: nearer and farther, cut by the edge, several side by side.

A view is itself a scene, of the size asked for. Knows no maps and no networks.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from engine.people.letterbox import letterbox
from engine.skeleton import COCO17
from training.datasets.scenes import Scene

Size = tuple[int, int]  # H, W
ASPECTS = ((4 / 3, 0.45), (16 / 9, 0.35), (1.0, 0.1), (3 / 4, 0.1))  # of cameras, with their shares
SMALLEST = np.array([8, 20])  # pixels of width and height below which nobody is asked for
PART = 0.3  # share of a person in view below which it takes a head to be one
ZOOM = (-0.8, 0.55)  # logarithm of how much larger a picture is than the frame holds
CLOSE = (-0.3, 0.6)  # the same for the parts of a mosaic
SHARPEST = 2.0  # how much a picture is enlarged at most


def sees_all(scene: Scene, size: Size) -> Scene:
    """The whole scene, letterboxed to ``size`` as the engine does."""
    crop = letterbox(scene.image, size)
    scale = np.array([crop.to_frame[0, 0], crop.to_frame[1, 1]])
    return _moved(scene, crop.image, 1 / scale, -crop.to_frame[:, 2] / scale)


def frame_of_a_camera(size: Size, rng: np.random.Generator) -> Size:
    """As large as it fits into ``size``."""
    ratios, shares = zip(*ASPECTS, strict=True)
    ratio = rng.choice(ratios, p=shares)
    return round(min(size[0], size[1] / ratio)), round(min(size[1], size[0] * ratio))


def camera_view(
    scene: Scene, behind: Scene | None, frame: Size, size: Size, rng: np.random.Generator
) -> Scene:
    """A frame of a camera that sees ``scene``, letterboxed to ``size``; or the scene itself.

    behind: an empty scene for what lies beyond the picture's edge, else one colour or the edge
    drawn out.
    """
    if rng.random() < 0.3:
        return sees_all(turned(scene, rng), size)
    return sees_all(view(turned(scene, rng), behind, frame, rng), size)


def view(
    scene: Scene,
    behind: Scene | None,
    size: Size,
    rng: np.random.Generator,
    zoom: tuple[float, float] = ZOOM,
) -> Scene:
    """``size`` pixels of the scene: any part of it, or one person near the camera."""
    height, width = scene.image.shape[:2]
    fits = min(size[0] / height, size[1] / width)
    if len(scene.boxes) and rng.random() < 0.5:
        box = scene.boxes[rng.integers(len(scene.boxes))]
        wanted = rng.uniform(0.4, 1.8) * size[0] / max(box[3] - box[1], 1)
        scale = min(wanted, max(SHARPEST, fits))
        corner = np.array([rng.uniform(0.15, 0.85) * size[1], rng.uniform(-0.05, 0.4) * size[0]])
        shift = corner - scale * np.array([(box[0] + box[2]) / 2, box[1]])
    else:
        scale = fits * np.exp(rng.uniform(*zoom))
        room = np.array([size[1], size[0]]) - scale * np.array([width, height])
        shift = rng.uniform(0, 1, 2) * room
    columns, rows = max(round(width * scale), 1), max(round(height * scale), 1)
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    image = cv2.resize(scene.image, (columns, rows), interpolation=kind)
    shift = np.round(shift).clip(8 - np.array([columns, rows]), np.array(size[::-1]) - 8)
    canvas = _place(np.asarray(image), shift.astype(int), behind, size, rng)
    return _moved(scene, canvas, np.array([columns / width, rows / height]), shift)


def _place(
    image: np.ndarray, at: np.ndarray, behind: Scene | None, size: Size, rng: np.random.Generator
) -> np.ndarray:
    (x, y), (rows, columns) = at, image.shape[:2]
    left, top, right, bottom = x, y, size[1] - x - columns, size[0] - y - rows
    image = image[max(-top, 0) : rows - max(-bottom, 0), max(-left, 0) : columns - max(-right, 0)]
    if behind is not None:
        canvas = _cover(behind.image, size)
        below, beside = canvas[max(top, 0) :], (max(left, 0), max(left, 0) + image.shape[1])
        below[: len(image), slice(*beside)] = image
        return canvas
    above, under, before, after = (max(margin, 0) for margin in (top, bottom, left, right))
    drawn_out = rng.random() < 0.4
    kind = cv2.BORDER_REPLICATE if drawn_out else cv2.BORDER_CONSTANT
    colour = rng.uniform(0, 255, 3) * (rng.random() < 0.6)
    return np.asarray(
        cv2.copyMakeBorder(image, above, under, before, after, kind, value=colour.tolist())
    )


def _cover(image: np.ndarray, size: Size) -> np.ndarray:
    """The middle of the picture, as large as ``size``."""
    height, width = image.shape[:2]
    scale = max(size[0] / height, size[1] / width)
    rows, columns = min(round(size[0] / scale), height), min(round(size[1] / scale), width)
    top, left = (height - rows) // 2, (width - columns) // 2
    return np.asarray(cv2.resize(image[top : top + rows, left : left + columns], size[::-1]))


def mosaic(draw: Callable[[], Scene], size: Size, rng: np.random.Generator) -> Scene:
    """Four views in one picture, parted at a random place."""
    y, x = (round(rng.uniform(0.3, 0.7) * side / 8) * 8 for side in size)
    rows = [
        _joined([view(draw(), None, (high, wide), rng, CLOSE) for wide in (x, size[1] - x)], axis=1)
        for high in (y, size[0] - y)
    ]
    return _joined(rows, axis=0)


def _joined(parts: list[Scene], axis: int) -> Scene:
    """Side by side (axis 1), or below each other (axis 0)."""
    first, second = parts
    shift = np.zeros(2, np.float32)
    shift[1 - axis] = first.image.shape[axis]
    return Scene(
        np.concatenate([first.image, second.image], axis=axis),
        np.concatenate([first.boxes, second.boxes + np.tile(shift, 2)]),
        np.concatenate([first.points, second.points + shift]),
        np.concatenate([first.unknown, second.unknown + np.tile(shift, 2)]),
    )


def turned(scene: Scene, rng: np.random.Generator) -> Scene:
    """Mirrored half of the time, and now and then, oftener where nobody is, upside down."""
    if rng.random() < 0.5:
        scene = _flipped(scene, 1)
        scene = Scene(scene.image, scene.boxes, scene.points[:, COCO17.flip], scene.unknown)
    if rng.random() < (0.03 if len(scene.boxes) else 0.2):
        scene = _flipped(_flipped(scene, 0), 1)
    return scene


def _flipped(scene: Scene, axis: int) -> Scene:
    """Left to right (axis 1), or top to bottom (axis 0)."""
    over = np.array([-1 if axis else 1, 1 if axis else -1], np.float32)
    shift = np.array(scene.image.shape[1::-1]) * (over < 0)

    def corners(boxes: np.ndarray) -> np.ndarray:
        moved = boxes.reshape(-1, 2, 2) * over + shift
        return np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1).astype(np.float32)

    image = np.asarray(cv2.flip(scene.image, axis))
    points = (scene.points * over + shift).astype(np.float32)
    return Scene(image, corners(scene.boxes), points, corners(scene.unknown))


def _moved(scene: Scene, image: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> Scene:
    """What of the scene is seen in ``image``: its pixels times ``scale`` plus ``shift``.

    People of whom too little is in view become unknown; keypoints outside are kept.
    """
    high, wide = image.shape[:2]
    limits = [wide, high] * 2
    whole = scene.boxes * np.tile(scale, 2) + np.tile(shift, 2)
    seen = whole.clip(0, limits)
    extents, extents_seen = whole[:, 2:] - whole[:, :2], seen[:, 2:] - seen[:, :2]
    share = (extents_seen / np.maximum(extents, 1e-6)).clip(0, 1)
    head = (seen[:, 1] - whole[:, 1] < 0.05 * extents[:, 1]) & (share[:, 0] > 0.6)
    there = (extents_seen > 0).all(axis=1)
    enough = (extents_seen >= SMALLEST).all(axis=1) & (
        (share.prod(axis=1) >= PART) | (head & (share[:, 1] > 0.15))
    )
    unknown = (scene.unknown * np.tile(scale, 2) + np.tile(shift, 2)).clip(0, limits)
    kept = (there & enough).astype(bool)
    return Scene(
        image,
        seen[kept].astype(np.float32),
        (scene.points[kept] * scale + shift).astype(np.float32),
        np.concatenate([unknown, seen[there & ~enough]]).astype(np.float32),
    )
