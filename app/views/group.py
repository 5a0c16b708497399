"""Where the people of a result stand in the 3D view: on the floor of their room.

The view moves with the subject. In takes without places in the room people stand side by side, as
far apart as they are in the picture. Knows no Qt and no OpenGL.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from app.views.skeleton_style import GUESSED, strengths
from engine.skeleton import Skeleton
from engine.space.floor import Standing, axes_of, from_room, to_upright
from engine.space.room import ANKLE, USUAL_BODY
from engine.types import Person, Pose3D, PoseResult

PICTURE_WIDTH = 3.0  # m, that stand for the width of the picture
OVER_HEAD = 0.12  # m
FOLLOWED = 0.08  # of the way to the subject, that the view goes with each result
FAR = 1.5  # m, from which it is there at once
TRAIL = 30.0  # seconds of the way walked that are shown
STRIDE = 0.15  # m between two of its points


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    person: Person
    skeleton: Skeleton
    points: np.ndarray  # (17, 3) upright metres
    strengths: np.ndarray  # (17,) as skeleton_style's; GUESSED where a joint is unseen
    axes: np.ndarray  # (3, 3) rows: the camera's axes, as they lie here

    @property
    def over_head(self) -> np.ndarray:
        """(3,) metres, above the middle."""
        return np.array([*self.points[:, :2].mean(axis=0), self.points[:, 2].max() + OVER_HEAD])


class Group:
    """Remembers how high everybody stands; whoever is away for a frame starts afresh."""

    def __init__(self) -> None:
        self.centre = np.zeros(2)  # of the view, in the room: upright metres, x and y
        self._standing: dict[int, Standing] = {}
        self._middle = 0.5  # where the subject was last, in widths of the picture
        self._way: deque[tuple[float, np.ndarray]] = deque()  # of the subject: when and where
        self._walker: tuple[int, bool] | None = None  # whose way, and whether it is mirrored

    @property
    def trail(self) -> np.ndarray:
        """(N, 3) metres: where the subject has gone, from long ago to now."""
        places = np.array([place for _, place in self._way]).reshape(-1, 2) - self.centre
        return np.column_stack([places, np.zeros(len(places))])

    def place(self, result: PoseResult, threshold: float, mirror: bool) -> list[Figure]:
        """Everybody of whom something is seen; the subject is about the middle."""
        if result.subject:
            self._middle = _middle(result.subject) / result.frame.image.shape[1]
            if result.subject.root is not None:
                self._follow(from_room(result.subject.root, mirror)[:2], result, mirror)
        before, self._standing = self._standing, {}
        axes = to_upright(1000 * np.eye(3), mirror, result.camera)
        figures = []
        for person in result.people:
            pose = person.pose3d
            strong = strengths(pose.scores, threshold) if pose else np.zeros(0)
            if pose is None or not strong.any():
                continue
            if person.root is not None:
                points = self._in_room(pose, person.root, result, mirror)
            else:
                standing = self._standing[person.id] = before.get(person.id, Standing())
                points = self._beside(standing, person, pose, strong > 0, result, mirror)
            shown = np.where(strong > 0, strong, GUESSED)
            figures.append(Figure(person, pose.skeleton, points, shown, axes))
        return figures

    def _in_room(
        self, pose: Pose3D, root: np.ndarray, result: PoseResult, mirror: bool
    ) -> np.ndarray:
        """Lower by what feet are high, which a skeleton has not: so it is seen to stand."""
        joints = pose.keypoints / 1000 @ axes_of(result.camera).T + root
        points = from_room(joints, mirror)
        points -= np.array([*self.centre, ANKLE * USUAL_BODY])
        return points

    def _beside(
        self,
        standing: Standing,
        person: Person,
        pose: Pose3D,
        seen: np.ndarray,
        result: PoseResult,
        mirror: bool,
    ) -> np.ndarray:
        points = standing.place(pose, seen, result.frame.timestamp, mirror, result.camera)
        aside = (_middle(person) / result.frame.image.shape[1] - self._middle) * PICTURE_WIDTH
        points[:, 0] += -aside if mirror else aside
        return points

    def _follow(self, place: np.ndarray, result: PoseResult, mirror: bool) -> None:
        time, walker = result.frame.timestamp, (result.subject_id, mirror)
        if walker != self._walker or (self._way and time < self._way[-1][0]):
            self._walker, self.centre = walker, place
            self._way.clear()
        far = np.linalg.norm(place - self.centre) > FAR
        self.centre = place if far else self.centre + FOLLOWED * (place - self.centre)
        if not self._way or np.linalg.norm(place - self._way[-1][1]) > STRIDE:
            self._way.append((time, place))
        while time - self._way[0][0] > TRAIL and len(self._way) > 1:
            self._way.popleft()


def _middle(person: Person) -> float:
    """The x of the middle of the box, frame pixels."""
    return (person.box.x1 + person.box.x2) / 2
