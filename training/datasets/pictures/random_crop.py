"""Which part of a picture a backbone sees: the person's box, varied at random.

Knows boxes and keypoints; touches no pixels, only their number.
"""

from __future__ import annotations

import numpy as np

from engine.keypoints.crop import crop_matrix
from engine.models.model_spec import ModelSpec
from engine.people.person_box import box_around, scaled
from engine.types import Box
from training.datasets.pictures.augmentation import Augmentation
from training.datasets.pictures.labels import Picture

ABOVE, BELOW = (0.7, 1.1), (0.4, 1.1)  # torsos from the shoulders to the edges of a close crop
NEAR = 40  # pixels of torso from which a close crop is sharp enough
LOWER_BODY = ("hip", "knee", "ankle", "pelvis")
PIECES = 0.5  # share of the pictures with nobody, and no box, of which a piece is seen, not all
HALF_BODY_FROM, HALF_BODY_KEEPS = 9, 3  # labelled joints: of the person, and of a half (HRNet)


def person_box(picture: Picture, joints: np.ndarray | None = None) -> Box:
    """The box a picture is cut by: the one its data set states, else around its labelled joints (or
    those of ``joints``), else all of it.
    """
    if picture.box is not None and joints is None:
        return picture.box
    chosen = picture.labelled if joints is None else joints
    if chosen.any():
        return box_around(picture.keypoints[chosen])
    height, width = picture.image().shape[:2]
    return Box(0, 0, width, height)


def random_crop(
    picture: Picture, size: tuple[int, int], augmentation: Augmentation, rng: np.random.Generator
) -> np.ndarray:
    """(2, 3) float32, picture pixels → crop pixels."""
    box = scaled(
        _random_box(picture, augmentation, rng),
        1 + _draw(augmentation.scale, 1, augmentation.normal, rng),
    )
    side = max(box.x2 - box.x1, box.y2 - box.y1)
    dx, dy = (rng.uniform(-1, 1, 2) * augmentation.shift * side).tolist()
    rotation = _draw(augmentation.rotation, 2, augmentation.normal, rng)
    rotation *= rng.random() < augmentation.rotated
    shifted = Box(box.x1 + dx, box.y1 + dy, box.x2 + dx, box.y2 + dy)
    return crop_matrix(shifted, size, rotation=rotation)


def _draw(spread: float, limit: float, normal: bool, rng: np.random.Generator) -> float:
    """Uniform within ±spread, or normal of that deviation, cut off at ``limit`` deviations."""
    if normal:
        return spread * float(np.clip(rng.standard_normal(), -limit, limit))
    return float(rng.uniform(-spread, spread))


def _random_box(picture: Picture, augmentation: Augmentation, rng: np.random.Generator) -> Box:
    has_place = picture.labelled.any() or picture.box is not None
    background = augmentation.background if has_place else PIECES
    if rng.random() < background and (empty := _empty_box(picture, rng)):
        return empty
    wanted = augmentation.close and rng.random() < augmentation.close
    if wanted and (close := _close_box(picture, rng)):
        return close
    if picture.labelled.sum() >= HALF_BODY_FROM and rng.random() < augmentation.half_body:
        lower = np.array([name.endswith(LOWER_BODY) for name in picture.skeleton.keypoints])
        half = picture.labelled & (lower == (rng.random() < augmentation.lower_half))
        if half.sum() >= HALF_BODY_KEEPS:
            return person_box(picture, half)
    return person_box(picture)


def _close_box(picture: Picture, rng: np.random.Generator) -> Box | None:
    """What a webcam sees of somebody who sits before it: from above the head to somewhere between
    chest and hips; None for who is not upright, is far away, or lacks labelled shoulders or hips.
    """
    thorax, pelvis = (picture.skeleton.index(name) for name in ("thorax", "pelvis"))
    x, y = picture.keypoints[thorax].tolist()
    across, torso = (picture.keypoints[pelvis] - picture.keypoints[thorax]).tolist()
    if not picture.labelled[[thorax, pelvis]].all() or torso < max(2 * abs(across), NEAR):
        return None
    top, bottom = y - rng.uniform(*ABOVE) * torso, y + rng.uniform(*BELOW) * torso
    half = (bottom - top) / 2
    return scaled(Box(x - half, top, x + half, bottom), 1 / ModelSpec.box_padding)


def _empty_box(picture: Picture, rng: np.random.Generator) -> Box | None:
    """A square without a labelled joint in it or near: a network must learn to see nobody."""
    height, width = picture.image().shape[:2]
    points = picture.keypoints[picture.labelled]
    for _ in range(20):
        side = rng.uniform(0.3, 0.7) * min(height, width)
        corner = rng.uniform(0, 1, 2) * (width - side, height - side)
        if not (np.abs(points - corner - side / 2) < 0.8 * side).all(axis=1).any():
            return Box(*corner.tolist(), *(corner + side).tolist())
    return None
