"""The append-only journal of a take, which is what a crash leaves: a header, then one line a frame.

Knows how a line is written whole or not at all. Knows no threads and no finished sessions.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from engine.messages import one_line
from engine.session.entry import Entry, Event, decode, encode

JOURNAL = "journal.jsonl"
FORMAT = {"format": "sandglass-session", "version": 1}


class SessionError(ValueError):
    """A session cannot be written or read; the message is one line that says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


@dataclass(frozen=True, slots=True)
class Header:
    """What is known before the first frame."""

    about: Mapping[str, object]  # source with its camera mode, backbone, lifter, …
    skeleton: str
    keypoint_names: tuple[str, ...]  # K
    joint_names: tuple[str, ...]  # J
    started: str  # wall clock, ISO 8601 with its zone
    monotonic: float  # the same moment on the clock of Frame.timestamp, seconds
    raw: bool = True  # the poses are as they were found; takes of older versions are smoothed


class Journal:
    """Appends lines to a new file; each reaches the operating system before ``write`` returns."""

    def __init__(self, path: Path, header: Header) -> None:
        """Create ``path`` with its header. Raises OSError and leaves no file where that fails."""
        self._path = path
        self._file = path.open("xb", buffering=0)
        _lock(self._file, wait=True)
        try:
            self._append(FORMAT | asdict(header))
        except OSError:
            self.close()
            path.unlink()
            raise

    def write(self, item: Entry | Event) -> None:
        """Raises OSError (the disk is full, the folder is gone, …); no part of a line stays."""
        if not self._path.exists():
            raise FileNotFoundError("the folder was removed or renamed")
        self._append(encode(item) if isinstance(item, Entry) else item)

    def _append(self, line: Mapping[str, object]) -> None:
        rest = json.dumps(line, separators=(",", ":"), default=str).encode() + b"\n"
        end = self._file.tell()
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:
            self._file.truncate(end)
            raise

    def close(self) -> None:
        self._file.close()


def is_being_written(path: Path) -> bool:
    """Whether a journal belongs to a take that goes on, in this process or in another."""
    with path.open("rb") as file:
        return not _lock(file, wait=False)


def _lock(file: IO[bytes], wait: bool) -> bool:
    """Take a journal's lock, which ends with its process; False where somebody else holds it."""
    if sys.platform == "win32":  # which removes no file that is open: a running take stays whole
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def read_header(path: Path) -> Header:
    """Raises SessionError where the first line is missing, damaged, or of a newer version."""
    with path.open("rb") as file:
        line = file.readline()
    if not line:
        raise SessionError(f"{path} is empty: nothing was recorded in it.")
    try:
        data = json.loads(line)
        check_format(data, path)
        names = {name: tuple(map(str, data[name])) for name in ("keypoint_names", "joint_names")}
        return Header(
            about=dict(data["about"]),
            skeleton=str(data["skeleton"]),
            started=str(data["started"]),
            monotonic=float(data["monotonic"]),
            raw=data.get("raw") is True,
            **names,
        )
    except SessionError:
        raise
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
        raise SessionError(f"{path} has a damaged header line, so it cannot be read.") from error


def read_lines(path: Path, header: Header) -> Iterator[Entry | Event | None]:
    """The lines after the header, in order; None for each one that is damaged."""
    with path.open("rb") as file:
        file.readline()
        for line in file:
            try:
                yield decode(line, len(header.keypoint_names), len(header.joint_names))
            except ValueError:
                yield None


def reason(error: Exception) -> str:
    """What went wrong, without the number and the path that an OSError puts around it."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def check_format(data: Any, path: Path) -> None:
    """Raises SessionError unless ``data``, read from ``path``, is of the version read here."""
    if not isinstance(data, dict) or data.get("format") != FORMAT["format"]:
        raise SessionError(f"{path} is not part of a Sandglass session.")
    if data.get("version") != FORMAT["version"]:
        raise SessionError(
            f"{path} is of session version {data.get('version')}; this program reads version "
            f"{FORMAT['version']}: open it with the newer Sandglass that wrote it."
        )
