"""A text file row by row, read back and compared by its hash. Knows no formats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from engine.session.export.take import Progress, differs

CHUNK = 1000  # rows between two words on the progress


def formatted(template: str, values: np.ndarray) -> Iterator[str]:
    """``template % row`` for each row of ``values`` (T, N); NaN leaves its place empty."""
    for start in range(0, len(values), CHUNK):
        for row in values[start : start + CHUNK].tolist():
            yield (template % tuple(row)).replace("nan", "")


def write_text(
    path: Path, header: str, rows: Iterable[str], count: int, progress: Progress
) -> None:
    """Write ``header`` and ``count`` rows. Raises ExportError where they do not read back."""
    written = hashlib.sha256(header.encode())
    with path.open("wb") as file:
        file.write(header.encode())
        for n, row in enumerate(rows):
            line = row.encode()
            file.write(line)
            written.update(line)
            if n % CHUNK == 0:
                progress(n / count)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").digest() != written.digest():
            raise differs(path)
