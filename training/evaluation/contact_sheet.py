"""Contact sheets of what a backbone made of held-out sets: pictures evenly chosen, or the worst.

Knows what was evaluated; no networks and no files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from engine.estimator import EstimatorSettings
from training.evaluation.drawing import contact_sheet, picture_tile
from training.evaluation.evaluator import Evaluated
from training.evaluation.figures import errors

SAMPLE, WORST = 32, 30  # pictures
COLUMNS = 8

Case = tuple[float, Evaluated, int]  # mean error as a share of the person, set, picture of it


def sample_sheet(evaluated: Sequence[Evaluated], size: tuple[int, int]) -> np.ndarray:
    """(H, W, 3) RGB: pictures at even distances through the sets, in tiles of ``size``."""
    cases = list(_cases(evaluated))
    chosen = np.linspace(0, len(cases) - 1, min(SAMPLE, len(cases))).round().astype(int)
    return _sheet((cases[i] for i in chosen), size, COLUMNS)


def worst_sheet(
    evaluated: Sequence[Evaluated], size: tuple[int, int], count: int = WORST
) -> np.ndarray:
    """(H, W, 3) RGB: the pictures with the largest errors, each with its mean error as a share of
    the person; before them, up to half of the sheet, some where nobody was found.
    """
    cases = sorted(_cases(evaluated), key=lambda case: -case[0])
    missed = [case for case in cases if np.isinf(case[0])]
    return _sheet([*missed[: count // 2], *cases[len(missed) :]][:count], size, 6)


def _cases(evaluated: Sequence[Evaluated]) -> Iterable[Case]:
    for part in evaluated:
        for i, error in enumerate(errors(part.pictures, part.found)):
            yield float(error), part, i


def _sheet(cases: Iterable[Case], size: tuple[int, int], columns: int) -> np.ndarray:
    return contact_sheet([_tile(*case, size) for case in cases], columns)


def _tile(error: float, part: Evaluated, i: int, size: tuple[int, int]) -> np.ndarray:
    """A crop with all that was found; of a picture that was searched the whole, with what the
    program shows.
    """
    picture, found, searched = part.pictures[i], part.found[i], part.peaks is None
    if searched:
        unsure = part.scores[i] < EstimatorSettings.threshold
        found = np.where(unsure[:, None], np.nan, found)
    said = "nobody found" if np.isinf(error) else f"{picture.source} {error:.2f}"
    return picture_tile(picture, found, size, said, searched)
