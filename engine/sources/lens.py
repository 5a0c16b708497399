"""Focal lengths: from the EXIF of a picture's file, or from a webcam's name."""

from __future__ import annotations

import math
from pathlib import Path

import av

FILM = math.hypot(36, 24)  # mm, the diagonal that EXIF's equivalent focal lengths refer to
WIDE = math.hypot(16, 9) / 9  # the diagonal of the pictures below, in their heights

# Degrees across the diagonal of a picture of 16:9, as their makers state.
WEBCAMS = {
    "C270": 55, "C310": 60, "C920": 78, "C922": 78, "C925e": 78, "C930e": 90, "StreamCam": 78,
    "LifeCam HD-3000": 68.5, "LifeCam Studio": 75, "Razer Kiyo": 81.6, "Elgato Facecam": 82,
}  # fmt: skip

Focal = tuple[float, str] | None  # pixels and how they are known, as Frame.focal


def exif_focal(path: Path) -> float | None:
    """The focal length in picture diagonals, from the file's EXIF; None where that lacks it."""
    try:
        with av.open(str(path)) as container:
            said = next(container.decode(video=0)).metadata
        found = (said[key] for key in said if key.endswith("FocalLengthIn35mmFilm"))
        millimetres = float(next(found, "0"))
    except (av.FFmpegError, OSError, ValueError, StopIteration):
        return None
    return millimetres / FILM if 5 <= millimetres <= 2000 else None


def webcam_focal(name: str, height: int) -> Focal:
    """The focal length in pixels of a webcam whose model is known, at that picture height."""
    for model, degrees in WEBCAMS.items():
        if model.lower() in name.lower():
            focal = height * WIDE / 2 / math.tan(math.radians(degrees) / 2)
            return focal, f"webcam {model}"
    return None
