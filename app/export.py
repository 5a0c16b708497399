"""``python main.py export``: a session in the format of another program, without a window."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from app.clean import make_clean
from app.progress import ProgressLine
from engine.session.clean.person import CleanSettings
from engine.session.clean.take import settings_of
from engine.session.export import export
from engine.session.recording import load_recording
from engine.session.replay import Replay

WITH_PICTURES = ("mp4", "gif")


def export_session(
    *,
    session: Path,
    format: str,
    out: Path | None,
    result: str | None,
    overwrite: bool,
    clean: bool,
    cutoff: float | None,
    fill: float | None,
) -> int:
    """Returns the exit code. Raises SessionError or ExportError; nothing is half-written.

    clean: make the clean result first, with ``cutoff`` and ``fill``, and write that; None: as it
    was made before, if it was.
    """
    if clean:
        before = settings_of(load_recording(session, result).session) or CleanSettings()
        print(f"sandglass: {make_clean(session, result, cutoff, fill, before)}.", file=sys.stderr)
    with ProgressLine("%", 100) as progress:
        files = export(
            session,
            format,
            out,
            overwrite=overwrite,
            result=result,
            clean=clean,
            progress=lambda share: progress(100 * share),
        )
    print(*files, sep="\n")
    if format in WITH_PICTURES:
        with closing(Replay(session, result, clean)) as replay:
            if replay.warning:
                print(f"sandglass: {replay.warning}", file=sys.stderr)
    return 0
