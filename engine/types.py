"""The values that pass between the parts of the program. No behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from engine.skeleton import Skeleton


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture from a source."""

    image: np.ndarray  # (H, W, 3) uint8, RGB
    index: int  # counts what the source delivered; a gap is a dropped frame
    timestamp: float  # monotonic seconds at capture
    focal: tuple[float, str] | None = None  # pixels, and how it is known: exif, or webcam NAME


@dataclass(frozen=True, slots=True)
class Box:
    """Where a person is, in frame pixels; score: how sure whatever found it is, 0..1."""

    x1: float
    y1: float
    x2: float
    y2: float
    score: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """What a backbone sees of a frame."""

    image: np.ndarray  # (H, W, 3) uint8, RGB, the backbone's input size
    to_frame: np.ndarray  # (2, 3) float32, affine: crop pixels → frame pixels


@dataclass(frozen=True, slots=True, eq=False)
class Pose2D:
    """Keypoints found in the picture."""

    keypoints: np.ndarray  # (K, 2) float32, frame pixels
    scores: np.ndarray  # (K,) float32, 0..1: how likely it is right, where the model knows
    skeleton: Skeleton


@dataclass(frozen=True, slots=True, eq=False)
class Pose3D:
    """Joints in space, relative to the pelvis."""

    keypoints: np.ndarray  # (17, 3) float32, mm, camera axes: x right, y down, z away
    scores: np.ndarray  # (17,) float32, how well the 2D keypoint behind each joint was seen
    skeleton: Skeleton
    spread: np.ndarray | None = None  # (17, 3) float32, mm, standard deviation along x, y and z
    up: np.ndarray | None = None  # (3,) float32, unit vector away from the floor, camera axes


MOST_PEOPLE = 6  # that can be followed at once
TrackState = Literal["confirming", "tracking", "unsure"]  # the states in which a person is shown
TRACK_STATES: tuple[TrackState, ...] = get_args(TrackState)  # takes number them in this order


@dataclass(frozen=True, slots=True)
class CameraView:
    """How the camera looks into the room, as far as that is known; None is unknown."""

    focal_px: float | None = None  # of a picture as the frames are
    pitch_deg: float | None = None  # above 0 looks down
    roll_deg: float | None = None  # above 0 is turned clockwise, as the camera sees it
    height_m: float | None = None  # above the floor
    # How each is known, by the name of its field: ``exif``, ``typed``, ``webcam NAME``, ``guess``,
    # ``estimated`` or ``level``.
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One person who is followed, in one frame."""

    box: Box
    pose2d: Pose2D
    pose3d: Pose3D | None
    id: int = 0  # stays with the person from frame to frame
    state: TrackState = "tracking"
    raw2d: Pose2D | None = None  # before smoothing; its sides are those of pose2d
    raw3d: Pose3D | None = None  # as lifted from raw2d: not smoothed, bones as they came
    root: np.ndarray | None = None  # (3,) m, the pelvis in the room: x right, y up, z towards the
    # camera, from the point of the floor below the camera


@dataclass(frozen=True, slots=True, eq=False)
class PoseResult:
    """What was found in one frame; with nobody in view ``people`` is empty."""

    frame: Frame
    people: tuple[Person, ...]  # those who are followed
    backbone: str
    timings: Mapping[str, float] = field(default_factory=dict)  # stage → milliseconds
    lifter: str | None = None
    subject_id: int = 0  # of the one person whom takes, angles and one-person formats are about
    chosen: bool = False  # the subject, by a click; else it is the nearest
    others: tuple[Box, ...] = ()  # people who are seen and not followed
    swaps: int = 0  # of left and right, noticed and mended since the source was opened
    camera: CameraView | None = None  # None where nothing is known of it

    @property
    def subject(self) -> Person | None:
        """None while that person is not in view."""
        return next((person for person in self.people if person.id == self.subject_id), None)
