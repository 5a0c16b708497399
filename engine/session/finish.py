"""Journal → finished session, after a take or after a crash.

Knows files only: no threads and no pipeline. The journal goes last, and only when what replaces it
has been read back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import numpy as np

from engine.session.journal import (
    FORMAT,
    JOURNAL,
    Entry,
    Event,
    Header,
    SessionError,
    read_header,
    read_lines,
    reason,
)
from engine.session.recording import ARRAYS, NAMES, POSES, SESSION, array_specs, load_arrays
from engine.session.video import VIDEO, count_pictures


@dataclass(frozen=True, slots=True)
class Summary:
    """What a take amounts to; the same figures stand in session.json."""

    frames: int
    duration: float  # seconds from the first frame to the last
    mean_rate: float  # frames a second; 0 for fewer than two
    dropped_frames: int  # gaps in the source's count
    pictures: int
    pictures_dropped: int
    damaged_lines: int
    error: str | None  # why the take ended before it was closed

    def __str__(self) -> str:
        text = f"{self.frames} frames in {self.duration:.1f} s ({self.mean_rate:.1f} a second)"
        text += f", {self.dropped_frames} dropped"
        if self.pictures or self.pictures_dropped:
            text += f"; {self.pictures} pictures, {self.pictures_dropped} dropped"
        if self.damaged_lines:
            text += f"; {self.damaged_lines} damaged lines left out"
        return text


@dataclass(slots=True)
class _Take:
    """All that a journal says."""

    header: Header
    arrays: dict[str, np.ndarray]  # as in poses.npz
    events: list[Event]
    pictures_dropped: int
    damaged_lines: int


def finish(folder: Path, *, pictures: int | None = None, error: str | None = None) -> Summary:
    """Turn the journal in ``folder`` into poses.npz and session.json, and remove it.

    pictures: how many the video holds, where that is known; else they are counted.
    error: why the take ended before it was closed.
    Raises SessionError; the journal then stays, and finishing again loses nothing.
    """
    try:
        take = _read_journal(folder / JOURNAL)
        pictures = count_pictures(folder / VIDEO) if pictures is None else pictures
        summary = _summarise(take, pictures, error)
        _write_poses(folder / POSES, take.arrays)
        _write_document(folder / SESSION, take, summary)
        (folder / JOURNAL).unlink()
    except OSError as problem:
        raise SessionError(
            f"Cannot finish the session in {folder}: {reason(problem)}. Its journal stays; "
            f"put that right and type: python main.py recover {folder}"
        ) from problem
    return summary


def recover(folder: Path) -> Summary:
    """Finish what a crash left in ``folder``.

    Raises SessionError, also where there is nothing to finish.
    """
    if (folder / JOURNAL).exists():
        return finish(folder, error="not closed; recovered from the journal")
    if (folder / SESSION).exists():
        raise SessionError(f"{folder} is already finished: there is nothing to recover.")
    raise SessionError(f"{folder} holds no session: no {JOURNAL} there.")


def unfinished_sessions(folder: Path) -> list[Path]:
    """The session folders directly in ``folder`` with a journal: crashed, or being recorded now."""
    return sorted(journal.parent for journal in folder.glob(f"*/{JOURNAL}"))


def _read_journal(path: Path) -> _Take:
    header = read_header(path)
    with path.open("rb") as file:
        lines = sum(1 for _ in file)
    arrays, events = _blank_arrays(lines, header), list[Event]()
    frames = pictures_dropped = damaged = 0
    for item in read_lines(path, header):
        if item is None:
            damaged += 1
        elif isinstance(item, Entry):
            _store(item, arrays, frames)
            frames += 1
            pictures_dropped += item.picture is False
        else:
            events.append(item)
    if damaged > max(frames, 1):
        raise SessionError(
            f"{path} is left as it is: {damaged} of its {lines - 1} lines are damaged."
        )
    arrays = {name: array[:frames] for name, array in arrays.items()}
    arrays["timestamps"] = np.round(arrays["timestamps"] - arrays["timestamps"][:1], 6)
    names = {name: np.array(getattr(header, name)) for name in NAMES}
    return _Take(header, arrays | names, events, pictures_dropped, damaged)


def _blank_arrays(frames: int, header: Header) -> dict[str, np.ndarray]:
    specs = array_specs(frames, len(header.keypoint_names), len(header.joint_names))
    return {
        name: np.full(shape, np.nan if issubclass(dtype, np.floating) else 0, dtype)
        for name, (shape, dtype) in specs.items()
    }


def _store(entry: Entry, arrays: dict[str, np.ndarray], t: int) -> None:
    arrays["timestamps"][t] = entry.timestamp
    arrays["frame_index"][t] = entry.frame
    for name, value in entry.arrays.items():
        if name in ARRAYS and value is not None:
            arrays[name][t] = value


def _summarise(take: _Take, pictures: int, error: str | None) -> Summary:
    times, index = take.arrays["timestamps"], take.arrays["frame_index"]
    duration = float(np.ptp(times)) if len(times) else 0.0
    return Summary(
        frames=len(times),
        duration=duration,
        mean_rate=(len(times) - 1) / duration if duration else 0.0,
        dropped_frames=int(np.maximum(np.diff(index) - 1, 0).sum()),
        pictures=pictures,
        pictures_dropped=take.pictures_dropped,
        damaged_lines=take.damaged_lines,
        error=error,
    )


def _write_poses(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with _replacing(path) as file:
        np.savez(file, allow_pickle=False, **arrays)
    for name, array in load_arrays(path).items():
        if array.dtype != arrays[name].dtype or array.tobytes() != arrays[name].tobytes():
            raise OSError(f"{path.name} does not read back as it was written")


def _write_document(path: Path, take: _Take, summary: Summary) -> None:
    document = FORMAT | asdict(take.header) | asdict(summary)
    document |= {"events": take.events, "finished": True}
    with _replacing(path) as file:
        file.write(json.dumps(document, indent=2).encode() + b"\n")


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of ``path`` once it is whole, or leaves no trace."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
