"""Frame → PoseResult: find the person, locate the keypoints, smooth, lift. Synchronous.

Remembers the person from frame to frame; knows no threads, no files, no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.keypoints.backbone import Backbone, pose_score
from engine.keypoints.heatmaps import Decoding
from engine.models.model_spec import ModelSpec, get_model
from engine.people.person_box import box_around, follow, scaled, search_boxes
from engine.runtimes import AUTO, EngineMissingError, Runtime, open_runtime
from engine.space.bone_lengths import SteadyBones
from engine.space.lifter import Lifter
from engine.space.one_euro import OneEuro
from engine.timing import stage
from engine.types import Box, Frame, Person, Pose2D, PoseResult

DEFAULT_BACKBONE = "hourglass_1_small"
DEFAULT_LIFTER = "martinez_weighted"

ENTER, STAY = 0.45, 0.35  # pose scores at which a person is taken as found, and as still there
SEARCH_EVERY = 0.1  # seconds between two searches while nobody is in view
LOOK_WIDER_EVERY = 1.0  # seconds; limbs that had left the box are found again
LOOK_WIDER_BY = 1.5
FEWEST_SEEN = 4  # keypoints of a pose that is one


@dataclass(frozen=True)
class EstimatorSettings:
    smoothing: float = 0.5  # 0 off … 1 strong
    threshold: float = 0.3  # a keypoint that scores less counts as unseen
    decoding: Decoding = "quarter"


class PoseEstimator:
    """Owns a backbone and a lifter; close it when done."""

    def __init__(
        self,
        backbone: Backbone,
        lifter: Lifter | None,
        settings: EstimatorSettings | None = None,
    ) -> None:
        self.backbone, self.lifter = backbone, lifter
        self.settings = settings or EstimatorSettings()
        self.reset()

    def reset(self) -> None:
        """Forget the person: the next frame is searched."""
        self._box: Box | None = None
        self._last = -np.inf  # timestamp of the last frame
        self._searched = self._looked_wider = -np.inf
        self._smooth2d = OneEuro()
        self._smooth3d = OneEuro()
        self._steady = SteadyBones()

    def about(self) -> dict[str, object]:
        """What a session says of how its poses were made."""
        runtime = self.backbone.runtime
        return {
            "backbone": self.backbone.spec.name,
            "lifter": self.lifter.spec.name if self.lifter else None,
            "runtime": f"{runtime.name} {runtime.precision} on {runtime.device}",
            "smoothing": self.settings.smoothing,
            "threshold": self.settings.threshold,
        }

    def close(self) -> None:
        self.backbone.close()
        if self.lifter:
            self.lifter.close()

    def estimate(self, frame: Frame) -> PoseResult:
        timings: dict[str, float] = {}
        with stage(timings, "total"):
            pose = self._track(frame, timings) or self._search(frame, timings)
            people = () if pose is None else (self._person(pose, frame, timings),)
        if pose is None:
            self._box = None
        self._last = frame.timestamp
        lifter = self.lifter.spec.name if self.lifter else None
        return PoseResult(frame, people, self.backbone.spec.name, timings, lifter)

    def _find(self, frame: Frame, boxes: list[Box], timings: dict[str, float]) -> list[Pose2D]:
        return self.backbone.find(frame.image, boxes, timings, self.settings.decoding)

    def _track(self, frame: Frame, timings: dict[str, float]) -> Pose2D | None:
        """The pose where the last one was, or None when it is not there any more."""
        if self._box is None:
            return None
        boxes = [self._box]
        if frame.timestamp - self._looked_wider >= LOOK_WIDER_EVERY:
            self._looked_wider = frame.timestamp
            boxes.append(scaled(self._box, LOOK_WIDER_BY))
        poses = self._find(frame, boxes, timings)
        pose = max(poses, key=lambda p: int((p.scores >= self.settings.threshold).sum()))
        return pose if self._is_person(pose, STAY) else None

    def _search(self, frame: Frame, timings: dict[str, float]) -> Pose2D | None:
        """Wide crops first, then a second pass on the box of the best."""
        if self._box is None and frame.timestamp - self._searched < SEARCH_EVERY:
            return None
        self._searched = frame.timestamp
        height, width = frame.image.shape[:2]
        wide = search_boxes(height, width, self.backbone.spec.box_padding)
        best = max(self._find(frame, wide, timings), key=pose_score)
        if not self._is_person(best, STAY):
            return None
        self._box = None
        refined = self._find(frame, [self._box_of(best)], timings)[0]
        return refined if self._is_person(refined, ENTER) else None

    def _is_person(self, pose: Pose2D, score: float) -> bool:
        seen = int((pose.scores >= self.settings.threshold).sum())
        return seen >= FEWEST_SEEN and pose_score(pose) >= score

    def _box_of(self, pose: Pose2D) -> Box:
        seen = pose.scores >= self.settings.threshold
        return box_around(pose.keypoints[seen], pose_score(pose))

    def _person(self, pose: Pose2D, frame: Frame, timings: dict[str, float]) -> Person:
        box, elapsed = self._box_of(pose), frame.timestamp - self._last
        self._box = box = box if self._box is None else follow(self._box, box, elapsed)
        threshold, strength = self.settings.threshold, self.settings.smoothing
        with stage(timings, "smooth"):
            body = max(box.x2 - box.x1, box.y2 - box.y1)
            seen = pose.scores >= threshold
            points = self._smooth2d(pose.keypoints, seen, frame.timestamp, strength, body)
            pose = replace(pose, keypoints=points)
        with stage(timings, "lift"):
            pose3d = self.lifter.lift(pose, threshold) if self.lifter else None
        if pose3d is not None:
            with stage(timings, "smooth"):
                every = np.ones(len(pose3d.keypoints), bool)
                metre = 1000.0
                joints = self._smooth3d(pose3d.keypoints, every, frame.timestamp, strength, metre)
                pose3d = replace(pose3d, keypoints=joints)
                joints = self._steady(pose3d, threshold, frame.timestamp)
                pose3d = replace(pose3d, keypoints=joints)
        return Person(box, pose, pose3d)


def open_estimator(
    backbone: str = DEFAULT_BACKBONE,
    runtime: str = AUTO,
    settings: EstimatorSettings | None = None,
    lifter: str = DEFAULT_LIFTER,
    precision: str = AUTO,
) -> PoseEstimator:
    """Load and warm a backbone, at one of engine.runtimes.PRECISIONS, and a lifter.

    Raises ModelError or RuntimeUnavailableError.
    """
    spec, lifting = get_model("pose2d", backbone), get_model("lift3d", lifter)
    found = Backbone(spec, open_runtime(spec, runtime, precision))
    try:
        return PoseEstimator(found, Lifter(lifting, _open_lifter(lifting, runtime)), settings)
    except Exception:
        found.close()
        raise


def _open_lifter(spec: ModelSpec, choice: str) -> Runtime:
    """A lifter whose engine is not built yet runs elsewhere meanwhile: it takes 0.2 ms there."""
    try:
        return open_runtime(spec, choice)
    except EngineMissingError:
        return open_runtime(spec)
