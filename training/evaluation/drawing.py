"""Pictures of what was found: a pose drawn on a crop, crops on a contact sheet. Knows no files and
no networks.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from engine.keypoints.crop import apply_affine, crop_frame, invert
from engine.skeleton import Skeleton, side_of
from engine.types import Box
from training.datasets.pictures.augment import person_box
from training.datasets.pictures.labels import Picture

COLOURS = {"left": (80, 160, 255), "right": (255, 110, 80), "middle": (240, 220, 90)}  # RGB
TRUTH = (255, 255, 255)


def picture_tile(
    picture: Picture,
    found: np.ndarray,
    size: tuple[int, int],
    caption: str = "",
    whole: bool = False,
) -> np.ndarray:
    """The crop (H, W) of a picture that a backbone sees, or the ``whole`` picture at that size,
    with what was found (K, 2), in picture pixels, and the labels; see `draw_pose`.
    """
    image = picture.image()
    everything = Box(0, 0, image.shape[1], image.shape[0])
    crop = (
        crop_frame(image, everything, size, padding=1.0)
        if whole
        else crop_frame(image, person_box(picture), size)
    )
    to_crop = invert(crop.to_frame)
    places = apply_affine(to_crop, found), apply_affine(to_crop, picture.keypoints)
    return draw_pose(crop.image, *places, picture.labelled, picture.skeleton, caption)


def draw_pose(
    image: np.ndarray,
    found: np.ndarray,
    truth: np.ndarray,
    labelled: np.ndarray,
    skeleton: Skeleton,
    caption: str = "",
) -> np.ndarray:
    """A copy of an (H, W, 3) uint8 RGB crop with the bones found, by side, and from each labelled
    joint (a white ring) a line to where it was found.

    found, truth: (K, 2) crop pixels; what is NaN was not found.
    """
    drawn = image.copy()
    there = np.isfinite(found).all(axis=1)
    places = np.nan_to_num(found).round().astype(int).tolist()
    for parent, child in skeleton.bone_indices:
        colour = COLOURS[side_of(skeleton.keypoints[child])]
        if there[parent] and there[child]:
            cv2.line(drawn, places[parent], places[child], colour, 2, cv2.LINE_AA)
    for k in np.flatnonzero(labelled):
        ring = (round(float(truth[k, 0])), round(float(truth[k, 1])))
        cv2.circle(drawn, ring, 3, TRUTH, 1, cv2.LINE_AA)
        if there[k]:
            cv2.line(drawn, ring, places[k], TRUTH, 1, cv2.LINE_AA)
    cv2.putText(drawn, caption, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, TRUTH, 1, cv2.LINE_AA)
    return drawn


def contact_sheet(tiles: Sequence[np.ndarray], columns: int = 6) -> np.ndarray:
    """Equal (H, W, 3) tiles in rows, black where they end."""
    columns = min(columns, len(tiles))
    blank = [np.zeros_like(tiles[0])] * (-len(tiles) % columns)
    rows = [np.hstack(row) for row in _rows([*tiles, *blank], columns)]
    return np.vstack(rows)


def _rows(tiles: list[np.ndarray], columns: int) -> list[list[np.ndarray]]:
    return [tiles[start : start + columns] for start in range(0, len(tiles), columns)]
