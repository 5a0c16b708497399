"""One person of a take, cleaned: sides, gaps, smoothing, bones, feet. Knows no files."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.session.bones import bone_lengths, with_lengths
from engine.session.clean.feet import with_feet_locked
from engine.session.clean.splines import smoothed
from engine.session.clean.swaps import exchanged, limb_pairs
from engine.session.in_room import in_metres, in_room, is_placed
from engine.session.joint_scores import joints_seen, skeleton_of, threshold_of
from engine.session.markers import extent
from engine.session.recorded_room import recorded_room
from engine.session.recording import Recording
from engine.skeleton import H36M17
from engine.space.room import ANKLE

TRUNK = 0.5  # of the cutoff, which is of limbs, for the place in the room
USUAL_EYE = 1.2  # m, the height of a camera that is not known


@dataclass(frozen=True, slots=True)
class CleanSettings:
    cutoff: float = 6.0  # Hz, of the smoothing; Winter's for walking
    fill: float = 0.5  # seconds, the longest gap that is filled


@dataclass(frozen=True, slots=True, eq=False)
class CleanPerson:
    take: Recording  # of this person alone, cleaned
    filled2d: np.ndarray  # (T, K) bool: not seen, taken from before and after
    filled3d: np.ndarray  # (T, 17) bool
    swaps: int  # stretches in which arms or legs were exchanged
    stands: np.ndarray  # (T, 2) bool: the left and the right foot, kept in their place


def clean_person(take: Recording, settings: CleanSettings) -> CleanPerson:
    """take: of one person alone, as ``Recording.of`` gives it.

    Raises SessionError as ``skeleton_of`` does.
    """
    take, swaps = _with_sides(take)
    times = take.timestamps
    rising = np.diff(np.maximum.accumulate(times), prepend=-np.inf) > 0  # whatever was edited
    seen2d, seen3d = (seen & rising[:, None] for seen in (_seen(take), joints_seen(take)))
    there = np.isfinite(take.joints3d).all(axis=-1) & rising[:, None]
    points, filled2d = _smoothed(times, take.keypoints2d, seen2d, settings)
    scores, _ = _smoothed(times, take.scores2d[..., None], seen2d, settings)
    guesses, filled_guess = _smoothed(times, take.joints3d, there, settings)
    joints, filled3d = _smoothed(times, take.joints3d, seen3d, settings)
    joints = np.where((seen3d | filled3d)[..., None], joints, guesses)
    placed = np.isfinite(take.root).all(axis=1) & rising
    slow = replace(settings, cutoff=settings.cutoff * TRUNK)
    root, _ = _smoothed(times, take.root[:, None], placed[:, None], slow)
    if np.isfinite(joints).all(axis=(1, 2)).any():
        joints = with_lengths(joints, bone_lengths(joints, seen3d))
    scores = np.where(filled2d, scores[..., 0], take.scores2d)
    cleaned = replace(
        take,
        keypoints2d=points.astype(np.float32),
        scores2d=scores.astype(np.float32),
        joints3d=joints.astype(np.float32),
        root=root[:, 0].astype(np.float32),
    )
    cleaned, stands = _standing(cleaned, rising)
    return CleanPerson(cleaned, filled2d, filled3d | filled_guess & ~seen3d, swaps, stands)


def _standing(take: Recording, rising: np.ndarray) -> tuple[Recording, np.ndarray]:
    """As tall as the room says, with its feet locked; as it is where the place is not known."""
    stands = np.zeros((len(take.timestamps), 2), bool)
    if not is_placed(take):
        return take, stands
    room = recorded_room(take.session)
    eye = USUAL_EYE if room.camera.height_m is None else room.camera.height_m
    points, times = in_room(take), take.timestamps[rising]
    locked = with_feet_locked(points[rising], times, eye, ANKLE * room.body)
    points[rising], stands[rising] = locked
    known = np.isfinite(points[:, 0]).all(axis=1)[:, None]
    joints = 1000 * (points - points[:, :1]) @ room.axes
    taller = 1000 * in_metres(take)  # where the place is unknown
    return replace(
        take,
        joints3d=np.where(known[..., None], joints, taller).astype(np.float32),
        root=points[:, 0].astype(np.float32),
    ), stands


def _smoothed(
    times: np.ndarray, values: np.ndarray, known: np.ndarray, settings: CleanSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Each of (T, N, D) by itself, and (T, N) where it was filled; known: (T, N) bool."""
    each = [
        smoothed(times, values[:, n], known[:, n], settings.cutoff, settings.fill)
        for n in range(values.shape[1])
    ]
    return np.stack([one for one, _ in each], axis=1), np.stack([at for _, at in each], axis=1)


def _seen(take: Recording) -> np.ndarray:
    """(T, K) bool."""
    there = np.isfinite(take.keypoints2d[..., 0])
    return np.asarray(there & (take.scores2d >= threshold_of(take)))


def _with_sides(take: Recording) -> tuple[Recording, int]:
    """The take with its limbs put right, and how often they had to be."""
    seen, skeleton = _seen(take), skeleton_of(take)
    body = extent(np.where(seen[..., None], take.keypoints2d, np.nan))
    wrong = exchanged(take.timestamps, take.keypoints2d, seen, body, skeleton)
    points, scores = take.keypoints2d.copy(), take.scores2d.copy()
    joints, spread = take.joints3d.copy(), take.spread.copy()
    for limb, frames in wrong.items():
        for array, pairs in (
            (points, limb_pairs(limb, skeleton)),
            (scores, limb_pairs(limb, skeleton)),
            (joints, limb_pairs(limb, H36M17)),
            (spread, limb_pairs(limb, H36M17)),
        ):
            array[np.ix_(frames, pairs.ravel())] = array[np.ix_(frames, pairs[::-1].ravel())]
    swaps = sum(
        int((np.diff(frames.astype(int), prepend=0) > 0).sum()) for frames in wrong.values()
    )
    return replace(take, keypoints2d=points, scores2d=scores, joints3d=joints, spread=spread), swaps
