"""One frame of a take: what of a result is recorded, and that as a line of JSON. Knows no files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.skeleton import Skeleton
from engine.types import TRACK_STATES, Box, Person, PoseResult

LARGEST = 1e9  # seconds, pixels or millimetres; a number beyond it is damage

_DECIMALS = {
    "box": 2,
    "keypoints2d": 2,
    "scores2d": 4,
    "joints3d": 1,
    "root": 3,
    "spread": 0,
    "state": 0,
}

YOUNGER = ("root", "spread", "state")  # than the first takes, which are read without it

# What changed before a frame: ``event`` names an entry of Header.about, which is there with its new
# value, and ``frame`` is that frame's index.
Event = Mapping[str, object]

# Of one person: box (5,) x1 y1 x2 y2 score, keypoints2d (K, 2) frame pixels, scores2d (K,),
# joints3d (J, 3) mm; None where there is no 3D, or a 2D skeleton other than the take's; root (3,)
# m, see types.Person; spread (J, 3) mm, see types.Pose3D; state (), an index into TRACK_STATES.
Arrays = Mapping[str, np.ndarray | None]
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One frame."""

    timestamp: float  # monotonic seconds at capture
    frame: int  # Frame.index
    subject: int  # id of the person whom the take is about, in view or not
    arrays: Arrays  # the subject's; all None while that person is not in view
    bystanders: Mapping[int, Arrays]  # id → those of everybody else who is followed
    others: np.ndarray | None  # (N, 5) boxes, as in Arrays, of those who are seen, not followed
    picture: bool | None  # whether its picture went to the video; None where there is no video


def pose_shapes(keypoints: int, joints: int) -> Shapes:
    """Of what is kept of one person in one frame."""
    return {
        "keypoints2d": (keypoints, 2),
        "scores2d": (keypoints,),
        "joints3d": (joints, 3),
        "root": (3,),
        "spread": (joints, 3),
        "state": (),
    }


def entry_of(result: PoseResult, skeleton: Skeleton, picture: bool | None = None) -> Entry:
    """What of a result is recorded: raw poses; 2D only in the take's own skeleton."""
    subject = result.subject
    bystanders = {
        person.id: _arrays(person, skeleton) for person in result.people if person is not subject
    }
    arrays = _arrays(subject, skeleton) if subject else dict.fromkeys(_DECIMALS)
    frame, boxes = result.frame, [_corners(box) for box in result.others]
    others = np.array(boxes) if boxes else None
    return Entry(
        frame.timestamp, frame.index, result.subject_id, arrays, bystanders, others, picture
    )


def _corners(box: Box) -> tuple[float, ...]:
    return box.x1, box.y1, box.x2, box.y2, box.score


def _arrays(person: Person, skeleton: Skeleton) -> Arrays:
    arrays: dict[str, np.ndarray | None] = dict.fromkeys(_DECIMALS)
    pose2d, pose3d = person.raw2d or person.pose2d, person.raw3d or person.pose3d
    arrays["box"] = np.array(_corners(person.box))
    arrays["state"] = np.array(TRACK_STATES.index(person.state))
    if pose2d.skeleton.keypoints == skeleton.keypoints:
        arrays |= {"keypoints2d": pose2d.keypoints, "scores2d": pose2d.scores}
    if pose3d is not None:
        arrays |= {"joints3d": pose3d.keypoints, "root": person.root, "spread": pose3d.spread}
    return arrays


def encode(entry: Entry) -> dict[str, object]:
    """The subject's values stand in the line itself, as they did before there were bystanders."""
    line = {"timestamp": round(entry.timestamp, 6), "frame": entry.frame, **_lists(entry.arrays)}
    line["subject"] = entry.subject
    if entry.bystanders:
        line["bystanders"] = [{"id": who, **_lists(a)} for who, a in entry.bystanders.items()]
    if entry.others is not None:
        line["others"] = _to_list(entry.others, _DECIMALS["box"])
    return line if entry.picture is None else line | {"picture": entry.picture}


def decode(line: bytes, keypoints: int, joints: int) -> Entry | Event:
    """The inverse of ``encode``. Raises ValueError for a line that was cut off or edited."""
    shapes: Shapes = {"box": (5,), **pose_shapes(keypoints, joints)}
    try:
        data = json.loads(line)
        if not isinstance(data, dict):
            raise TypeError("no object")
        if "event" in data:
            return data
        timestamp = float(data["timestamp"])
        if not 0 <= timestamp < LARGEST:
            raise ValueError("no time")
        bystanders = {_whole(row["id"]): _read(row, shapes) for row in data.get("bystanders", ())}
        subject = _whole(data.get("subject", 0))
        arrays, frame = _read(data, shapes), _whole(data["frame"])
        boxes = data.get("others", [])
        others = _to_array(boxes, (len(boxes), *shapes["box"])) if boxes else None
        return Entry(timestamp, frame, subject, arrays, bystanders, others, data.get("picture"))
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"damaged line: {error}") from error


def _lists(arrays: Arrays) -> dict[str, Any]:
    return {name: _to_list(arrays[name], decimals) for name, decimals in _DECIMALS.items()}


def _read(row: Mapping[str, Any], shapes: Shapes) -> Arrays:
    """What is younger than the journal is missing in it."""
    return {
        name: _to_array(row.get(name) if name in YOUNGER else row[name], shape)
        for name, shape in shapes.items()
    }


def _whole(value: Any) -> int:
    return int(np.int64(value))


def _to_list(array: np.ndarray | None, decimals: int) -> Any:
    if array is None:
        return None
    rounded = np.asarray(np.round(array.astype(np.float64), decimals)).astype(object)
    rounded[~np.isfinite(array)] = None
    return rounded.tolist()


def _to_array(values: Any, shape: tuple[int, ...]) -> np.ndarray | None:
    if values is None:
        return None
    with np.errstate(over="raise"):
        array = np.array(values, dtype=np.float32)  # null → NaN
    if array.shape != shape or (np.abs(array) >= LARGEST).any():
        raise ValueError(f"no array of {shape}")
    return array
