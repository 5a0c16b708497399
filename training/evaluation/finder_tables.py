"""A person finder's figures as tables, on scenes held out of its training.

Knows model folders and scenes; how the figures come about is finder_figures.py's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.models.model_spec import ModelError, ModelSpec
from engine.people.finder import Finder
from engine.runtimes import AUTO, open_runtime
from training.datasets.scenes import Scene
from training.evaluation.evaluator import RUNTIME
from training.evaluation.figures import Row
from training.evaluation.finder_figures import (
    SIZES,
    Answer,
    answers,
    average_precision,
    highest,
    scores_of_people,
    threshold_at,
)

THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
FALSE = (0.02, 0.05)  # shares of the empty pictures with a false person

Found = Mapping[str, list[Answer]]  # by kind of scene, see load_scenes


def precision(found: Found) -> dict[str, Row]:
    """AP on the pictures in which machines boxed everybody: how far the finder agrees with them."""
    return {"people (agreement)": average_precision(found["people"])}


def curve(found: Found) -> dict[str, Row]:
    """What each threshold shows: false persons against people found."""
    return {f"{100 * threshold:.0f}": _at(found, threshold) for threshold in THRESHOLDS}


def at_false(found: Found) -> dict[str, Row]:
    """Found by size, where so many percent of the empty pictures have a false person."""
    empty = [*found["rooms"], *found["nobody"]]
    rows = {}
    for share in FALSE:
        threshold = threshold_at(empty, share)
        sizes = {
            name: _percent(scores_of_people(found["people"], heights) > threshold)
            for name, heights in SIZES.items()
        }
        rest = _at(found, threshold)
        rows[f"{100 * share:.0f} % false"] = {"threshold": 100 * threshold, **sizes, **rest}
    return rows


def _at(found: Found, threshold: float) -> Row:
    """Percent of empty pictures with a false person, and of big people found."""
    return {
        "false in rooms": _percent(highest(found["rooms"]) > threshold),
        "false elsewhere": _percent(highest(found["nobody"]) > threshold),
        "big people": _percent(scores_of_people(found["people"]) > threshold),
        "big coco": _percent(scores_of_people(found["coco"]) > threshold),
        "alone coco": _percent(scores_of_people(found["coco"], alone=True) > threshold),
    }


def _percent(outcomes: np.ndarray) -> float:
    return 100 * float(outcomes.mean()) if len(outcomes) else float("nan")


PARTS: dict[str, Callable[[Found], dict[str, Row]]] = {
    "AP": precision,
    "false persons": at_false,
    "threshold": curve,
}
WHAT = (
    "percent; people: held-out pictures with machine-made boxes, so agreement; coco: whole COCO"
    " pictures, careful labels; rooms, elsewhere: held-out pictures of nobody; big: from 30 % of"
    " the picture's height, found: IoU from 0.4"
)


def command_for(folder: Path) -> str:
    """What measures the finder in ``folder`` as `measured` does."""
    return f"python -m training.evaluate_finding {os.path.relpath(folder)}"


def measured(
    spec: ModelSpec,
    held_out: Mapping[str, list[Scene]],
    runtime: str = RUNTIME,
    precision: str = AUTO,
) -> dict[str, Any]:
    """Each of PARTS, to a tenth, of a finder; what they are is said beside them.

    Raises ModelError where it is none, RuntimeUnavailableError where the runtime fails.
    """
    if spec.task != "find_people":
        raise ModelError(f"{spec.folder} is a {spec.task} model: give the folder of a finder.")
    finder = Finder(spec, open_runtime(spec, runtime, precision))
    try:
        found = {kind: answers(finder.find, scenes) for kind, scenes in held_out.items()}
        computed_by = f"{finder.runtime.name} {finder.runtime.precision}"
    finally:
        finder.close()
    counts = {kind: {"n": len(scenes)} for kind, scenes in held_out.items() if scenes}
    parts = {name: _rounded(part(found)) for name, part in PARTS.items()}
    return {"what": f"{WHAT}; {computed_by}", "pictures": counts, **parts}


def _rounded(rows: Mapping[str, Row]) -> dict[str, Row]:
    return {name: {key: round(v, 1) for key, v in row.items()} for name, row in rows.items()}
