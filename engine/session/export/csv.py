"""A tidy table: a row for each frame, person, and keypoint, joint, angle or place in the room.

Nothing is left out, smoothed or turned: what was not seen has a low score, what was not there has
empty cells. The subject has rows in every frame, everybody else where they were there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from engine.session.export.everybody import texts
from engine.session.export.rows import formatted, write_text
from engine.session.export.take import Progress, Take
from engine.session.joint_scores import joint_scores
from engine.session.recorded_room import angles_of
from engine.session.recording import Recording
from engine.space.joint_angles import ANGLES

HEADER = "time_s,frame,kind,name,x,y,z,score,person,subject\n"
_STAMP = "@"  # stands for time and frame, which all rows of a frame begin with
_WHO = "#"  # stands for the person's id and whether that is the subject


def write(take: Take, path: Path, progress: Progress) -> None:
    rows = _frames(take.recording)
    write_text(path, HEADER, rows, len(take.recording.timestamps), progress)


def _frames(recording: Recording) -> Iterator[str]:
    """The rows of one frame after the other."""
    placed = bool(np.isfinite(recording.people_root).any())
    template = "".join(
        [f"{_STAMP},keypoint_px,{k},%.2f,%.2f,,%.4f,{_WHO}\n" for k in recording.keypoint_names]
        + [f"{_STAMP},joint_mm,{j},%.1f,%.1f,%.1f,%.4f,{_WHO}\n" for j in recording.joint_names]
        + [f"{_STAMP},angle_deg,{angle},%.2f,,,,{_WHO}\n" for angle in ANGLES]
        + [f"{_STAMP},root_m,pelvis,%.3f,%.3f,%.3f,,{_WHO}\n"] * placed
    )
    stamps = np.column_stack([recording.timestamps, recording.frame_index])
    people = texts(recording, template, partial(_values, placed=placed))
    for stamp, frame in zip(formatted("%.6f,%d", stamps), people, strict=True):
        yield "".join(
            text.replace(_STAMP, stamp).replace(_WHO, f"{who},{int(n == 0)}")
            for n, (who, text) in enumerate(frame)
        )


def _values(recording: Recording, placed: bool) -> tuple[np.ndarray, np.ndarray]:
    """(T, N): the numbers of a frame in the order of the template; and every frame counts."""
    blocks = (
        np.concatenate([recording.keypoints2d, recording.scores2d[..., None]], axis=-1),
        np.concatenate([recording.joints3d, joint_scores(recording)[..., None]], axis=-1),
        angles_of(recording),
        *([recording.root] if placed else []),
    )
    values = np.concatenate([block.reshape(len(block), -1) for block in blocks], axis=1)
    return values, np.ones(len(values), bool)
