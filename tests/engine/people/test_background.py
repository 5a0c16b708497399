"""What a still camera sees where nobody is, and what stands before it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.people.background import LEARNT, Background
from engine.types import Box

HEIGHT, WIDTH, RATE = 240, 320, 10
PLACE = Box(100, 60, 160, 220, 1.0)
ELSEWHERE = Box(220, 60, 280, 220, 1.0)
SECOND = RATE


def room(brightness: float = 1.0) -> np.ndarray:
    """Wallpaper, the same each time."""
    rng = np.random.default_rng(3)
    coarse = rng.integers(40, 200, (HEIGHT // 20, WIDTH // 20, 3))
    return (coarse.repeat(20, axis=0).repeat(20, axis=1) * brightness).astype(np.uint8)


def with_somebody(picture: np.ndarray, box: Box = PLACE) -> np.ndarray:
    there = picture.copy()
    there[int(box.y1) : int(box.y2), int(box.x1) : int(box.x2)] = (250, 20, 20)
    return there


class Camera:
    """Pictures at RATE a second before a background that learns beside the people told."""

    def __init__(self) -> None:
        self.background, self.frames = Background(), 0

    def shows(self, picture: np.ndarray, frames: int = 1, *people: Box) -> Background:
        for _ in range(frames):
            self.background.see(picture, self.frames / RATE)
            self.background.learn(people)
            self.frames += 1
        return self.background


def test_whoever_comes_is_seen_to_differ_and_whoever_leaves_is_not() -> None:
    camera = Camera()
    camera.shows(room(), SECOND)
    there = camera.shows(with_somebody(room()), 1, PLACE)
    assert there.changed(PLACE)
    assert not there.changed(ELSEWHERE)
    assert not camera.shows(room(), 1, PLACE).changed(PLACE)


def test_where_nobody_has_looked_behind_a_person_nothing_is_known() -> None:
    camera = Camera()
    assert not camera.shows(with_somebody(room()), 3 * SECOND, PLACE).changed(PLACE)
    assert not camera.shows(with_somebody(room(), ELSEWHERE), 1, PLACE).changed(PLACE)


def test_whoever_stands_still_is_not_learnt_but_what_is_put_down_is() -> None:
    camera, picture = Camera(), with_somebody(with_somebody(room()), ELSEWHERE)
    camera.shows(room(), SECOND)
    assert camera.shows(picture, 1, PLACE).changed(ELSEWHERE)
    later = camera.shows(picture, 10 * SECOND, PLACE)
    assert later.changed(PLACE)
    assert not later.changed(ELSEWHERE)


def test_light_that_grows_brighter_is_nobody() -> None:
    camera = Camera()
    camera.shows(room(), SECOND)
    assert not camera.shows(room(1.15), 1, PLACE).changed(PLACE)


def test_a_camera_that_is_moved_knows_nothing_any_more() -> None:
    camera = Camera()
    camera.shows(room(), SECOND)
    moved = np.roll(with_somebody(room()), (70, 50), axis=(0, 1))
    assert not camera.shows(moved, 1, PLACE).changed(Box(150, 130, 210, 240, 1.0))


@pytest.mark.parametrize("shape", [(1, 1), (4000, 80), (480, 640)])
def test_any_box_before_any_frame_has_an_answer(shape: tuple[int, int]) -> None:
    camera = Camera()
    background = camera.shows(np.zeros((*shape, 3), np.uint8), round(RATE * LEARNT) + 1)
    for box in (Box(0, 0, 1, 1, 1.0), Box(-900, -900, -100, -100, 1.0), Box(-9, -9, 9e3, 9e3, 1.0)):
        assert not background.changed(box)
