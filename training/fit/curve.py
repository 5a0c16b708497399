"""The curve of a run: one CSV row a look, and the same on the terminal."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path


def log_row(path: Path | None, row: Mapping[str, object], whose: str = "") -> None:
    """Print ``row``, and append it to the CSV at ``path``, with a header when the file is new.

    whose: what is printed before it.
    """
    print(whose + ", ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    if path is None:
        return
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, row)
        if new:
            writer.writeheader()
        writer.writerow(row)
