"""How well the joints of a recorded take were seen, from its 2D scores. Knows no pictures."""

from __future__ import annotations

import numpy as np

from engine.estimator import EstimatorSettings
from engine.session.journal import SessionError
from engine.session.recording import Recording
from engine.skeleton import H36M17, SKELETONS, Skeleton, convert_keypoints


def skeleton_of(take: Recording) -> Skeleton:
    """Of the 2D poses. Raises SessionError where names, 2D or 3D, are no skeleton's."""
    skeleton = SKELETONS.get(str(take.session.get("skeleton")))
    if skeleton is None or skeleton.keypoints != take.keypoint_names:
        raise SessionError(
            f"The session names the skeleton '{take.session.get('skeleton')}' with "
            f"{len(take.keypoint_names)} keypoints; known are: {', '.join(SKELETONS)}."
        )
    if take.joint_names != H36M17.keypoints:
        raise SessionError("The session's 3D joints are not those of H36M-17, in their order.")
    return skeleton


def threshold_of(take: Recording) -> float:
    """The score under which a keypoint counts as unseen: what older takes were recorded with."""
    threshold = take.about.get("threshold")
    return float(threshold) if isinstance(threshold, int | float) else EstimatorSettings.threshold


def keypoints_as(take: Recording, names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The 2D poses as other keypoints: (T, M, 2) frame pixels and (T, M) scores.

    Both are NaN where the take's skeleton has no such keypoint or the frame lacks it.
    Raises SessionError as ``skeleton_of`` does.
    """
    skeleton = skeleton_of(take)
    missing = ~np.isfinite(take.keypoints2d).all(axis=-1)
    known = np.where(missing[..., None], 0, take.keypoints2d)  # a mean of others must not be NaN
    scores = np.where(missing, np.nan, take.scores2d)
    points = np.full((len(known), len(names), 2), np.nan, np.float32)
    found = np.full((len(known), len(names)), np.nan, np.float32)
    for m, name in enumerate(names):
        try:
            point, score = convert_keypoints(known, scores, skeleton, [name])
        except ValueError:  # no such keypoint
            continue
        points[:, m], found[:, m] = point[:, 0], score[:, 0]
    points[np.isnan(found)] = np.nan
    return points, found


def joint_scores(take: Recording) -> np.ndarray:
    """(T, 17): what Pose3D.scores was; NaN where there is no 3D, or 3D from an unrecorded 2D pose.

    A take records 2D in one skeleton; what a backbone with another one saw is not known any more.
    """
    _, scores = keypoints_as(take, take.joint_names)
    scores[~np.isfinite(take.joints3d).all(axis=-1)] = np.nan
    return scores


def joints_seen(take: Recording) -> np.ndarray:
    """(T, 17) bool: there is 3D, from keypoints that scored the take's threshold.

    Where the 2D pose behind the 3D was not recorded every joint counts as seen.
    """
    there = np.isfinite(take.joints3d).all(axis=-1)
    unrecorded = np.isnan(take.scores2d).all(axis=-1, keepdims=True)
    return np.asarray(there & (unrecorded | (joint_scores(take) >= threshold_of(take))))
