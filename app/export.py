"""``python main.py export``: a session in the format of another program, without a window."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.session.export import export

STOPPED = 130  # the shell's exit code for Ctrl-C


def export_session(
    session: Path, format: str, out: Path | None, result: str | None, *, overwrite: bool
) -> int:
    """Returns the exit code. Raises SessionError or ExportError; nothing is half-written."""
    try:
        files = export(session, format, out, overwrite=overwrite, result=result, progress=_tell)
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.", file=sys.stderr)
        return STOPPED
    finally:
        _tell(None)
    print(*files, sep="\n")
    return 0


def _tell(share: float | None) -> None:
    """On one line of a terminal, which None clears; nothing where nobody looks."""
    if sys.stderr.isatty():
        text = "" if share is None else f"{100 * share:3.0f} %"
        print(f"\r{text:5}\r", end="", file=sys.stderr, flush=True)
