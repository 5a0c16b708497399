"""What every writer is given, and what it may raise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.session.recording import Recording

Progress = Callable[[float], None]  # told the share that is done, 0 … 1


class ExportError(ValueError):
    """Nothing was exported; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    recording: Recording
    folder: Path  # of the session
    result: str | None = None  # of which backbone, and
    clean: bool = False  # whether clean, as ``load_recording`` takes them

    @property
    def name(self) -> str:
        """To be known by, in files and as theirs."""
        return take_name(self.folder, self.result, self.clean)


def take_name(folder: Path, result: str | None, clean: bool) -> str:
    """Of what is exported of a session's folder."""
    return "-".join([folder.resolve().name, *filter(None, (result, "clean" if clean else ""))])


def within(progress: Progress, start: float, end: float) -> Progress:
    """The progress of a part of the work that is ``start`` … ``end`` of the whole."""
    return lambda share: progress(start + share * (end - start))


def differs(path: Path) -> ExportError:
    return ExportError(f"{path.name} does not read back as it was written; try another disk.")
