"""The disk under a take: how long it lasts, when to warn, when to stop. Knows no threads."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WARN, STOP = 2_000_000_000, 500_000_000  # bytes free
LOOK_EVERY = 1.0  # seconds


def free_space(folder: Path) -> int:
    """Bytes that a user may still write where ``folder`` is."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class DiskSpace:
    free: int  # bytes
    seconds_left: float  # until the take is stopped, at the rate it has grown so far

    @property
    def low(self) -> bool:
        return self.free < WARN

    def __str__(self) -> str:
        minutes, text = self.seconds_left / 60, f"{self.free / 1e9:.1f} GB free"
        if minutes < 1000:
            text += f", room for {minutes:.0f} min" if minutes >= 1 else ", room for < 1 min"
        return text


class DiskWatch:
    """Looks at most once in LOOK_EVERY seconds; belongs to one thread."""

    def __init__(self, folder: Path, free: Callable[[Path], int] = free_space) -> None:
        """``folder`` must exist. Raises OSError, also where no take can begin."""
        self._folder, self._free = folder, free
        self._started = self._looked = time.monotonic()
        self.space = DiskSpace(free(folder), float("inf"))
        if self.space.free < STOP:
            raise OSError(f"only {self._left()}, a take needs more than {_gb(STOP)}")

    def look(self) -> None:
        """Measure. Raises OSError, also when the take must stop."""
        now = time.monotonic()
        if now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        written = sum(file.stat().st_size for file in self._folder.iterdir())
        free = self._free(self._folder)
        rate = written / (now - self._started)
        self.space = DiskSpace(free, max(free - STOP, 0) / rate if rate else float("inf"))
        if free < STOP:
            raise OSError(f"the disk is almost full, {self._left()}")

    def _left(self) -> str:
        return f"{_gb(self.space.free)} free"


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
