"""The finished takes in a folder: what each amounts to, its picture, another name. Knows no Qt."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engine.overlay import with_overlay
from engine.session.joint_scores import threshold_of
from engine.session.journal import SessionError, reason
from engine.session.recording import SESSION, load_document
from engine.session.replay import Replay


@dataclass(frozen=True, slots=True)
class FinishedTake:
    folder: Path
    started: str  # ISO 8601; empty where that was edited away
    seconds: float
    tracked: float | None  # share of the frames with somebody whole and sure; None of older takes


def takes_in(records: Path) -> list[FinishedTake]:
    """The newest first; folders that hold no finished session are passed over."""
    found = []
    for path in records.glob(f"*/{SESSION}"):
        try:
            said = load_document(path.parent)
        except SessionError:
            continue
        started = said.get("started")
        found.append(
            FinishedTake(
                path.parent,
                started if isinstance(started, str) else "",
                _number(said.get("duration")) or 0.0,
                _number(said.get("well_seen")),
            )
        )
    return sorted(found, key=lambda take: take.started, reverse=True)


def picture_of(folder: Path, height: int) -> np.ndarray:
    """(height, W, 3) uint8 RGB: the middle of a take with its skeletons, on black without a video.

    Raises SessionError where it cannot be shown.
    """
    with closing(Replay(folder)) as replay:
        image = with_overlay(replay.frame(len(replay) // 2), threshold_of(replay.recording))
    width = max(round(height * image.shape[1] / image.shape[0]), 1)
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def rename(folder: Path, name: str) -> Path:
    """Give a take's folder another name; returns where it is then. Raises SessionError."""
    name = name.strip()
    if not name or Path(name).name != name:
        raise SessionError(f"'{name}' is no name for a folder.")
    target = folder.with_name(name)
    if target == folder:
        return folder
    if target.exists():
        raise SessionError(f"{target} exists already: choose another name.")
    try:
        return folder.rename(target)
    except OSError as error:
        raise SessionError(f"{folder} cannot be renamed: {reason(error)}.") from error


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and np.isfinite(value) else None
