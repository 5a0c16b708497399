"""What the window says of a result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.people.advice import advise
from engine.skeleton import MPII16
from engine.types import Box, Frame, Person, Pose2D, PoseResult

BRIGHT = np.full((480, 640, 3), 120, np.uint8)
LEGS = [
    MPII16.index(f"{side}_{joint}") for side in ("left", "right") for joint in ("knee", "ankle")
]


def seen(height: float = 400, score: float = 0.9, legs: float = 0.9) -> Person:
    scores = np.full(16, score, np.float32)
    scores[LEGS] = legs
    return Person(
        Box(200, 40, 400, 40 + height), Pose2D(np.zeros((16, 2)), scores, MPII16), None, 1
    )


def result(*people: Person, image: np.ndarray = BRIGHT, others: int = 0) -> PoseResult:
    subject = people[0].id if people else 0
    boxes = (Box(0, 0, 50, 100),) * others
    return PoseResult(Frame(image, 0, 0.0), people, "dots", subject_id=subject, others=boxes)


def test_a_person_who_is_tracked_whole_and_sure_is_good() -> None:
    advice = advise(result(seen()))
    assert (advice.text, advice.good) == ("", True)


@pytest.mark.parametrize(
    ("seen_so", "text"),
    [
        (result(), "Nobody in view"),
        (result(image=BRIGHT // 10), "Too dark"),
        (result(seen(), image=BRIGHT // 10), "Too dark"),
        (result(seen(height=80)), "Too far"),
        (result(seen(legs=0.1)), "Only head and shoulders: legs are guesses"),
    ],
)
def test_what_is_not_well_is_said(seen_so: PoseResult, text: str) -> None:
    advice = advise(seen_so)
    assert (advice.text, advice.good) == (text, False)


def test_an_unsure_person_is_not_good_though_there_is_nothing_to_say() -> None:
    for person in (replace(seen(), state="unsure"), seen(score=0.5, legs=0.5)):
        advice = advise(result(person))
        assert (advice.text, advice.good) == ("", False)


def test_whoever_has_a_choice_is_told_until_it_is_made() -> None:
    two = result(seen(), others=1)
    assert advise(two).text == "Two people: click one"
    assert advise(two).good
    assert advise(replace(two, chosen=True)).text == ""
    everybody = replace(two, people=(*two.people, replace(seen(), id=2)), others=())
    assert advise(everybody).text == ""


def test_a_subject_who_is_away_does_not_make_the_others_nobody() -> None:
    away = replace(result(seen()), subject_id=7)
    assert (advise(away).text, advise(away).good) == ("", False)
    assert advise(result(others=1)).text == ""
