"""A finished session, read from its folder. Executes nothing that it loads; knows no journals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.session.journal import JOURNAL, LARGEST, SessionError, check_format, reason

POSES = "poses.npz"
SESSION = "session.json"


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What poses.npz and session.json hold. NaN where there was nobody, or no 3D."""

    timestamps: np.ndarray  # (T,) float64, seconds since the first frame
    frame_index: np.ndarray  # (T,) int64, the source's count; a gap is a dropped frame
    keypoints2d: np.ndarray  # (T, K, 2) float32, frame pixels
    scores2d: np.ndarray  # (T, K) float32
    joints3d: (
        np.ndarray
    )  # (T, 17, 3) float32, mm, root-relative, camera axes x right, y down, z away
    keypoint_names: tuple[str, ...]  # K
    joint_names: tuple[str, ...]  # 17
    session: Mapping[str, Any]  # session.json; ``about`` and ``skeleton`` are of this result

    def __post_init__(self) -> None:
        """Raises ValueError where the arrays contradict each other, or are none of this kind."""
        t, k, j = len(self.timestamps), len(self.keypoint_names), len(self.joint_names)
        specs = array_specs(t, k, j)
        found = {name: getattr(self, name).shape for name in ARRAYS}
        if found != {name: shape for name, (shape, _) in specs.items()}:
            raise ValueError(f"arrays of shapes {found} for {k} keypoints and {j} joints")
        for name, (_, dtype) in specs.items():
            array = getattr(self, name)
            if not np.can_cast(array.dtype, dtype, "same_kind"):
                raise ValueError(f"{name} of type {array.dtype}")
            if issubclass(dtype, np.floating) and (np.abs(array) >= LARGEST).any():
                raise ValueError(f"{name} beyond {LARGEST:g}")
        if np.isnan(self.timestamps).any():
            raise ValueError("frames without a time")

    @property
    def about(self) -> Mapping[str, Any]:
        """Source, backbone, lifter, smoothing, threshold, …; empty where that was edited away."""
        about = self.session.get("about")
        return about if isinstance(about, dict) else {}


def array_specs(
    frames: int, keypoints: int, joints: int
) -> dict[str, tuple[tuple[int, ...], type]]:
    """Shape and dtype of each numeric array in poses.npz."""
    return {
        "timestamps": ((frames,), np.float64),
        "frame_index": ((frames,), np.int64),
        "keypoints2d": ((frames, keypoints, 2), np.float32),
        "scores2d": ((frames, keypoints), np.float32),
        "joints3d": ((frames, joints, 3), np.float32),
    }


ARRAYS = tuple(array_specs(0, 0, 0))
NAMES = ("keypoint_names", "joint_names")


def blank_arrays(frames: int, keypoints: int, joints: int) -> dict[str, np.ndarray]:
    """The arrays of poses.npz with nobody in them."""
    return {
        name: np.full(shape, np.nan if issubclass(dtype, np.floating) else 0, dtype)
        for name, (shape, dtype) in array_specs(frames, keypoints, joints).items()
    }


def load_recording(folder: Path, result: str | None = None) -> Recording:
    """The take as it was recorded, or what another backbone made of its video.

    result: one of ``result_names``. Raises SessionError: no session there, unfinished, damaged, of
    a newer version, or without that result.
    """
    if (folder / JOURNAL).exists():
        raise SessionError(f"{folder} was not finished; type: python main.py recover {folder}")
    session, poses = load_document(folder), folder / POSES
    if result is not None:
        poses, session = poses_path(folder, result), session | _entry(folder, session, result)
    try:
        fields: dict[str, Any] = load_arrays(poses)
        fields |= {name: tuple(map(str, fields[name])) for name in NAMES}
        return Recording(**fields, session=session)
    except Exception as error:  # zipfile and the npy reader raise a dozen kinds for a damaged file
        raise SessionError(f"{poses} cannot be read: {reason(error)}.") from error


def result_names(session: Mapping[str, Any]) -> tuple[str, ...]:
    """The backbones that a take's video was run through again, from its session.json."""
    results = session.get("results")
    if not isinstance(results, dict):
        return ()
    return tuple(name for name, entry in results.items() if isinstance(entry, dict))


def poses_path(folder: Path, result: str) -> Path:
    """Where the result of another backbone lies."""
    return folder / f"poses-{result}.npz"


def _entry(folder: Path, session: Mapping[str, Any], result: str) -> dict[str, Any]:
    if result not in result_names(session) or Path(result).name != result:
        found = ", ".join(result_names(session)) or "none"
        raise SessionError(f"{folder} holds no result of '{result}'. Results found: {found}.")
    return dict(session["results"][result])


def load_arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays of poses.npz by name, unchecked."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        return {name: archive[name] for name in (*ARRAYS, *NAMES)}


def load_document(folder: Path) -> dict[str, Any]:
    """session.json, of this version. Raises SessionError."""
    path = folder / SESSION
    if not path.exists():
        raise SessionError(f"{folder} holds no session: no {SESSION} there.")
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise SessionError(f"{path} cannot be read: {reason(error)}.") from error
    check_format(document, path)
    return dict(document)
