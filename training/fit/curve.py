"""The curve of a run: one CSV row a look, and the same on the terminal."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path


def log_row(path: Path | None, row: Mapping[str, object]) -> None:
    """Print ``row``, and append it to the CSV at ``path``, with a header when the file is new."""
    print(", ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    if path is None:
        return
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, row)
        if new:
            writer.writeheader()
        writer.writerow(row)
