"""``python main.py clean``: a take's clean result, without a window."""

from __future__ import annotations

from pathlib import Path

from app.progress import ProgressLine
from engine.session.clean.person import CleanSettings
from engine.session.clean.take import Cleaning, clean_take
from engine.session.recording import clean_path


def clean_session(
    session: Path, result: str | None, cutoff: float | None, fill: float | None
) -> int:
    """Returns the exit code. Raises SessionError."""
    done = make_clean(session, result, cutoff, fill, CleanSettings())
    print(f"{clean_path(session, result)}: {done}")
    return 0


def make_clean(
    session: Path,
    result: str | None,
    cutoff: float | None,
    fill: float | None,
    usual: CleanSettings,
) -> Cleaning:
    """None: as in ``usual``."""
    settings = CleanSettings(
        usual.cutoff if cutoff is None else cutoff, usual.fill if fill is None else fill
    )
    with ProgressLine("%", 100) as progress:
        return clean_take(session, settings, result, lambda share: progress(100 * share))
