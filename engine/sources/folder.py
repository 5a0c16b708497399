"""The pictures of a folder as a sequence, in the order people count: frame2 before frame10; or one
picture."""

from __future__ import annotations

import math
import re
from itertools import count
from pathlib import Path

import cv2
import numpy as np

from engine.sources.lens import exif_focal
from engine.sources.pace import Pace
from engine.sources.source import SourceError
from engine.types import Frame

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"}
RATE = 30.0  # frames a second
NAMED = 3  # unreadable pictures that are named, the others are counted


def natural_order(path: Path) -> list[tuple[int, str]]:
    """A key that takes each run of digits in a name for a number."""
    parts = re.findall(r"\d+|\D+", path.name.lower())
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


class FolderSource:
    """Each frame has the size of its picture; hidden files and unreadable ones are passed over. The
    lens of the first is that of all."""

    live, rate = False, RATE

    def __init__(self, folder: Path, *, realtime: bool = True, loop: bool = False) -> None:
        """folder: or a picture. Raises SourceError where there is none at all."""
        there = folder.iterdir() if folder.is_dir() else [folder]
        visible = (p for p in there if not p.name.startswith("."))
        self._files = sorted(
            (p for p in visible if p.suffix.lower() in SUFFIXES), key=natural_order
        )
        if not self._files:
            raise SourceError(f"{folder} holds no pictures ({', '.join(sorted(SUFFIXES))}).")
        self.frames = len(self._files)
        self._folder, self._unreadable = folder, dict[Path, None]()
        many = f", {len(self._files)} pictures" if folder.is_dir() else ""
        self.description = folder.name + many
        self._pace, self._loop, self._index = Pace(realtime, 1 / self.rate), loop, count()
        self._focal = exif_focal(self._files[0])

    @property
    def skipped(self) -> str:
        names = [path.name for path in self._unreadable]
        if not names:
            return ""
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        return f"Unreadable, left out: {', '.join(names[:NAMED])}{more} in {self._folder}."

    def read(self) -> Frame | None:
        while True:
            index = next(self._index)
            if index >= len(self._files) and not self._loop:
                return None
            timestamp = self._pace.due(index / self.rate)
            if timestamp is None:
                continue
            path = self._files[index % len(self._files)]
            image = _decoded(path)
            if image is not None:
                focal = self._focal_of(image)
                return Frame(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), index, timestamp, focal)
            self._unreadable[path] = None
            if len(self._unreadable) == len(self._files):
                raise SourceError(
                    f"{self._folder} holds no readable picture: save them again as PNG or JPEG."
                )

    def _focal_of(self, image: np.ndarray) -> tuple[float, str] | None:
        return (self._focal * math.hypot(*image.shape[:2]), "exif") if self._focal else None

    def close(self) -> None:
        self._files = []


def _decoded(path: Path) -> np.ndarray | None:
    """(H, W, 3) uint8 BGR; None where the file is gone or no picture."""
    try:
        content = np.fromfile(path, np.uint8)
    except OSError:
        return None
    return cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
