"""Files of a finished session, written whole or not at all. Knows no journals and no threads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from engine.session.journal import JOURNAL, SessionError, reason
from engine.session.recording import SESSION, load_document, read_arrays


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of ``path`` once it is whole, or leaves no trace."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def write_poses(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write the arrays of poses.npz and read them back. Raises OSError."""
    with replacing(path) as file:
        np.savez(file, allow_pickle=False, **arrays)
    for name, array in read_arrays(path):
        if array.dtype != arrays[name].dtype or array.tobytes() != arrays[name].tobytes():
            raise OSError(f"{path.name} does not read back as it was written")


def write_document(folder: Path, document: Mapping[str, object]) -> None:
    """Write session.json. Raises OSError."""
    with replacing(folder / SESSION) as file:
        file.write(json.dumps(document, indent=2).encode() + b"\n")


def set_notes(folder: Path, notes: str) -> None:
    """Replace the notes of a finished session. Raises SessionError."""
    if (folder / JOURNAL).exists():
        raise SessionError(f"{folder} is not finished: its notes can be changed when it is.")
    document = load_document(folder)
    try:
        write_document(folder, document | {"notes": notes})
    except OSError as error:
        raise SessionError(f"The notes in {folder} cannot be written: {reason(error)}.") from error
