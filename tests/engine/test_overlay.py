"""People drawn into a picture: everybody, told apart by number, thickness and light, not by hue."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.overlay import with_overlay
from engine.people.person_box import box_around
from engine.skeleton import MPII16
from engine.types import Box, Frame, Person, Pose2D, PoseResult
from tests.conftest import STANDING

GREY = np.full((480, 640, 3), 90, np.uint8)
PLACES = {1: 150, 2: 450}  # id → x in the picture


def standing(who: int) -> Person:
    points = (STANDING * 300 + np.array([PLACES[who], 120])).astype(np.float32)
    return Person(box_around(points), Pose2D(points, np.ones(16, np.float32), MPII16), None, id=who)


def drawn(*people: Person, subject: int = 1) -> np.ndarray:
    return with_overlay(PoseResult(Frame(GREY, 0, 0.0), people, "first", subject_id=subject), 0.3)


def thickness(image: np.ndarray, who: int) -> int:
    """Pixels across the upright trunk of a person."""
    across = image[200, PLACES[who] - 30 : PLACES[who] + 30]
    return int((across.min(axis=-1) > 200).sum())


def label(image: np.ndarray, who: int) -> np.ndarray:
    top = round(standing(who).box.y1)
    return image[top - 15 : top - 2, PLACES[who] - 6 : PLACES[who] + 6]


def test_of_several_the_subject_has_the_thicker_lines() -> None:
    for subject, other in ((1, 2), (2, 1)):
        image = drawn(standing(1), standing(2), subject=subject)
        assert thickness(image, subject) > 1.5 * thickness(image, other) > 0


def test_of_several_everybody_has_a_label_and_the_subjects_is_light() -> None:
    image = drawn(standing(1), standing(2), subject=2)
    assert np.median(label(image, 2)) > 200
    assert np.median(label(image, 1)) < 50
    assert np.ptp(label(image, 1)) > 100  # with something written in it


def test_ids_are_told_apart() -> None:
    image, other = (drawn(standing(1), replace(standing(2), id=who), subject=1) for who in (2, 3))
    assert (image[:, :300] == other[:, :300]).all()
    assert (label(image, 2) != label(other, 2)).any()


def test_one_person_alone_needs_no_label_and_no_thicker_line() -> None:
    image = drawn(standing(1))
    assert (label(image, 1) == 90).all()
    assert (image == drawn(replace(standing(1), id=5), subject=5)).all()
    assert thickness(image, 1) == thickness(drawn(standing(1), standing(2), subject=2), 1)


def test_while_the_subject_is_away_the_others_are_drawn_as_others() -> None:
    image = drawn(standing(1), standing(2), subject=7)
    assert thickness(image, 1) == thickness(image, 2) > 0
    assert max(np.median(label(image, who)) for who in (1, 2)) < 50


@pytest.mark.parametrize("corner", [(-900, -900), (-900, 5000), (5000, -900), (5000, 5000)])
def test_a_label_stays_in_the_picture(corner: tuple[int, int]) -> None:
    x, y = corner
    away = replace(standing(2), box=Box(x, y, x + 50, y + 50))
    image = drawn(standing(1), away, subject=2)
    part = image[:30] if y < 0 else image[-30:]
    part = part[:, :30] if x < 0 else part[:, -30:]
    assert (part.min(axis=-1) > 200).mean() > 0.15


def test_the_frame_itself_stays_clean() -> None:
    drawn(standing(1), standing(2))
    assert (GREY == 90).all()
