"""NumPy arrays: poses.npz of the session under another name."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.session.export.take import Progress, Take
from engine.session.recording import ARRAYS, NAMES
from engine.session.whole_files import write_poses


def write(take: Take, path: Path, progress: Progress) -> None:
    arrays = {name: np.asarray(getattr(take.recording, name)) for name in (*ARRAYS, *NAMES)}
    write_poses(path, arrays)
