"""NumPy arrays: poses.npz of the session under another name."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.session.export.take import Progress, Take
from engine.session.pose_arrays import ARRAYS, FILLED, NAMES, PEOPLE
from engine.session.whole_files import write_poses


def write(take: Take, path: Path, progress: Progress) -> None:
    people = PEOPLE if take.recording.bystanders.any() else ()
    filled = FILLED if take.clean else ()
    names = (*ARRAYS, *people, *NAMES, *filled)
    write_poses(path, {name: np.asarray(getattr(take.recording, name)) for name in names})
