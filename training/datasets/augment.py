"""A labelled picture → a training sample: the crop a backbone would see, turned, scaled, coloured.

Cropping and target coding are the engine's own. Newell 2016 section 3.1 (rotation, scale, flip,
colour), here with wider ranges; half bodies from HRNet (Sun 2019). Knows no networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.crop import apply_affine, crop_matrix
from engine.heatmaps import STRIDE, encode
from engine.person_box import box_around
from engine.types import Box
from training.datasets.pictures import Picture

LOWER_BODY = ("hip", "knee", "ankle", "pelvis")


@dataclass(frozen=True)
class Augmentation:
    rotation: float  # degrees, either way, in 60 % of the samples
    scale: float  # the person is up to this share smaller or larger
    shift: float  # of the box, either way
    half_body: float  # probability of cutting out the upper body only
    background: float  # probability of a piece of the picture with no labelled joint in it
    colour: float  # brightness ×(1 ± colour), with tints, blur and noise; 0 for none of them


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    image: np.ndarray  # (H, W, 3) uint8 RGB
    heatmaps: np.ndarray  # (K, H/4, W/4) float32
    weights: np.ndarray  # (K,) float32


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


def make_sample(
    picture: Picture,
    size: int,
    sigma: float,
    augmentation: Augmentation,
    rng: np.random.Generator,
) -> Sample:
    """One random view of a picture at ``size`` x ``size``, its Gaussian targets and weights."""
    box = _vary(_random_box(picture, augmentation, rng), augmentation, rng)
    rotation = rng.uniform(-1, 1) * augmentation.rotation * (rng.random() < 0.6)
    to_crop = crop_matrix(box, (size, size), rotation=rotation)
    border, fill = _random_border(rng)
    image = cv2.warpAffine(
        picture.image(),
        to_crop,
        (size, size),
        flags=cv2.INTER_LINEAR,
        borderMode=border,
        borderValue=fill,
    )
    keypoints = apply_affine(to_crop, picture.keypoints)
    keypoints[~picture.labelled] = -1e3
    weights = picture.weights
    if rng.random() < 0.5:
        image = np.ascontiguousarray(image[:, ::-1])
        keypoints[:, 0] = size - 1 - keypoints[:, 0]
        flip = picture.skeleton.flip
        keypoints, weights = keypoints[flip], weights[flip]
    heatmaps = encode(keypoints, (size // STRIDE, size // STRIDE), sigma)
    return Sample(_recolour(image, augmentation.colour, rng), heatmaps, weights)


def _random_box(picture: Picture, augmentation: Augmentation, rng: np.random.Generator) -> Box:
    if rng.random() < augmentation.background and (empty := _empty_box(picture, rng)):
        return empty
    upper = np.array([not name.endswith(LOWER_BODY) for name in picture.skeleton.keypoints])
    upper &= picture.labelled
    if upper.sum() >= 5 and rng.random() < augmentation.half_body:
        return person_box(picture, upper)
    return person_box(picture)


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


def _vary(box: Box, augmentation: Augmentation, rng: np.random.Generator) -> Box:
    side = max(box.x2 - box.x1, box.y2 - box.y1)
    half = 0.5 * side * float(np.exp(rng.uniform(-1, 1) * np.log1p(augmentation.scale)))
    dx, dy = rng.uniform(-1, 1, 2) * augmentation.shift * side
    x, y = (box.x1 + box.x2) / 2 + dx, (box.y1 + box.y2) / 2 + dy
    return Box(x - half, y - half, x + half, y + half)


def _random_border(rng: np.random.Generator) -> tuple[int, tuple[float, float, float]]:
    """Crops of the data sets end close to the person; a live frame does not: never teach that
    edge.
    """
    kind = rng.integers(3)
    if kind == 0:
        return cv2.BORDER_REPLICATE, (0, 0, 0)
    grey = rng.uniform(0, 255, 3) if kind == 1 else np.zeros(3)
    return cv2.BORDER_CONSTANT, (float(grey[0]), float(grey[1]), float(grey[2]))


def _recolour(image: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    if not strength:
        return image
    gain = rng.uniform(1 - strength, 1 + strength) * rng.uniform(0.85, 1.15, 3)
    pixels = image * gain.astype(np.float32)
    if rng.random() < 0.1:
        pixels = np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2)
    if rng.random() < 0.15:
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.5, 1.5))
    if rng.random() < 0.15:
        pixels = pixels + rng.normal(0, rng.uniform(2, 12), pixels.shape[:2])[..., None]
    return np.asarray(pixels.clip(0, 255), dtype=np.uint8)
