"""A labelled picture → a training sample: the crop a backbone would see, turned, scaled, coloured.

Cropping and target coding are the engine's own. Knows no data sets and no networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from engine.keypoints.crop import apply_affine
from engine.keypoints.heatmaps import encode
from engine.models.model_spec import STRIDE
from engine.skeleton import Skeleton
from training.datasets.pictures.augmentation import (
    HRNET_COCO,
    HRNET_MPII,
    NEWELL,
    SIMPLE_BASELINE,
    Augmentation,
)
from training.datasets.pictures.labels import Picture
from training.datasets.pictures.photometric import multiply_channels, random_border, wear
from training.datasets.pictures.random_crop import person_box, random_crop

__all__ = [
    "HRNET_COCO",
    "HRNET_MPII",
    "NEWELL",
    "SIMPLE_BASELINE",
    "Augmentation",
    "Sample",
    "joint_weights",
    "make_sample",
    "person_box",
]

HARD = {"ankle": 1.5, "wrist": 1.5, "knee": 1.2, "elbow": 1.2}  # HRNet's joint weights, others 1


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    image: np.ndarray  # (H, W, 3) uint8 RGB
    heatmaps: np.ndarray  # (K, H/4, W/4) float32
    weights: np.ndarray  # (K,) float32


def joint_weights(skeleton: Skeleton) -> np.ndarray:
    """(K,) float32: joints that are hard to find count more (HRNet's code)."""
    kinds = (name.split("_")[-1] for name in skeleton.keypoints)
    return np.array([HARD.get(kind, 1.0) for kind in kinds], np.float32)


def make_sample(
    picture: Picture,
    size: tuple[int, int],
    sigma: float,
    augmentation: Augmentation,
    rng: np.random.Generator,
) -> Sample:
    """One random view of a picture at ``size`` (H, W), its Gaussian targets and weights.

    sigma: of the targets, heatmap pixels.
    """
    height, width = size
    to_crop = random_crop(picture, size, augmentation, rng)
    joints = np.arange(len(picture.skeleton))
    if rng.random() < augmentation.flip:
        to_crop[0] = [0, 0, width - 1] - to_crop[0]
        joints = picture.skeleton.flip
    keypoints = apply_affine(to_crop, picture.keypoints)[joints]
    labelled, weights = picture.labelled[joints], picture.weights[joints]
    keypoints[~labelled] = -1e3
    if augmentation.mask_absent:
        inside = ((keypoints >= 0) & (keypoints < [width, height])).all(axis=1)
        weights = weights * inside
    if augmentation.weigh_joints:
        weights = weights * joint_weights(picture.skeleton)
    image = _recolour(_cut(picture, to_crop, size, augmentation, rng), augmentation, rng)
    return Sample(image, encode(keypoints, (height // STRIDE, width // STRIDE), sigma), weights)


def _cut(
    picture: Picture,
    to_crop: np.ndarray,
    size: tuple[int, int],
    augmentation: Augmentation,
    rng: np.random.Generator,
) -> np.ndarray:
    """The crop; a picture that it shrinks is decoded smaller, which is far quicker."""
    shrunk = 1 / np.linalg.norm(to_crop[:, 0])  # picture pixels a crop pixel
    shrink = next(factor for factor in (8, 4, 2, 1) if shrunk >= factor or factor == 1)
    whole = np.array([[shrink, 0, (shrink - 1) / 2], [0, shrink, (shrink - 1) / 2], [0, 0, 1]])
    border, fill = random_border(rng) if augmentation.webcam else (cv2.BORDER_CONSTANT, (0, 0, 0))
    return cv2.warpAffine(
        picture.image(shrink),
        to_crop @ whole,
        (size[1], size[0]),
        flags=cv2.INTER_LINEAR,
        borderMode=border,
        borderValue=fill,
    )


def _recolour(
    image: np.ndarray, augmentation: Augmentation, rng: np.random.Generator
) -> np.ndarray:
    low, high = 1 - augmentation.colour, 1 + augmentation.colour
    if not augmentation.colour:
        return image
    if not augmentation.webcam:
        return multiply_channels(image, rng.uniform(low, high, 3))
    gains = rng.uniform(low, high) * rng.uniform(0.85, 1.15, 3)
    return wear(multiply_channels(image, gains), rng)
