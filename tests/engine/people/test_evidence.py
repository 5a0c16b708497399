"""What two doubtful scores make together, and over time."""

from __future__ import annotations

import pytest

from engine.people.evidence import (
    KEPT,
    NOBODY,
    SHOWN,
    UNSEEN,
    could_be_shown,
    evidence,
    trusted,
)


def after(said: float, seconds: float, rate: int, trust: float = NOBODY) -> float:
    for _ in range(round(seconds * rate)):
        trust = trusted(trust, said, 1 / rate)
    return trust


def test_the_thresholds_lie_in_the_order_that_states_need() -> None:
    assert NOBODY < KEPT < SHOWN


def test_both_scores_count_the_same_and_neither_makes_up_for_the_other() -> None:
    assert evidence(0.9, 0.4) == evidence(0.4, 0.9)
    assert evidence(0.6, 0.6) >= SHOWN
    assert evidence(0.99, 0.1) < SHOWN
    assert evidence(UNSEEN, 0.99) < KEPT


def test_a_finder_alone_must_be_surer() -> None:
    assert evidence(0.5, None) < evidence(0.5, 0.5)


def test_what_not_even_a_perfect_pose_would_save_is_not_looked_at() -> None:
    assert could_be_shown(0.5)
    assert not could_be_shown(0.1)


@pytest.mark.parametrize("rate", [15, 30, 60])
def test_time_counts_and_not_frames(rate: int) -> None:
    assert after(evidence(0.7, 0.7), 0.3, rate) >= SHOWN
    assert after(evidence(UNSEEN, 0.9), 0.4, rate, trust=2.0) < KEPT
    assert after(1.0, 0.2, rate) == pytest.approx(after(1.0, 0.2, 120), abs=1e-6)


def test_whoever_was_away_is_no_more_of_a_stranger_than_a_stranger() -> None:
    assert after(evidence(UNSEEN, None), 10, 30, trust=3.0) == NOBODY
