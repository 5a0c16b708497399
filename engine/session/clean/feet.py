"""Feet that stand do not slide: with hindsight, each stays where it was seen in the middle of it.

The body moves along first, for the depth at which one camera sees it wavers, then the legs bend.
Knows one person in the room; no files.
"""

from __future__ import annotations

import numpy as np

from engine.session.clean.splines import smoothed
from engine.skeleton import LEGS
from engine.space.ground import LIFTED, STANDS, reach

SHORTEST = 0.1  # seconds that a foot stands
ALONG = 0.8  # m/s of a standing foot along the line of sight, where one camera sees badly
EASE = 0.1  # seconds in which a leg goes over to where its foot stands, and away again
STRETCHED = 0.985  # of its length, as far as a leg reaches out for the place of its foot
FOLLOW = 3.0  # Hz, up to which feet are judged, and the body moves along with them


def with_feet_locked(
    points: np.ndarray, times: np.ndarray, eye: float, ankle_height: float
) -> tuple[np.ndarray, np.ndarray]:
    """(T, 17, 3) and, (T, 2) bool, when the left and the right foot stand.

    points: (T, 17, 3) m in the room, NaN where unknown; times: (T,) seconds, rising; eye: m, how
    high the camera is; ankle_height: m, of a foot that stands.
    """
    there = np.isfinite(points).all(axis=(1, 2))
    ankles = points[:, LEGS[:, 2]]
    stands = np.column_stack([_stands(ankles[:, side], times, eye) for side in range(2)])
    if not stands.any():
        return points, stands
    places = np.column_stack([_places(ankles[:, s], stands[:, s]) for s in range(2)])
    places = places.reshape(-1, 2, 3)
    count = stands.sum(axis=1)
    lacks = places - ankles
    lacks[..., 1] = ankle_height - places[..., 1]  # for both: how much legs bend is left alone
    off = np.where(stands[..., None], lacks, 0).sum(axis=1) / count.clip(1)[:, None]
    held = np.flatnonzero(count)
    shift = np.column_stack([np.interp(times, times[held], off[held, axis]) for axis in range(3)])
    shift, _ = smoothed(times, shift, np.ones(len(times), bool), FOLLOW, 0)
    moved = points + shift[:, None]
    places[..., 1] += shift[:, 1:2]
    for side, leg in enumerate(LEGS):
        rest = _eased(places[:, side] - moved[:, leg[2]], stands[:, side], times)
        for t in np.flatnonzero(there & rest.any(axis=1)):
            hip, knee, ankle = moved[t, leg]
            moved[t, leg[1:]] = reach(hip, knee, ankle, _unstretched(hip, knee, ankle, rest[t]))
    return moved, stands


def _unstretched(
    hip: np.ndarray, knee: np.ndarray, ankle: np.ndarray, rest: np.ndarray
) -> np.ndarray:
    """(3,), where the ankle comes on its way ``rest``: no bent knee is snapped straight."""
    line = ankle + rest - hip
    legs = float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee))
    most = max(float(np.linalg.norm(ankle - hip)), STRETCHED * legs)
    return np.asarray(hip + line * min(1.0, most / max(float(np.linalg.norm(line)), 1e-6)))


def _stands(ankle: np.ndarray, times: np.ndarray, eye: float) -> np.ndarray:
    """(T,) bool of one foot, (T, 3): low and slow."""
    known = np.isfinite(ankle).all(axis=1)
    if known.sum() < 2:
        return np.zeros(len(times), bool)
    speed = np.gradient(smoothed(times, ankle, known, FOLLOW, 0)[0], times, axis=0)
    sight = ankle - np.array([0.0, eye, 0.0])
    sight /= np.linalg.norm(sight, axis=1, keepdims=True)
    along = (speed * sight).sum(axis=1, keepdims=True)
    across = np.linalg.norm(speed - along * sight, axis=1)
    low = ankle[:, 1] < np.percentile(ankle[known, 1], 10) + LIFTED
    stands = known & low & (across < STANDS) & (np.abs(along[:, 0]) < ALONG)
    for run in _runs(stands):
        stands[run] = times[run[-1]] - times[run[0]] >= SHORTEST
    return np.asarray(stands)


def _places(ankle: np.ndarray, stands: np.ndarray) -> np.ndarray:
    """(T, 3): the middle of where the foot was seen while it stood; 0 elsewhere."""
    places = np.zeros_like(ankle)
    for run in _runs(stands):
        places[run] = np.median(ankle[run], axis=0)
    return places


def _eased(off: np.ndarray, stands: np.ndarray, times: np.ndarray) -> np.ndarray:
    """(T, 3): what a foot still lacks while it stands, fading away before and after."""
    out = np.where(stands[:, None], off, 0)
    for run in _runs(stands):
        for edge in (run[0], run[-1]):
            fade = 1 - np.abs(times - times[edge]) / EASE
            near = (fade > 0) & ~stands
            out[near] += off[edge] * fade[near, None]
    return out


def _runs(flags: np.ndarray) -> list[np.ndarray]:
    """The indices of each run of True."""
    at = np.flatnonzero(flags)
    return [run for run in np.split(at, np.flatnonzero(np.diff(at) > 1) + 1) if len(run)]
