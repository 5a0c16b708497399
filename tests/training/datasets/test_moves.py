"""All motion capture as one array: what is held out, and stretches of even steps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.skeleton import H36M17
from tests.training.moves import standing_clip, write_mocap
from training.datasets.motion.mocap import Clip
from training.datasets.motion.moves import Moves, join, load_held_out, load_moves


def rising(source: str, frames: int) -> Clip:
    """Somebody who rises by a metre a frame."""
    still = standing_clip()
    lift = np.arange(frames, dtype=np.float32)[:, None] * [0, 1, 0]
    joints = {name: (place + lift).astype(np.float32) for name, place in still.joints.items()}
    return replace(still, source=source, joints=joints)


@pytest.fixture
def moves() -> Moves:
    return join([rising("b", 100), rising("a", 10), rising("b", 50)])


def heights(stretches: np.ndarray) -> np.ndarray:
    return np.asarray(stretches[:, :, H36M17.index("pelvis"), 1] - 0.92)


def test_sources_lie_side_by_side(moves: Moves) -> None:
    assert moves.sources == (("a", 0, 10), ("b", 10, 150))
    assert len(moves) == 160


def test_steps_are_even_whatever_the_captured_rate(moves: Moves) -> None:
    stretches, begun = moves.stretches(np.array([90]), 5, rate=25.0)
    assert heights(stretches)[0] == pytest.approx(80 - 1.2 * np.arange(4, -1, -1), abs=1e-3)
    assert begun.all()


def test_what_was_captured_faster_moves_as_fast() -> None:
    faster = join([replace(rising("c", 401), fps=120.0)])
    assert len(faster) == 101
    stretches, _ = faster.stretches(np.array([50]), 2, rate=30.0)
    assert np.diff(heights(stretches)[0]) == pytest.approx([4.0], abs=1e-3)


def test_before_its_beginning_a_clip_stands_still(moves: Moves) -> None:
    stretches, begun = moves.stretches(np.array([12]), 5, rate=30.0)
    assert begun[0].tolist() == [False, False, True, True, True]
    assert heights(stretches)[0] == pytest.approx([0, 0, 0, 1, 2], abs=1e-5)


def test_short_sources_are_heard(moves: Moves) -> None:
    drawn, _ = moves.draw(np.random.default_rng(0), 3000)
    low = heights(drawn)[:, 0] < 9.5
    assert 0.2 < low.mean() < 0.35  # roots of 10 and 150: a fifth, and some of the others


def test_what_is_held_out_or_left_out_is_not_drawn(tmp_path: Path) -> None:
    data = [write_mocap(tmp_path)]
    both, alone = load_moves(data), load_moves(data, without=["cmu_actions"])
    assert [name for name, *_ in both.sources] == ["cmu_actions", "hdm05"]
    assert [name for name, *_ in alone.sources] == ["hdm05"]
    held_out = {pose.tobytes() for pose in load_held_out(data)["actor"].poses}
    assert not held_out & {pose.tobytes() for pose in both.poses}
    with pytest.raises(ValueError, match=r"No source dance. There are cmu_actions, hdm05"):
        load_moves(data, without=["dance"])
