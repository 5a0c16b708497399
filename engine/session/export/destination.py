"""Where an export goes: made beside its place, moved there when it is whole. Knows no formats."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.session.export.openpose import ENDING
from engine.session.export.take import ExportError
from engine.session.journal import JOURNAL, reason
from engine.session.recording import SESSION
from engine.session.video import VIDEO


@contextmanager
def placing(targets: Sequence[Path], folder: bool, overwrite: bool) -> Iterator[list[Path]]:
    """Paths in a hidden folder beside ``targets``, which share theirs; what is made becomes them.

    Raises ExportError where something is there already, or where the disk does not take it.
    """
    _refuse(targets, folder, overwrite)
    try:
        with tempfile.TemporaryDirectory(dir=targets[0].parent, prefix=".export-") as beside:
            paths = [Path(beside) / target.name for target in targets]
            yield paths
            _refuse(targets, folder, overwrite)
            for path, target in zip(paths, targets, strict=True):
                if target.is_dir():
                    target.replace(Path(beside) / "replaced")
                path.replace(target)
    except OSError as error:
        raise ExportError(
            f"Cannot write {targets[0]}: {reason(error)}; choose another place with --out."
        ) from error


def _refuse(targets: Sequence[Path], folder: bool, overwrite: bool) -> None:
    """Raises ExportError where one of them may not become this export."""
    for target in targets:
        if not target.exists():
            continue
        if _is_of_take(target):
            raise ExportError(f"{target} is a take's own; choose another place.")
        if not overwrite:
            raise ExportError(
                f"{target} exists; choose another place, or replace it with --overwrite."
            )
        if target.is_dir() != folder:
            raise ExportError(
                f"{target} is {'no' if folder else 'a'} folder; choose another place."
            )
        if folder and any(not path.name.endswith(ENDING) for path in target.iterdir()):
            raise ExportError(f"{target} holds other files than an export; choose another folder.")


def _is_of_take(path: Path) -> bool:
    """Whether a file is one of those that the take beside it consists of."""
    arrays = path.match("poses*.npz") or path.match("clean*.npz")
    own = arrays or path.name in (SESSION, JOURNAL, VIDEO)
    return own and (path.parent / SESSION).is_file()
