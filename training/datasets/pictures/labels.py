"""A labelled person in a picture, as every data set is read, and how a set's joint names become a
skeleton's.

Knows neither data sets nor networks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from engine.skeleton import MPII16, Skeleton
from engine.types import Box

# Keypoint → the set's names whose mean it is; a keypoint that is absent is not labelled there.
Names = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One labelled person in a picture, as every data set is read."""

    source: str
    encoded: bytes | Path  # a JPEG or PNG, or where it lies
    keypoints: np.ndarray  # (K, 2) float32 picture pixels; 0 where not labelled
    labelled: np.ndarray  # (K,) bool
    weights: np.ndarray  # (K,) float32, 0 = masked in the loss
    skeleton: Skeleton = MPII16
    box: Box | None = None  # of the person, unpadded, where the set states one
    head_size: float = np.nan  # pixels, what PCKh divides by
    area: float = np.nan  # pixels², what OKS divides by
    image_id: int = 0  # in the set's own file
    machine_made: bool = False  # the labels are another network's: figures are agreement with it
    framing: str = ""  # of a render, see training.synthetic.shots; empty where the set has none

    def image(self, shrink: int = 1) -> np.ndarray:
        """(H, W, 3) uint8 RGB, at 1/``shrink`` of its size, rounded up: 1, 2, 4 or 8.

        Pixel p of the small picture is pixel ``shrink * p + (shrink - 1) / 2`` of the whole one.
        Raises FileNotFoundError where it is not there, ValueError where it cannot be decoded.
        """
        encoded = self.encoded if isinstance(self.encoded, bytes) else self.encoded.read_bytes()
        pixels = cv2.imdecode(np.frombuffer(encoded, np.uint8), _DECODE[shrink])
        if pixels is None:
            name = "" if isinstance(self.encoded, bytes) else f": {self.encoded}"
            raise ValueError(f"A picture of {self.source} cannot be decoded{name}.")
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)


_DECODE = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}

Split = tuple[list[Picture], list[Picture]]  # training, validation


def arrange(
    raw: np.ndarray, order: Sequence[str], names: Mapping[str, tuple[str, ...]]
) -> tuple[np.ndarray, np.ndarray]:
    """A set's joints as MPII-16: keypoints (16, 2) float32, 0 where not labelled, and labelled.

    raw: (M, 3) x, y in pixels and whether that joint is labelled (> 0); order: its M names; names:
    where each keypoint comes from. A mean is labelled where all of its parts are.
    """
    keypoints = np.zeros((len(MPII16), 2), np.float32)
    labelled = np.zeros(len(MPII16), bool)
    for k, name in enumerate(MPII16.keypoints):
        parts = [order.index(part) for part in names.get(name, ())]
        if parts and (raw[parts, 2] > 0).all():
            keypoints[k], labelled[k] = raw[parts, :2].mean(axis=0), True
    return keypoints, labelled


def needed(folder: Path, *places: str) -> Path:
    """The first of ``places`` in ``folder`` that exists. Raises FileNotFoundError without one."""
    found = next((folder / place for place in places if (folder / place).exists()), None)
    if found is None:
        raise FileNotFoundError(f"No {' or '.join(places)} in {folder}")
    return found
