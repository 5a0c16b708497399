"""A finished session, read from its folder. Executes nothing that it loads; knows no journals."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from engine.session.entry import LARGEST, YOUNGER, pose_shapes
from engine.session.journal import JOURNAL, SessionError, check_format, reason
from engine.session.pose_arrays import (
    ARRAYS,
    FILLED,
    NAMES,
    PEOPLE,
    array_specs,
    is_there,
    people_specs,
)

POSES = "poses.npz"
SESSION = "session.json"

YOUNGER_ARRAYS = (*YOUNGER, "others", *(f"people_{name}" for name in YOUNGER))


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What poses.npz and session.json hold. NaN where there was nobody, or no 3D.

    Without ``people_`` the arrays are the subject's; where nobody else was followed P is 1.
    """

    timestamps: np.ndarray  # (T,) float64, seconds since the first frame
    frame_index: np.ndarray  # (T,) int64, from 0; a gap is a dropped frame
    keypoints2d: np.ndarray  # (T, K, 2) float32, frame pixels
    scores2d: np.ndarray  # (T, K) float32
    joints3d: (
        np.ndarray
    )  # (T, 17, 3) float32, mm, root-relative, camera axes x right, y down, z away
    root: np.ndarray  # (T, 3) float32, m, where the pelvis is in the room; see types.Person
    spread: np.ndarray  # (T, 17, 3) float32, mm, of the raw joints3d; see types.Pose3D
    state: np.ndarray  # (T,) float32, an index into types.TRACK_STATES
    others: np.ndarray  # (T, N, 5) float32, boxes of those who were seen and not followed, NaN for
    # none: x1 y1 x2 y2 in frame pixels, score
    keypoint_names: tuple[str, ...]  # K
    joint_names: tuple[str, ...]  # 17
    people_keypoints2d: np.ndarray  # (T, P, K, 2): of everybody, NaN where absent
    people_scores2d: np.ndarray  # (T, P, K)
    people_joints3d: np.ndarray  # (T, P, 17, 3)
    people_root: np.ndarray  # (T, P, 3)
    people_spread: np.ndarray  # (T, P, 17, 3)
    people_state: np.ndarray  # (T, P)
    people_ids: np.ndarray  # (P,) int64
    people_subject: np.ndarray  # (T,) int64: who was the subject
    session: Mapping[str, Any]  # session.json; ``about`` and ``skeleton`` are of this result
    filled2d: np.ndarray | None = None  # (T, K) bool, see pose_arrays.FILLED; None but of a clean
    filled3d: np.ndarray | None = None  # (T, 17) bool; result

    def __post_init__(self) -> None:
        """Raises ValueError where the arrays contradict each other, or are none of this kind."""
        t, p = len(self.timestamps), len(self.people_ids)
        k, j = len(self.keypoint_names), len(self.joint_names)
        specs = array_specs(t, k, j, self.others.shape[1]) | people_specs(t, p, k, j)
        found = {name: getattr(self, name).shape for name in specs}
        if found != {name: shape for name, (shape, _) in specs.items()}:
            raise ValueError(f"arrays of shapes {found} for {k} keypoints and {j} joints")
        for name, (_, dtype) in specs.items():
            array = getattr(self, name)
            if not np.can_cast(array.dtype, dtype, "same_kind"):
                raise ValueError(f"{name} of type {array.dtype}")
            if issubclass(dtype, np.floating) and _largest(array) >= LARGEST:
                raise ValueError(f"{name} beyond {LARGEST:g}")
        for name, of in FILLED.items():
            marks = getattr(self, name)
            if marks is not None and marks.shape != getattr(self, of).shape[:2]:
                raise ValueError(f"{name} of shape {marks.shape}")
        if np.isnan(self.timestamps).any():
            raise ValueError("frames without a time")
        if len(np.unique(self.people_ids)) != p:
            raise ValueError("two people of the same id")

    @property
    def about(self) -> Mapping[str, Any]:
        """Source, backbone, lifter, smoothing, threshold, …; empty where that was edited away."""
        about = self.session.get("about")
        return about if isinstance(about, dict) else {}

    @property
    def first_frame(self) -> int:
        """The source's number of frame 0; 0 of older takes, whose frames bear the source's own."""
        first = self.session.get("first_frame")
        return first if isinstance(first, int) else 0

    @property
    def filled(self) -> np.ndarray:
        """(T,) bool: frames of a clean result in which a joint of the subject was filled."""
        marks = [m for m in (self.filled2d, self.filled3d) if m is not None]
        return np.asarray(
            np.column_stack([np.zeros(len(self.timestamps), bool), *marks]).any(axis=1)
        )

    @property
    def bystanders(self) -> np.ndarray:
        """(T, P) bool: who is there and not the subject."""
        there = is_there(self.people_scores2d, self.people_joints3d)
        return np.asarray(there & (self.people_ids != self.people_subject[:, None]))

    def of(self, p: int) -> Recording:
        """The take as if person ``p`` had been the subject all the time, alone."""
        poses = {name: getattr(self, f"people_{name}")[:, p] for name in pose_shapes(0, 0)}
        return replace(self, **poses | _alone(poses, int(self.people_ids[p])))

    def part(self, frames: np.ndarray | slice) -> Recording:
        """Some of the frames: a slice of them, or those flagged in (T,) bool."""
        names = [name for name in (*ARRAYS, *PEOPLE) if name != "people_ids"]
        names += FILLED if self.filled2d is not None else ()
        return replace(self, **{name: getattr(self, name)[frames] for name in names})


