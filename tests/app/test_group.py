"""People stand in the 3D view where they are in the room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.views.group import STRIDE, Group
from app.views.skeleton_style import GUESSED
from engine.space.room import ANKLE, USUAL_BODY
from engine.types import CameraView, Person, PoseResult
from tests.app.conftest import make_person, make_result
from tests.engine.walker import film, standing

LOWER = ANKLE * USUAL_BODY  # for the feet that a skeleton has not


def at(x: float, z: float, number: int = 1) -> Person:
    place = np.array([x, 0.9, z], np.float32)
    return replace(make_person(number=number), root=place)


def placed(*people: Person, group: Group | None = None, mirror: bool = False) -> np.ndarray:
    """(P, 3) where the pelvises are, of people of whom the first is the subject."""
    result = make_result(*people, subject_id=people[0].id)
    figures = (group or Group()).place(result, 0.3, mirror)
    return np.array([figure.points[0] for figure in figures])


@pytest.mark.parametrize("mirror", [False, True])
def test_the_subject_is_in_the_middle_and_others_are_where_they_are(mirror: bool) -> None:
    first, second = placed(at(0.5, -3), at(1.5, -5, number=2), mirror=mirror)
    np.testing.assert_allclose(first, [0, 0, 0.9 - LOWER], atol=1e-6)
    np.testing.assert_allclose(second - first, [-1 if mirror else 1, 2, 0], atol=1e-6)


def test_the_way_walked_ends_at_the_subject_and_has_no_more_points_than_strides() -> None:
    group = Group()
    for x in np.arange(0, 1, 0.01):
        placed(at(float(x), -3), group=group)
    assert 2 < len(group.trail) < 1 / STRIDE + 2
    assert np.abs(group.trail[-1, :2]).max() < 2 * STRIDE + 0.15


def test_who_stands_before_a_camera_that_looks_down_stands_upright() -> None:
    (seen,) = film(standing()[None], pitch=30.0, height=2.6)
    person = replace(make_person(), pose3d=seen.lifted, root=seen.joints[0].astype(np.float32))
    result = replace(
        make_result(person, subject_id=person.id), camera=CameraView(554.0, 30.0, 0.0, 2.6)
    )
    assert isinstance(result, PoseResult)
    (figure,) = Group().place(result, 0.3, mirror=False)
    np.testing.assert_allclose(figure.points[:, 2], seen.joints[:, 1] - LOWER, atol=1e-3)


def test_what_is_unseen_is_a_guess() -> None:
    person = at(0, -3)
    assert person.pose3d
    scores = person.pose3d.scores.copy()
    scores[3] = 0.1
    person = replace(person, pose3d=replace(person.pose3d, scores=scores))
    (figure,) = Group().place(make_result(person, subject_id=person.id), 0.3, mirror=False)
    assert figure.strengths[3] == GUESSED
    assert (np.delete(figure.strengths, 3) > GUESSED).all()
