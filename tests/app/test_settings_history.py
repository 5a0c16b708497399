"""Undoing goes back one change at a time; a slider that is dragged is one change."""

from __future__ import annotations

from dataclasses import replace

from app.settings import Settings
from app.settings_history import SettingsHistory

START = Settings()


def test_changes_are_undone_in_turn() -> None:
    history = SettingsHistory(START)
    mirrored = replace(START, mirror=True)
    history.look(mirrored, 1.0)
    history.look(replace(mirrored, people=2), 1.1)
    assert history.back() == mirrored
    assert history.back() == START
    assert history.back() is None


def test_a_slider_that_is_dragged_is_one_change() -> None:
    history = SettingsHistory(START)
    for moment, share in ((1.0, 0.6), (1.5, 0.7), (2.0, 0.8)):
        history.look(replace(START, smoothing=share), moment)
    assert history.back() == START
    assert history.back() is None


def test_what_nobody_sets_is_not_undone() -> None:
    history = SettingsHistory(START)
    history.look(replace(START, geometry="moved", camera="plugged in"), 1.0)
    assert history.back() is None
