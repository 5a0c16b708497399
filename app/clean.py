"""``python main.py clean``: a take's clean result, without a window."""

from __future__ import annotations

from pathlib import Path

from app.progress import ProgressLine
from engine.session.clean.person import CleanSettings
from engine.session.clean.take import Cleaning, clean_take, settings_of
from engine.session.recording import clean_path, load_recording


def clean_session(
    session: Path, result: str | None, cutoff: float | None, fill: float | None
) -> int:
    """Returns the exit code. Raises SessionError."""
    print(f"{clean_path(session, result)}: {make_clean(session, result, cutoff, fill)}")
    return 0


def make_clean(
    session: Path, result: str | None, cutoff: float | None, fill: float | None
) -> Cleaning:
    """None: as the clean result that there is, else as ``CleanSettings`` has it."""
    usual = settings_of(load_recording(session, result).session) or CleanSettings()
    settings = CleanSettings(
        usual.cutoff if cutoff is None else cutoff, usual.fill if fill is None else fill
    )
    with ProgressLine("%", 100) as progress:
        return clean_take(session, settings, result, lambda share: progress(100 * share))
