"""OpenPose JSON: a folder with a file for each frame of the take, keypoints as in BODY_25."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.session.export.everybody import texts
from engine.session.export.rows import CHUNK
from engine.session.export.take import Progress, Take, differs
from engine.session.joint_scores import keypoints_as
from engine.session.recording import Recording

ENDING = "_keypoints.json"

# BODY_25 in this program's names, from OpenPose's doc/02_output.md: its neck is between the
# shoulders, its middle hip the pelvis. Nobody here finds feet.
BODY_25 = (
    "nose", "thorax", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow",
    "left_wrist", "pelvis", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee",
    "left_ankle", "right_eye", "left_eye", "right_ear", "left_ear", "left_big_toe",
    "left_small_toe", "left_heel", "right_big_toe", "right_small_toe", "right_heel",
)  # fmt: skip
_OTHERS = ",".join(
    f'"{part}":[]'
    for part in (
        "face_keypoints_2d", "hand_left_keypoints_2d", "hand_right_keypoints_2d",
        "pose_keypoints_3d", "face_keypoints_3d", "hand_left_keypoints_3d",
        "hand_right_keypoints_3d",
    )
)  # fmt: skip
_KEYPOINTS = ",".join(["%.2f,%.2f,%.4f"] * len(BODY_25))
_POSE = f'"pose_keypoints_2d":[{_KEYPOINTS}],{_OTHERS}'


def write(take: Take, path: Path, progress: Progress) -> None:
    frames = texts(take.recording, _POSE, _values)
    path.mkdir()
    for t, frame in enumerate(frames):
        people = ",".join(f'{{"person_id":[{who}],{pose}}}' for who, pose in frame)
        text = f'{{"version":1.1,"people":[{people}]}}'
        file = path / f"{take.name}_{t:012d}{ENDING}"
        file.write_bytes(text.encode())
        if file.read_bytes() != text.encode():
            raise differs(file)
        if t % CHUNK == 0:
            progress(t / len(take.recording.timestamps))


def _values(person: Recording) -> tuple[np.ndarray, np.ndarray]:
    """(T, 75): x y score of each keypoint, zeros where missing; the frames with any."""
    points, scores = keypoints_as(person, BODY_25)
    triples = np.nan_to_num(np.concatenate([points, scores[..., None]], axis=-1))
    return triples.reshape(-1, 3 * len(BODY_25)), np.isfinite(scores).any(axis=1)
