"""Draws how often scores are right, for the documents. Knows no models and no files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

SIDE, EDGE = 640, 80  # pixels, of the square and around it
INK, GRID, PAPER = (40, 40, 40), (225, 225, 225), (255, 255, 255)
COLOURS = {"peaks": (170, 170, 170), "scores": (30, 110, 220)}  # RGB
LABELS = {"peaks": "heatmap peak", "scores": "calibrated score"}


def reliability_plot(curves: Mapping[str, Sequence[Sequence[float]]]) -> np.ndarray:
    """(H, W, 3) RGB: for ``peaks`` and ``scores``, each a list of [mean, share that is right,
    count], the share over the mean. On the diagonal a score says how often it is right.
    """
    picture = np.full((SIDE + 2 * EDGE, SIDE + 2 * EDGE, 3), PAPER, np.uint8)
    for tick in np.linspace(0, 1, 11):
        _line(picture, [(tick, 0), (tick, 1)], GRID)
        _line(picture, [(0, tick), (1, tick)], GRID)
        _text(picture, f"{tick:.1f}", (tick, 0), (-14, 28))
        _text(picture, f"{tick:.1f}", (0, tick), (-48, 6))
    _line(picture, [(0, 0), (1, 1)], INK)
    for row, (name, groups) in enumerate(curves.items()):
        points = [(min(mean, 1.0), share) for mean, share, _ in groups]
        _line(picture, points, COLOURS[name], 3)
        for point in points:
            cv2.circle(picture, _place(point), 6, COLOURS[name], -1, cv2.LINE_AA)
        _text(picture, LABELS[name], (0.03, 0.95 - 0.05 * row), (0, 0), COLOURS[name])
    _text(picture, "score", (0.5, 0), (-24, 58))
    _text(picture, "share right", (0, 1), (-60, -24))
    return picture


def _place(point: tuple[float, float]) -> tuple[int, int]:
    return round(EDGE + point[0] * SIDE), round(EDGE + (1 - point[1]) * SIDE)


def _line(
    picture: np.ndarray,
    points: Sequence[tuple[float, float]],
    colour: tuple[int, int, int],
    width: int = 1,
) -> None:
    places = np.array([_place(point) for point in points], np.int32)
    cv2.polylines(picture, [places], False, colour, width, cv2.LINE_AA)


def _text(
    picture: np.ndarray,
    text: str,
    point: tuple[float, float],
    shift: tuple[int, int],
    colour: tuple[int, int, int] = INK,
) -> None:
    x, y = _place(point)
    place = (x + shift[0], y + shift[1])
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, 1, cv2.LINE_AA)
