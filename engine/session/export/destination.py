"""Where an export goes: made beside its place, moved there when it is whole. Knows no formats."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.session.export.openpose import ENDING
from engine.session.export.take import ExportError
from engine.session.journal import reason


@contextmanager
def placing(target: Path, folder: bool, overwrite: bool) -> Iterator[Path]:
    """A path in a hidden folder beside ``target``; what is made there becomes ``target``.

    Raises ExportError where something is there already, or where the disk does not take it.
    """
    _refuse(target, folder, overwrite)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as beside:
            path = Path(beside) / target.name
            yield path
            _refuse(target, folder, overwrite)
            if target.is_dir():
                target.replace(Path(beside) / "replaced")
            path.replace(target)
    except OSError as error:
        raise ExportError(
            f"Cannot write {target}: {reason(error)}; choose another place with --out."
        ) from error


def _refuse(target: Path, folder: bool, overwrite: bool) -> None:
    """Raises ExportError where ``target`` may not become this export."""
    if not target.exists():
        return
    if not overwrite:
        raise ExportError(f"{target} exists; choose another place, or replace it with --overwrite.")
    if target.is_dir() != folder:
        raise ExportError(f"{target} is {'no' if folder else 'a'} folder; choose another place.")
    if folder and any(not path.name.endswith(ENDING) for path in target.iterdir()):
        raise ExportError(f"{target} holds other files than an export; choose another folder.")
