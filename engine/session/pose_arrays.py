"""The arrays of poses.npz: what each of them is, and how they fill frame by frame. Knows no files.

Without prefix they are the subject's, whoever that was in a frame. Where anybody else was followed
there are also those of everybody, prefixed ``people_``: a column for each id, NaN where absent.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping

import numpy as np

from engine.session.entry import Entry, pose_shapes

PEOPLE_BYTES = 1 << 29  # that the arrays of everybody may take: an hour of eight people at 30 Hz

Arrays = Mapping[str, np.ndarray]
Specs = dict[str, tuple[tuple[int, ...], type]]  # name → shape and dtype


def array_specs(frames: int, keypoints: int, joints: int, others: int = 0) -> Specs:
    """Of the numeric arrays that are always there; others: in one frame, at most."""
    poses = pose_shapes(keypoints, joints).items()
    return {
        "timestamps": ((frames,), np.float64),
        "frame_index": ((frames,), np.int64),
        **{name: ((frames, *shape), np.float32) for name, shape in poses},
        "others": ((frames, others, 5), np.float32),
    }


def people_specs(frames: int, people: int, keypoints: int, joints: int) -> Specs:
    """Of those that are there where more than the subject was followed."""
    poses = pose_shapes(keypoints, joints).items()
    return {
        **{f"people_{name}": ((frames, people, *shape), np.float32) for name, shape in poses},
        "people_ids": ((people,), np.int64),
        "people_subject": ((frames,), np.int64),  # the id of whoever was the subject
    }


ARRAYS = tuple(array_specs(0, 0, 0))
PEOPLE = tuple(people_specs(0, 0, 0, 0))
NAMES = ("keypoint_names", "joint_names")
# Of a clean result alone, (T, K) and (T, 17) bool: what of the subject was not seen and is taken
# from before and after; and the array that each of them is about.
FILLED = {"filled2d": "scores2d", "filled3d": "joints3d"}


def blank_arrays(frames: int, keypoints: int, joints: int) -> dict[str, np.ndarray]:
    """The arrays that are always there, with nobody in them."""
    return _blank(array_specs(frames, keypoints, joints))


def _blank(specs: Specs) -> dict[str, np.ndarray]:
    return {
        name: np.full(shape, np.nan if issubclass(dtype, np.floating) else 0, dtype)
        for name, (shape, dtype) in specs.items()
    }


def is_there(scores2d: np.ndarray, joints3d: np.ndarray) -> np.ndarray:
    """Whether anything is known of a person: (..., K) and (..., J, 3) → (...) bool."""
    known2d = np.isfinite(scores2d).any(axis=-1)
    return np.asarray(known2d | np.isfinite(joints3d).any(axis=(-2, -1)))


class PoseArrays:
    """Takes one entry after the other; what is kept of bystanders grows with their frames only."""

    def __init__(self, frames: int, keypoints: int, joints: int) -> None:
        """frames: at most so many."""
        self.left_out = 0  # people for whom PEOPLE_BYTES had no room
        self._shapes = pose_shapes(keypoints, joints)
        self._arrays = blank_arrays(frames, keypoints, joints)
        self._subject = np.zeros(frames, np.int64)
        self._seen = array("q")  # frame and id of each row of a bystander
        self._rows = {name: array("f") for name in self._shapes}
        self._others: dict[int, np.ndarray] = {}  # by frame

    def put(self, t: int, entry: Entry) -> None:
        """Fill frame ``t``; what the entry lacks stays blank."""
        self._arrays["timestamps"][t] = entry.timestamp
        self._arrays["frame_index"][t] = entry.frame
        self._subject[t] = entry.subject
        for name in self._shapes:
            if (value := entry.arrays[name]) is not None:
                self._arrays[name][t] = value
        if entry.others is not None:
            self._others[t] = entry.others
        for who, arrays in entry.bystanders.items():
            self._seen.extend((t, who))
            for name, shape in self._shapes.items():
                value = arrays[name]
                row = np.full(shape, np.nan) if value is None else value
                self._rows[name].frombytes(np.asarray(row, np.float32).tobytes())

    def done(self, frames: int) -> dict[str, np.ndarray]:
        """The arrays of the first ``frames`` frames, to be written."""
        arrays = {name: values[:frames] for name, values in self._arrays.items()}
        most = max(map(len, self._others.values()), default=0)
        arrays["others"] = np.full((frames, most, 5), np.nan, np.float32)
        for t, boxes in self._others.items():
            arrays["others"][t, : len(boxes)] = boxes
        return arrays | (self._people(arrays, self._subject[:frames]) if self._seen else {})

    @property
    def subject(self) -> int | None:
        """Who was the subject longest, in view; None where nobody was."""
        there = is_there(self._arrays["scores2d"], self._arrays["joints3d"])
        ids, frames = np.unique(self._subject[there], return_counts=True)
        return int(ids[frames.argmax()]) if len(ids) else None

    def _people(self, arrays: Arrays, subject: np.ndarray) -> dict[str, np.ndarray]:
        t, who = np.array(self._seen).reshape(-1, 2).T
        in_view = np.flatnonzero(is_there(arrays["scores2d"], arrays["joints3d"]))
        ids = self._with_room(np.concatenate([who, subject[in_view]]), len(subject))
        (keypoints,), (joints, _) = self._shapes["scores2d"], self._shapes["joints3d"]
        people = _blank(people_specs(len(subject), len(ids), keypoints, joints))
        people["people_ids"][:], people["people_subject"][:] = ids, subject
        for name, shape in self._shapes.items():
            rows = np.frombuffer(self._rows[name], np.float32).reshape(len(t), *shape)
            _place(people[f"people_{name}"], ids, t, who, rows)
            _place(people[f"people_{name}"], ids, in_view, subject[in_view], arrays[name][in_view])
        return people

    def _with_room(self, seen: np.ndarray, frames: int) -> np.ndarray:
        """The ids, rising; where not all of them have room those who were followed longest."""
        ids, count = np.unique(seen, return_counts=True)
        column = frames * sum(4 * math.prod(shape) for shape in self._shapes.values())
        room = max(PEOPLE_BYTES // max(column, 1), 1)
        self.left_out = max(len(ids) - room, 0)
        return np.sort(ids[np.argsort(-count, kind="stable")[:room]])


def _place(
    array: np.ndarray, ids: np.ndarray, t: np.ndarray, who: np.ndarray, rows: np.ndarray
) -> None:
    """Put rows (N, …), of person ``who`` (N,) in frame ``t`` (N,), into array (T, P, …)."""
    column = np.searchsorted(ids, who).clip(max=len(ids) - 1)
    known = ids[column] == who
    array[t[known], column[known]] = rows[known]
