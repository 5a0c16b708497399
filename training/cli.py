"""What the commands share: exit codes (0, or 2 with one line on stderr), tables, JSON files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.messages import let_any_terminal_read
from engine.runtimes import RuntimeUnavailableError

BAD_INPUT = 2


def answer(work: Callable[[], None], *also: type[Exception]) -> int:
    """The exit code of ``work``; also: what counts as bad input besides what is missing or wrong
    in files and arguments.
    """
    bad: tuple[type[Exception], ...] = (OSError, ValueError, RuntimeUnavailableError, *also)
    let_any_terminal_read()
    try:
        work()
    except bad as error:
        print(f"sandglass: {' '.join(str(error).split())}", file=sys.stderr)
        return BAD_INPUT
    return 0


def write_json(path: Path | None, figures: object) -> None:
    """Nothing where no file was asked for."""
    if path:
        path.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def print_table(title: str, rows: Mapping[str, Mapping[str, float]]) -> None:
    """Rows under the columns of all; what a row lacks is left empty."""
    fullest = sorted(rows.values(), key=len, reverse=True)
    columns = list(dict.fromkeys(key for row in fullest for key in row))
    widest = max(map(len, columns)) + 2
    wide, cell = max(14, *map(len, rows)), max(10, widest)
    print(title)
    print(" " * wide + "".join(f"{name:>{cell}}" for name in columns))
    for name, row in rows.items():
        cells = (f"{row[key]:{cell}.1f}" if key in row else " " * cell for key in columns)
        print(f"{name:{wide}}" + "".join(cells))
