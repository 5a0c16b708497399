"""Tries the program step by step, each with its expected answer, and prints the table of
docs/reliability.md. The exit code is 1 where an answer was another.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from trial_steps import Table  # noqa: E402
from trial_terminal import try_terminal  # noqa: E402
from trial_window import try_window  # noqa: E402


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["terminal", "window"], help="half of it")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="keep the window's there")
    given = parser.parse_args()
    table = Table()
    with tempfile.TemporaryDirectory() as folder:
        if given.only != "window":
            try_terminal(table, Path(folder))
        if given.only != "terminal":
            try_window(table, Path(folder), given.pictures)
    table.print()
    return int(table.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
