"""Where the people of a result stand in the 3D view: on one floor, side by side.

A pose is relative to its own pelvis, so nobody's distance from the others is known. The view says
what the picture says: who is how far to the left of whom. Knows no Qt and no OpenGL.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.views.skeleton_style import strengths
from engine.skeleton import Skeleton
from engine.space.floor import Standing, to_upright
from engine.types import Person, PoseResult

PICTURE_WIDTH = 3.0  # m, that stand for the width of the picture
OVER_HEAD = 0.12  # m


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    person: Person
    skeleton: Skeleton
    points: np.ndarray  # (17, 3) upright metres
    strengths: np.ndarray  # (17,) as skeleton_style's
    aside: float  # metres from the middle
    axes: np.ndarray  # (3, 3) rows: the camera's axes, as they lie here

    @property
    def over_head(self) -> np.ndarray:
        """(3,) metres, above the middle of what is seen."""
        seen = self.points[self.strengths > 0]
        return np.array([*seen[:, :2].mean(axis=0), seen[:, 2].max() + OVER_HEAD])


class Group:
    """Remembers how high everybody stands; whoever is away for a frame starts afresh."""

    def __init__(self) -> None:
        self._standing: dict[int, Standing] = {}
        self._middle = 0.5  # where the subject was last, in widths of the picture

    def place(self, result: PoseResult, threshold: float, mirror: bool) -> list[Figure]:
        """Everybody of whom something is seen; the place of the subject is the middle."""
        width = result.frame.image.shape[1]
        if result.subject:
            self._middle = _middle(result.subject) / width
        before, self._standing = self._standing, {}
        figures = []
        for person in result.people:
            pose = person.pose3d
            strong = strengths(pose.scores, threshold) if pose else np.zeros(0)
            if pose is None or not strong.any():
                continue
            standing = self._standing[person.id] = before.get(person.id, Standing())
            points = standing.place(pose, strong > 0, result.frame.timestamp, mirror)
            aside = (_middle(person) / width - self._middle) * PICTURE_WIDTH
            aside = -aside if mirror else aside
            points[:, 0] += aside
            axes = to_upright(1000 * np.eye(3), mirror)
            figures.append(Figure(person, pose.skeleton, points, strong, aside, axes))
        return figures


def _middle(person: Person) -> float:
    """Of the box, from the left edge of the frame, pixels."""
    return (person.box.x1 + person.box.x2) / 2
