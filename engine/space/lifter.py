"""2D pose → 3D pose: joint sets, visibility, what is known of the camera, the lifter.

Who is lifted when is the caller's to remember, in a `Past` for each person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.models.model_spec import ModelSpec
from engine.runtimes import Runtime
from engine.skeleton import convert_keypoints
from engine.space.camera import focal_length
from engine.space.past import Past
from engine.types import Pose2D, Pose3D

FEWEST_SEEN = 5  # of the lifter's inputs; with fewer there is no 3D
GUESSED_FIELD_OF_VIEW = 60.0  # degrees across the picture, of a camera that nothing is known of


@dataclass(frozen=True)
class View:
    """What is known of the camera and of the person before it; None where it is not."""

    focal: float  # pixels
    centre: tuple[float, float]  # pixels, where the optical axis is
    pitch: float | None = None  # degrees, the camera looks down where positive
    roll: float | None = None  # degrees, the camera turned clockwise as it sees
    height: float | None = None  # metres, of the person

    @classmethod
    def guessed(cls, width: int, height: int) -> View:
        """Of a picture of that size, in pixels, with no other knowledge."""
        return cls(float(focal_length(GUESSED_FIELD_OF_VIEW, width)), (width / 2, height / 2))

    def as_input(self) -> np.ndarray:
        """(1, 7) float32: a lifter's ``camera``, see docs/formats.md."""
        known = self.pitch is not None and self.roll is not None
        tilt = (self.pitch, self.roll, 1.0) if known else (0.0, 0.0, 0.0)
        return np.array([[self.focal, *self.centre, *tilt, self.height or 0.0]], np.float32)


def visibility(scores: np.ndarray, threshold: float | np.ndarray) -> np.ndarray:
    """A lifter's ``visible`` of keypoints that score (...,): 0 where that is under ``threshold``,
    else above 0.5 and, for lifters that weigh, the nearer to 1 the surer.
    """
    return np.where(scores >= threshold, 0.5 + scores.clip(0, 1) / 2, 0).astype(np.float32)


class Lifter:
    """A lifting network in the runtime that computes it."""

    def __init__(self, spec: ModelSpec, runtime: Runtime) -> None:
        self.spec, self.runtime = spec, runtime

    def begin(self) -> Past:
        """The memory of one person, for `lift`."""
        return Past(self.spec.window, self.spec.rate)

    def lift(
        self,
        pose: Pose2D,
        threshold: float,
        view: View,
        past: Past | None = None,
        time: float = 0.0,
    ) -> Pose3D | None:
        """Joints in mm about the pelvis; those whose keypoints score under ``threshold`` are
        guessed from the others and say so in their scores. None when too little is seen.
        Spread and up are there where the network gives them.

        past: what `begin` gave for this person, which a lifter over time looks back to; time:
        seconds, rising.

        Raises ValueError when the 2D skeleton has nothing for one of the lifter's inputs.
        """
        spec, past = self.spec, past or self.begin()
        feeds = spec.feeds.get(pose.skeleton.name)
        keypoints, scores = convert_keypoints(
            pose.keypoints, pose.scores, pose.skeleton, spec.keypoints, feeds
        )
        visible = visibility(scores, threshold)
        if (visible > 0).sum() < FEWEST_SEEN:
            return None
        past.add(time, keypoints, visible)
        _, joint_scores = convert_keypoints(
            pose.keypoints, pose.scores, pose.skeleton, spec.skeleton.keypoints, feeds
        )
        return self._lifted(past, view, joint_scores)

    def untold(self, lifted: Pose3D, view: View, past: Past) -> Pose3D:
        """As `lift` has just lifted, but where a lifter that knows where up is was told the tilt:
        then as it would have, told nothing."""
        if lifted.up is None or view.pitch is None:
            return lifted
        return self._lifted(past, replace(view, pitch=None, roll=None), lifted.scores)

    def _lifted(self, past: Past, view: View, scores: np.ndarray) -> Pose3D:
        spec = self.spec
        keypoints, visible = past.steps()
        if spec.window > 1:
            keypoints, visible = keypoints[None], visible[None]
        inputs = {"keypoints": keypoints, "visible": visible, "camera": view.as_input()}
        found = {name: output[0] for name, output in self.runtime.run(inputs).items()}
        joints = found["joints"].astype(np.float32)
        return Pose3D(joints, scores, spec.skeleton, found.get("spread"), found.get("up"))

    def close(self) -> None:
        self.runtime.close()
