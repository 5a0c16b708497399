"""How people are followed through a clip with exact truth. Knows the estimator and staged frames;
no files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from engine.estimator import PoseEstimator
from engine.people.person_box import box_around, overlap
from engine.types import Box, Frame, Person
from training.evaluation.figures import Row
from training.synthetic.stage import RATE, Shown

RIGHT = 0.4  # IoU from which a box is right
THERE = 8  # keypoints, of 16, in view and not hidden, from which a person is there
PARTLY = 2  # keypoints in the picture from which nobody is wrong to show somebody there
NOWHERE = Box(-1, -1, -1, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """One frame."""

    there: np.ndarray  # (P,) bool, who is in view
    ids: np.ndarray  # (P,) of the person shown where each is; 0: nobody is
    false: int  # people shown where nobody is


def follow(estimator: PoseEstimator, clip: Iterable[Shown]) -> list[Followed]:
    estimator.reset()
    return [
        _compared(shown, estimator.estimate(Frame(shown.image, i, i / RATE)).people)
        for i, shown in enumerate(clip)
    ]


def _compared(shown: Shown, people: Sequence[Person]) -> Followed:
    in_view = shown.seen > 0
    boxes = [
        box_around(points[seen]) if seen.sum() >= PARTLY else NOWHERE
        for points, seen in zip(shown.points, in_view, strict=True)
    ]
    close = np.array([[overlap(box, person.box) for person in people] for box in boxes])
    close = close.reshape(len(boxes), len(people))
    ids = np.zeros(len(boxes), int)
    for i, j in zip(*linear_sum_assignment(close, maximize=True), strict=True):
        if close[i, j] >= RIGHT:
            ids[i] = people[j].id
    nowhere = len(people) - int((close > 0).any(axis=0).sum())
    return Followed((shown.seen == 2).sum(axis=1) >= THERE, ids, nowhere)


def row(frames: Sequence[Followed]) -> Row:
    """Of one clip: percent of the time that people in view were shown, and of the frames with
    somebody where nobody is; changes of ids; the longest that somebody in view was not shown, and
    that somebody was where nobody is, in seconds.
    """
    there, ids = (np.array([getattr(frame, name) for frame in frames]) for name in ("there", "ids"))
    false = np.array([frame.false > 0 for frame in frames])
    people = range(there.shape[1])
    missed = [_longest(there[:, p] & (ids[:, p] == 0)) / RATE for p in people]
    return {
        "frames": len(frames),
        **({"found": 100 * float((ids > 0)[there].mean())} if there.any() else {}),
        "false": 100 * float(false.mean()),
        "switches": sum(_switches(ids[:, p]) for p in people),
        **({"missed s": max(missed)} if missed else {}),
        "false s": _longest(false) / RATE,
    }


def _longest(runs: np.ndarray) -> int:
    """The length of the longest run of True in (T,)."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], runs.astype(int), [0]])))
    return int((ends[1::2] - ends[::2]).max(initial=0))


def _switches(ids: np.ndarray) -> int:
    """How often (T,) becomes another id, absences left out."""
    return int((np.diff(ids[ids > 0]) != 0).sum())
