"""Several people: told apart whatever the eye, found by a click, stepped through by a key."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import pytest

from app.views.people import COLOURS, is_somebody, label, next_person, own_colours
from engine.types import Box
from tests.app.conftest import make_person, make_result

# Machado, Oliveira, Fernandes, "A physiologically-based model for simulation of color vision
# deficiency" (2009), severity 1, on linear RGB.
EYES = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
         [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
APART = 12.0  # in CIE L*a*b*; about 2 is the least that is seen side by side


def seen_by(eye: np.ndarray, colours: tuple[str, ...]) -> np.ndarray:
    """(N, 3) CIE L*a*b*."""
    rgb = np.array([list(bytes.fromhex(colour[1:])) for colour in colours]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = (linear @ eye.T).clip(0, 1).astype(np.float32)
    return np.asarray(cv2.cvtColor(seen[None], cv2.COLOR_LRGB2Lab)[0])


@pytest.mark.parametrize("eye", EYES)
def test_no_two_colours_look_alike_to_anybody(eye: str) -> None:
    seen = seen_by(EYES[eye], COLOURS)
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > APART


def test_a_person_alone_has_no_colour_of_their_own() -> None:
    assert own_colours([make_person(number=4)]) == {}


def test_a_colour_stays_with_its_person_whoever_comes_and_goes() -> None:
    first, second, third = (make_person(number=number) for number in (1, 2, 3))
    both = own_colours([first, third])
    assert own_colours([third, second, first]).items() > both.items()


def test_six_people_have_six_colours_whatever_their_numbers() -> None:
    people = [make_person(number=number) for number in (1, 7, 13, 2, 8, 3)]
    assert sorted(own_colours(people).values()) == sorted(COLOURS)


def test_a_label_says_in_words_what_the_line_of_the_box_says() -> None:
    assert label(2, "unsure", subject=False) == "2 unsure"
    assert label(2, subject=True) == "2 · subject"


def test_the_next_person_is_the_one_to_the_right_and_at_last_the_first_again() -> None:
    left, right = make_person(number=1, aside=-90), make_person(number=2, aside=90)
    other = Box(150, 50, 170, 200)  # in the middle, seen but not followed

    def middle_of_next(subject: int) -> float:
        result = make_result(right, left, subject_id=subject, others=(other,))
        place = next_person(result)
        assert place is not None
        assert is_somebody(result, *place)
        return place[0]

    assert middle_of_next(1) == 160
    assert middle_of_next(2) == pytest.approx((left.box.x1 + left.box.x2) / 2)
    assert middle_of_next(9) == middle_of_next(2)  # the subject is out of view


def test_where_nobody_is_nobody_is_next() -> None:
    assert next_person(make_result()) is None
    assert not is_somebody(make_result(make_person()), 1, 1)
