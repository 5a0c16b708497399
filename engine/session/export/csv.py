"""A tidy table: a row for each frame and keypoint, joint or angle.

Nothing is left out, smoothed or turned: what was not seen has a low score, what was not there has
empty cells.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.session.export.rows import formatted, write_text
from engine.session.export.take import Progress, Take
from engine.session.joint_scores import joint_scores, joints_seen
from engine.session.recording import Recording
from engine.space.joint_angles import ANGLES, joint_angles

HEADER = "time_s,frame,kind,name,x,y,z,score\n"
_STAMP = "@"  # stands for time and frame, which all rows of a frame begin with


def write(take: Take, path: Path, progress: Progress) -> None:
    recording = take.recording
    template = "".join(
        [f"{_STAMP},keypoint_px,{name},%.2f,%.2f,,%.4f\n" for name in recording.keypoint_names]
        + [f"{_STAMP},joint_mm,{name},%.1f,%.1f,%.1f,%.4f\n" for name in recording.joint_names]
        + [f"{_STAMP},angle_deg,{name},%.2f,,,\n" for name in ANGLES]
    )
    values = _values(recording)
    stamps = np.column_stack([recording.timestamps, recording.frame_index])
    both = zip(formatted("%.6f,%d", stamps), formatted(template, values), strict=True)
    rows = (frame.replace(_STAMP, stamp) for stamp, frame in both)
    write_text(path, HEADER, rows, len(values), progress)


def _values(recording: Recording) -> np.ndarray:
    """(T, N): the numbers of a frame in the order of the template."""
    blocks = (
        np.concatenate([recording.keypoints2d, recording.scores2d[..., None]], axis=-1),
        np.concatenate([recording.joints3d, joint_scores(recording)[..., None]], axis=-1),
        joint_angles(recording.joints3d, joints_seen(recording)),
    )
    return np.concatenate([block.reshape(len(block), -1) for block in blocks], axis=1)
