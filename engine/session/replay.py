"""A finished session as a live view would have been given it: any frame, at any time, in any order.

Owns the video; knows no clock, no threads and no Qt.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from engine.estimator import EstimatorSettings
from engine.people.person_box import box_around
from engine.session.entry import pose_shapes
from engine.session.joint_scores import skeleton_of, threshold_of
from engine.session.journal import SessionError
from engine.session.live_filters import LiveFilters
from engine.session.markers import find_markers
from engine.session.recorded_room import angles_of, recorded_room
from engine.session.recording import Recording, load_recording
from engine.session.video import VIDEO
from engine.session.video_reader import VideoReader
from engine.skeleton import H36M17, convert_keypoints
from engine.types import (
    TRACK_STATES,
    Box,
    Frame,
    Person,
    Pose2D,
    Pose3D,
    PoseResult,
    TrackState,
)

log = logging.getLogger(__package__)

SMALLEST = (640, 480)  # width and height of the black behind a take that does not say its own

_POSE = tuple(pose_shapes(0, 0))  # what there is of one person in one frame
_Pose = tuple[np.ndarray, ...]


class Replay:
    """One result of one session. Everything but ``frame`` may be asked from any thread."""

    def __init__(self, folder: Path, result: str | None = None, clean: bool = False) -> None:
        """result, clean: as for ``load_recording``.

        ``warning`` says in one line why there is no picture although there should be;
        ``smoothing``, 0 off … 1, is that of the view, for poses that are raw.
        Raises SessionError: no session, unfinished, damaged, newer, without a frame.
        """
        self.folder, self.result, self.clean = folder, result, clean
        self.recording = load_recording(folder, result, clean)
        if not len(self.recording.timestamps):
            raise SessionError(f"{folder} holds no frame: there is nothing to show.")
        self.skeleton = skeleton_of(self.recording)
        self.times = np.maximum.accumulate(self.recording.timestamps)  # whatever was edited
        self._backbone = str(self.recording.about.get("backbone", ""))
        self.smoothing = EstimatorSettings.smoothing
        size = _size(self.recording)
        self.room = recorded_room(self.recording.session, size)
        self._filters = LiveFilters(self.times, self._people, self.room)
        self.warning = ""
        self._video = self._open_video()
        self._black = np.zeros((*size[::-1], 3), np.uint8)

    def __len__(self) -> int:
        return len(self.times)

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the last."""
        return float(self.times[-1] - self.times[0])

    def index_at(self, seconds: float) -> int:
        """The last frame that was there ``seconds`` after the first one."""
        found = int(np.searchsorted(self.times, self.times[0] + seconds + 1e-6, side="right")) - 1
        return min(max(found, 0), len(self) - 1)

    def time_of(self, t: int) -> float:
        """Seconds of frame ``t`` after the first one; the inverse of ``index_at``."""
        return float(self.times[t] - self.times[0])

    @cached_property
    def angles(self) -> np.ndarray:
        """As `angles_of` says."""
        return angles_of(self.recording)

    @cached_property
    def angles_beside(self) -> np.ndarray | None:
        """As ``angles``, of the clean result beside a raw one and of the raw one beside that; None
        where there is none."""
        try:
            other = load_recording(self.folder, self.result, not self.clean)
        except SessionError:  # not made yet
            return None
        same = other.timestamps.shape == self.recording.timestamps.shape
        return angles_of(other) if same else None

    @cached_property
    def markers(self) -> Mapping[str, np.ndarray]:
        """What to look at, kind → (N, 2) seconds after the first frame."""
        found = find_markers(self.recording, self.skeleton, threshold_of(self.recording))
        return {kind: spans - self.times[0] for kind, spans in found.items()}

    def frame(self, t: int) -> PoseResult:
        """Frame ``t`` with its picture, black where there is none. May take some milliseconds.

        For one thread at a time.
        """
        image = self._video.picture(float(self.times[t])) if self._video else None
        if image is None:
            image = self._black
        index = int(self.recording.frame_index[t])
        frame = Frame(image, index, float(self.times[t]))
        subject = int(self.recording.people_subject[t])
        raw = self.recording.session.get("raw") is True and not self.clean
        people = self._filters.people(t, self.smoothing) if raw else self._people(t)
        boxes = self.recording.others[t]
        return PoseResult(
            frame,
            people,
            self._backbone,
            subject_id=subject,
            others=tuple(Box(*box) for box in boxes[np.isfinite(boxes).all(axis=1)].tolist()),
            camera=self.room.camera,
        )

    def _people(self, t: int) -> tuple[Person, ...]:
        """As recorded, the subject first."""
        take, subject = self.recording, int(self.recording.people_subject[t])
        poses = {subject: tuple(getattr(take, name)[t] for name in _POSE)}
        everybody = (getattr(take, f"people_{name}")[t] for name in _POSE)
        for who, *pose in zip(take.people_ids.tolist(), *everybody, strict=True):
            poses.setdefault(who, tuple(pose))
        people = (self._person(who, pose) for who, pose in poses.items())
        return tuple(person for person in people if person)

    def _person(self, who: int, pose: _Pose) -> Person | None:
        points, scores, joints, place, deviations, number = pose
        state = _state(float(number))
        root = place if np.isfinite(place).all() else None
        spread = deviations if np.isfinite(deviations).all() else None
        found = np.asarray(np.isfinite(points).all(axis=1))
        lifted = np.isfinite(joints).all()
        if not (found.any() or lifted):
            return None
        scores = np.where(found, np.nan_to_num(scores), 0)
        pose2d = Pose2D(np.where(found[:, None], points, 0), scores, self.skeleton)
        if not found.any():  # a 2D pose in another skeleton, which a take does not record
            height, width = self._black.shape[:2]
            whole, seen = Box(0, 0, width, height), np.ones(len(H36M17), np.float32)
            alone = Pose3D(joints, seen, H36M17, spread)
            return Person(whole, pose2d, alone, who, state, root=root)
        _, scores3d = convert_keypoints(points, scores, self.skeleton, H36M17.keypoints)
        pose3d = Pose3D(joints, scores3d, H36M17, spread) if lifted else None
        return Person(box_around(points[found]), pose2d, pose3d, who, state, root=root)

    def _open_video(self) -> VideoReader | None:
        path = self.folder / VIDEO
        if not path.exists():
            if self.recording.session.get("pictures"):
                self.warning = f"{path} is missing: the skeleton is shown on black."
            return None
        try:
            return VideoReader(path)
        except SessionError as error:
            log.exception("Replayed without its video")
            self.warning = f"{error} The skeleton is shown on black."
            return None

    def close(self) -> None:
        if self._video:
            self._video.close()


def _state(number: float) -> TrackState:
    """Of older takes, in which there is none, and of whatever was edited: tracking."""
    known = {float(i): state for i, state in enumerate(TRACK_STATES)}
    return known.get(number, "tracking")


def _size(recording: Recording) -> tuple[int, int]:
    """Width and height of the frames: as the source described itself, else as the poses need."""
    if said := re.search(r"\b(\d{2,4})x(\d{2,4})\b", str(recording.about.get("source"))):
        return int(said[1]), int(said[2])
    points = recording.people_keypoints2d
    points = points[np.isfinite(points).all(axis=-1)]
    reach = np.percentile(points, 99, axis=0) if len(points) else np.zeros(2)
    width, height = np.maximum(reach, SMALLEST).clip(max=4096).astype(int).tolist()
    return width, height
