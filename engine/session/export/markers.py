"""The 3D joints of a take as markers: upright, in the room or at least on a floor, at a constant
rate.

What TRC, C3D and BVH share. Knows no files.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.session.export.take import ExportError, Take
from engine.session.in_room import in_room, is_placed
from engine.session.joint_scores import joints_seen
from engine.space.floor import Standing, from_room

LONGEST_GAP = 0.25  # s between two frames across which nothing is interpolated
RATE_OF_ONE = 30.0  # Hz, of a take of one frame
SLOWEST, FASTEST = 0.01, 1000.0  # Hz
MOST = 10_000_000  # frames; 92 hours at 30 Hz


@dataclass(frozen=True, slots=True, eq=False)
class Markers:
    rate: float  # Hz
    points: (
        np.ndarray
    )  # (N, 17, 3) m, upright; NaN where a joint was not seen, or the place unknown

    @property
    def times(self) -> np.ndarray:
        """(N,) seconds."""
        return np.arange(len(self.points)) / self.rate


def standing_markers(take: Take) -> Markers:
    """Raises ExportError where the take has no 3D, SessionError where its names are unknown."""
    recording = take.recording
    seen = joints_seen(recording)
    if not seen.any():
        raise ExportError(
            f"{take.folder} holds no 3D pose; npz, csv, coco, openpose, mp4 and gif need none."
        )
    if is_placed(recording):
        points = from_room(in_room(recording))
    else:
        points = Standing().place_take(recording.joints3d, seen, recording.timestamps)
    points[~seen] = np.nan
    return at_constant_rate(recording.timestamps, points)


def at_constant_rate(timestamps: np.ndarray, points: np.ndarray) -> Markers:
    """Points (T, 17, 3) at their capture times (T,) → at the take's usual rate.

    Between two frames the line, where a joint is missing in one of them the other if it is less
    than half a frame away, and nothing across more than LONGEST_GAP.
    """
    order = np.argsort(timestamps, kind="stable")
    times, points = timestamps[order] - timestamps[order[0]], points[order]
    rate = usual_rate(times)
    count = int(min(times[-1] * rate, MOST) + 1.01)
    if count > MOST:
        raise ExportError(f"The take spans {times[-1]:.0f} s, which is too long at {rate} Hz.")
    if len(times) == 1:
        return Markers(rate, points)
    grid = np.arange(count) / rate
    before = (np.searchsorted(times, grid, side="right") - 1).clip(0, len(times) - 2)
    span = times[before + 1] - times[before]
    weight = ((grid - times[before]) / np.maximum(span, 1e-9)).clip(0, 1)[:, None, None]
    between = points[before] * (1 - weight) + points[before + 1] * weight
    between[span > LONGEST_GAP] = np.nan
    nearest = before + (weight[:, 0, 0] > 0.5)
    near = np.abs(grid - times[nearest]) < 0.5 / rate
    alone = near[:, None, None] & np.isnan(between)
    return Markers(rate, np.where(alone, points[nearest], between))


def usual_rate(times: np.ndarray) -> float:
    """Hz, to a hundredth: of the mean step between rising times, without those that are gaps."""
    steps = np.sort(np.diff(times))
    steps = steps[steps > 0]
    if not len(steps):
        return RATE_OF_ONE
    usual = steps[(len(steps) - 1) // 2]
    rate = 1 / float(steps[(steps > usual / 2) & (steps < usual * 1.5)].mean())
    return round(min(max(rate, SLOWEST), FASTEST), 2)
