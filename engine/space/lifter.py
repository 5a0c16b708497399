"""2D pose → 3D pose (Martinez 2017): joint sets, visibility, the lifter. Knows no time."""

from __future__ import annotations

import numpy as np

from engine.models.model_spec import ModelSpec
from engine.runtimes import Runtime
from engine.skeleton import convert_keypoints
from engine.types import Pose2D, Pose3D

FEWEST_SEEN = 5  # of the lifter's inputs; with fewer there is no 3D


def visibility(scores: np.ndarray, threshold: float | np.ndarray) -> np.ndarray:
    """A lifter's ``visible`` of keypoints that score (...,): 0 where that is under ``threshold``,
    else above 0.5 and, for lifters that weigh, the nearer to 1 the surer.
    """
    return np.where(scores >= threshold, 0.5 + scores.clip(0, 1) / 2, 0).astype(np.float32)


class Lifter:
    """A lifting network in the runtime that computes it."""

    def __init__(self, spec: ModelSpec, runtime: Runtime) -> None:
        self.spec, self.runtime = spec, runtime

    def lift(self, pose: Pose2D, threshold: float) -> Pose3D | None:
        """Joints in mm about the pelvis; those whose keypoints score under ``threshold`` are
        guessed from the others and say so in their scores. None when too little is seen.

        Raises ValueError when the 2D skeleton has nothing for one of the lifter's inputs.
        """
        spec = self.spec
        feeds = spec.feeds.get(pose.skeleton.name)
        keypoints, scores = convert_keypoints(
            pose.keypoints, pose.scores, pose.skeleton, spec.keypoints, feeds
        )
        visible = visibility(scores, threshold)
        if (visible > 0).sum() < FEWEST_SEEN:
            return None
        inputs = {"keypoints": keypoints[None], "visible": visible[None]}
        joints = self.runtime.run(inputs)["joints"][0]
        _, joint_scores = convert_keypoints(
            pose.keypoints, pose.scores, pose.skeleton, spec.skeleton.keypoints, feeds
        )
        return Pose3D(joints.astype(np.float32), joint_scores, spec.skeleton)

    def close(self) -> None:
        self.runtime.close()
