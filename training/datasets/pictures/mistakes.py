"""What was taken for a person where nobody is: a zip of the parts of pictures around it.

Finders and backbones learn from it. Knows the file; who was mistaken is mine_mistakes.py's.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from engine.skeleton import MPII16
from engine.types import Box
from training.datasets.pictures.labels import Picture, Split

FILE = "mistakes.zip"
ORIGIN = "`python -m training.evaluation.mine_mistakes` makes it"
LIST, QUALITY = "mistakes.json", 92  # in the zip; of its JPEGs, percent


@dataclass(frozen=True, slots=True, eq=False)
class Mistake:
    """Something in a picture of nobody, and what lies around it."""

    encoded: bytes  # a JPEG
    box: Box  # in its pixels, with how surely a person was seen there


def mistake(image: np.ndarray, box: Box) -> Mistake:
    """image: (H, W, 3) uint8 RGB."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), quality)
    return Mistake(encoded.tobytes(), box)


def save(path: Path, mistakes: Iterable[Mistake]) -> int:
    """Returns how many they are."""
    boxes = []
    with zipfile.ZipFile(path, "w") as archive:
        for number, one in enumerate(mistakes):
            archive.writestr(_name(number), one.encoded)
            boxes.append([one.box.x1, one.box.y1, one.box.x2, one.box.y2, one.box.score])
        archive.writestr(LIST, json.dumps(boxes))
    return len(boxes)


def read(path: Path) -> Iterator[Mistake]:
    """Raises BadZipFile, KeyError or TypeError for a file that is none of these."""
    with zipfile.ZipFile(path) as archive:
        for number, box in enumerate(json.loads(archive.read(LIST))):
            yield Mistake(archive.read(_name(number)), Box(*box))


def read_mistakes(path: Path) -> Split:
    """(training, nothing): pictures, in the boxes that were seen, without a joint."""
    nowhere, none = np.zeros((len(MPII16), 2), np.float32), np.zeros(len(MPII16), bool)
    known = np.ones(len(MPII16), np.float32)
    return [
        Picture("mistakes", one.encoded, nowhere, none, known, box=one.box, image_id=number)
        for number, one in enumerate(read(path))
    ], []


def _name(number: int) -> str:
    return f"{number:05d}.jpg"
