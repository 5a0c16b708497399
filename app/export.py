"""``python main.py export``: a session in the format of another program, without a window."""

from __future__ import annotations

from pathlib import Path

from app.progress import ProgressLine
from engine.session.export import export


def export_session(
    *, session: Path, format: str, out: Path | None, result: str | None, overwrite: bool
) -> int:
    """Returns the exit code. Raises SessionError or ExportError; nothing is half-written."""
    with ProgressLine("%", 100) as progress:
        files = export(
            session,
            format,
            out,
            overwrite=overwrite,
            result=result,
            progress=lambda share: progress(100 * share),
        )
    print(*files, sep="\n")
    return 0
