"""A finished take → its clean result, ``clean.npz`` beside the raw ``poses.npz``, which stays.

Repeatable with other settings: the newest takes the place of the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from engine.session.clean.person import CleanPerson, CleanSettings, clean_person
from engine.session.entry import pose_shapes
from engine.session.journal import SessionError, reason
from engine.session.pose_arrays import ARRAYS, FILLED, NAMES, PEOPLE
from engine.session.recording import Recording, clean_path, load_document, load_recording
from engine.session.whole_files import write_document, write_poses


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What came of it, of everybody; the same figures stand in session.json."""

    cutoff: float  # Hz
    fill: float  # seconds
    swaps: int  # of left and right, mended
    filled: int  # frames of the subject in which a joint was filled
    locked: int  # frames in which a foot of somebody was kept in its place

    def __str__(self) -> str:
        return (
            f"{self.swaps} swaps mended, gaps filled in {self.filled} frames,"
            f" feet kept in place in {self.locked}; {self.cutoff:g} Hz, gaps up to {self.fill:g} s"
        )


def clean_take(
    folder: Path,
    settings: CleanSettings | None = None,
    result: str | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Cleaning:
    """Store it as ``load_recording(folder, result, clean=True)``; result: as there.

    progress: told the share done, 0 … 1; what it raises ends the run, and nothing is written.
    Raises SessionError: no finished session, damaged, empty, or it cannot be written.
    """
    settings, take = settings or CleanSettings(), load_recording(folder, result)
    if not len(take.timestamps):
        raise SessionError(f"{folder} holds no frame: there is nothing to clean.")
    people = []
    for p in range(len(take.people_ids)):
        people.append(clean_person(take.of(p), settings))
        progress((p + 1) / len(take.people_ids))
    arrays, path = _arrays(take, people), clean_path(folder, result)
    swaps = sum(person.swaps for person in people)
    filled = int((arrays["filled2d"].any(axis=1) | arrays["filled3d"].any(axis=1)).sum())
    locked = sum(int(person.stands.any(axis=1).sum()) for person in people)
    done = Cleaning(settings.cutoff, settings.fill, swaps, filled, locked)
    try:
        write_poses(path, arrays)
        _enter(folder, result, done)
    except OSError as error:
        raise SessionError(f"{path} cannot be written: {reason(error)}.") from error
    return done


def settings_of(session: Mapping[str, Any]) -> CleanSettings | None:
    """With which a take's clean result was made, from its session.json; None where none was."""
    made = session.get("clean")
    if not isinstance(made, dict):
        return None
    cutoff, fill = made.get("cutoff"), made.get("fill")
    if not (isinstance(cutoff, int | float) and isinstance(fill, int | float)):
        return None
    return CleanSettings(float(cutoff), float(fill))


def _arrays(take: Recording, people: Sequence[CleanPerson]) -> dict[str, np.ndarray]:
    """All of clean.npz; the subject's arrays are those of whoever was the subject in a frame."""
    names = (*ARRAYS, *(PEOPLE if take.bystanders.any() else ()), *NAMES)
    arrays = {name: np.array(getattr(take, name)) for name in names}
    arrays |= {name: np.zeros(getattr(take, of).shape[:2], bool) for name, of in FILLED.items()}
    for p, (who, person) in enumerate(zip(take.people_ids, people, strict=True)):
        mine = take.people_subject == who
        for name in pose_shapes(0, 0):
            found = getattr(person.take, name)
            arrays[name][mine] = found[mine]
            if f"people_{name}" in arrays:
                arrays[f"people_{name}"][:, p] = found
        for name in FILLED:
            arrays[name][mine] = getattr(person, name)[mine]
    return arrays


def _enter(folder: Path, result: str | None, done: Cleaning) -> None:
    document, now = load_document(folder), datetime.now().astimezone()
    entry = asdict(done) | {"made": now.isoformat(timespec="seconds")}
    if result is None:
        write_document(folder, document | {"clean": entry})
        return
    results = document["results"]
    write_document(
        folder, document | {"results": results | {result: results[result] | {"clean": entry}}}
    )
