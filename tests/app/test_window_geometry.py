"""A window fits the screen it is on, and comes back on one that exists."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QRect, QSize

from app.window_geometry import first_place, place_on

WIDE, UPRIGHT = QRect(0, 0, 1920, 1040), QRect(1920, 0, 1080, 1880)
WANTED = QSize(1280, 800)


@pytest.mark.parametrize("screen", [QRect(0, 24, 800, 576), QRect(0, 0, 400, 300), UPRIGHT, WIDE])
def test_the_first_window_is_inside_the_screen_and_no_larger_than_wanted(screen: QRect) -> None:
    place = first_place(WANTED, screen)
    assert screen.contains(place)
    assert place.size() == WANTED.boundedTo(screen.size())


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (QRect(100, 50, 1280, 800), QRect(100, 50, 1280, 800)),
        (QRect(2000, 100, 900, 700), QRect(2000, 100, 900, 700)),
        (QRect(1200, 500, 1280, 800), QRect(640, 240, 1280, 800)),  # half outside
        (QRect(-500, -40, 1280, 800), QRect(0, 0, 1280, 800)),
        (QRect(100, 50, 4000, 3000), QRect(0, 0, 1920, 1040)),
        (QRect(5000, 100, 1280, 800), QRect(320, 120, 1280, 800)),  # that screen has gone
    ],
)
def test_it_comes_back_where_a_screen_is(was: QRect, now: QRect) -> None:
    assert place_on([WIDE, UPRIGHT], was) == now
