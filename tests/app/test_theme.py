"""Both themes can be read by everybody: contrast as WCAG 2.2 asks; sides told apart by all."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from app.theme import THEMES, Theme

TEXT, SHAPES = 4.5, 3.0  # WCAG 2.2, 1.4.3 (AA) and 1.4.11: ratio of luminances
APART = 20.0  # CIE 1976 ΔE; 2.3 is just noticed

# Machado, Oliveira, Fernandes 2009, "A physiologically-based model for simulation of color vision
# deficiency", table 1 at severity 1.0: linear RGB as seen.
SEEN = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))


def linear(colour: str) -> np.ndarray:
    """(3,) linear RGB of a ``#rrggbb``."""
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """(3,) CIELAB of linear RGB."""
    ratios = TO_XYZ @ rgb.clip(0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@themes
def test_every_text_stands_out_from_what_is_behind_it(theme: Theme) -> None:
    behind = (theme.window, theme.surface, theme.raised, theme.notice, theme.scene)
    for text in (theme.text, theme.muted):
        assert min(contrast(text, colour) for colour in behind) >= TEXT
    assert contrast(theme.warning, theme.surface) >= TEXT
    for button in (theme.accent, theme.danger):
        assert contrast("#ffffff", button) >= TEXT


@themes
def test_controls_and_skeletons_stand_out(theme: Theme) -> None:
    for colour in (*theme.sides.values(), theme.accent):
        assert contrast(colour, theme.scene) >= SHAPES
    assert contrast(theme.accent, theme.surface) >= SHAPES  # the focus


@themes
@pytest.mark.parametrize("sight", SEEN)
def test_sides_are_told_apart(theme: Theme, sight: str) -> None:
    seen = [lab(np.asarray(SEEN[sight]) @ linear(colour)) for colour in theme.sides.values()]
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(one - other) >= APART