def _largest(array: np.ndarray) -> float:
    """The largest value on either side of 0; NaN does not count."""
    high, low = (float(f.reduce(array, axis=None, initial=0)) for f in (np.fmax, np.fmin))
    return max(high, -low)


def _alone(poses: Mapping[str, np.ndarray], subject: int) -> dict[str, np.ndarray]:
    """The arrays of everybody, of a take of the subject alone: views of the subject's."""
    people = {f"people_{name}": poses[name][:, None] for name in pose_shapes(0, 0)}
    who = np.full(len(poses["scores2d"]), subject)
    return people | {"people_ids": np.array([subject]), "people_subject": who}


def load_recording(folder: Path, result: str | None = None, clean: bool = False) -> Recording:
    """The take as it was recorded, or what another backbone made of its video.

    result: one of ``result_names``; clean: what ``session.clean`` made of that.
    Raises SessionError: no session there, unfinished, damaged, of a newer version, or without that
    result.
    """
    if (folder / JOURNAL).exists():
        raise SessionError(f"{folder} was not finished; type: python main.py recover {folder}")
    session, poses = load_document(folder), folder / POSES
    if result is not None:
        entry, poses = _entry(folder, session, result), poses_path(folder, result)
        session = {k: v for k, v in session.items() if k != "clean"} | entry
    if clean:
        poses = clean_path(folder, result)
        if not poses.is_file():
            raise SessionError(
                f"{folder} has no {poses.name} yet; type: python main.py clean {folder}"
            )
    try:
        fields: dict[str, Any] = dict(read_arrays(poses))
        fields |= {name: tuple(map(str, fields[name])) for name in NAMES}
        for prefix, name in product(("", "people_"), YOUNGER):
            joints = fields.get(f"{prefix}joints3d")
            if joints is not None and prefix + name not in fields:
                shape = joints.shape[:-2] + pose_shapes(0, joints.shape[-2])[name]
                fields[prefix + name] = np.full(shape, np.nan, np.float32)
        fields.setdefault("others", np.empty((len(fields["timestamps"]), 0, 5), np.float32))
        if "people_ids" not in fields:
            fields |= _alone(fields, _subject(session))
        return Recording(**fields, session=session)
    except Exception as error:  # zipfile and the npy reader raise a dozen kinds for a damaged file
        raise SessionError(f"{poses} cannot be read: {reason(error)}.") from error


def _subject(session: Mapping[str, Any]) -> int:
    """The subject's id; 0 of older takes, and where it was edited away."""
    subject = session.get("subject")
    return subject if isinstance(subject, int) and abs(subject) < 1 << 63 else 0


def result_names(session: Mapping[str, Any]) -> tuple[str, ...]:
    """The backbones that a take's video was run through again, from its session.json."""
    results = session.get("results")
    if not isinstance(results, dict):
        return ()
    return tuple(name for name, entry in results.items() if isinstance(entry, dict))


def poses_path(folder: Path, result: str) -> Path:
    """Where the result of another backbone lies."""
    return folder / f"poses-{result}.npz"


def clean_path(folder: Path, result: str | None) -> Path:
    """Where the clean result lies, of the take or of the result of another backbone."""
    return folder / f"clean{f'-{result}' if result else ''}.npz"


def _entry(folder: Path, session: Mapping[str, Any], result: str) -> dict[str, Any]:
    if result not in result_names(session) or Path(result).name != result:
        found = ", ".join(result_names(session)) or "none"
        raise SessionError(f"{folder} holds no result of '{result}'. Results found: {found}.")
    return dict(session["results"][result])


def read_arrays(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    """The arrays of poses.npz one by one, unchecked; those of everybody, and those that are younger
    than the first takes, where there are any."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        people = PEOPLE if "people_ids" in archive else ()
        filled = FILLED if "filled2d" in archive else ()
        for name in (*ARRAYS, *people, *NAMES, *filled):
            if name in archive or name not in YOUNGER_ARRAYS:
                yield name, archive[name]


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
