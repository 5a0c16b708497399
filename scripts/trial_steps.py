"""What was tried, what was expected and what came, as rows of a table; a disk that is full."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Table:
    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str]] = []
        self.failed = 0

    def add(self, tried: str, expected: str, came: str = "") -> None:
        """came: empty where it was as expected."""
        self.failed += bool(came)
        self.rows.append((tried, expected, (came and f"**no**: {came}") or "yes"))
        print(f"{len(self.rows):3} {self.rows[-1]}", file=sys.stderr, flush=True)

    def print(self) -> None:
        print(f"{len(self.rows)} steps, {self.failed} not as expected\n")
        print("| | tried | expected | so |\n|---|---|---|---|")
        for number, row in enumerate(self.rows, start=1):
            print(f"| {number} | {' | '.join(cell.replace('|', '¦') for cell in row)} |")


@contextmanager
def full_disk(place: Path) -> Iterator[Path]:
    """A file system of 1 MiB at ``place``. Raises CalledProcessError where one may not mount."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", str(place)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
