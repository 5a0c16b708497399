"""A backbone's folder calibrated and measured on held-out pictures: the ``score_calibration``
and ``metrics`` of its model.json.

Knows model folders and sets; how the figures come about is in tables.py and calibration.py.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.keypoints.backbone import calibrated
from engine.skeleton import MPII16
from training.artifacts.model_folder import as_json
from training.datasets.picture_sets import SETS
from training.evaluation.calibration import FITTED, fit_calibration
from training.evaluation.evaluator import RUNTIME, Backbone, Evaluated, open_subject
from training.evaluation.figures import headline
from training.evaluation.tables import DEFAULT_SETS, evaluate_set, pooled, reliability, tables

HALVES = (
    "score_calibration is fitted on every second held-out picture of the sets that are no full_ "
    "ones and labelled by people, beginning with the first; 'scores' and 'reliability' are of the "
    "others"
)


def measure_folder(folder: Path, sets: Sequence[str], data: Sequence[Path]) -> None:
    """Calibrate what lies in ``folder`` and measure it, as ``training.evaluate`` does; both go into
    its model.json.

    Raises FileNotFoundError where a set is missing.
    """
    with open_subject(folder, RUNTIME) as backbone:
        assert isinstance(backbone, Backbone)
        evaluated = {name: evaluate_set(backbone, name, data) for name in sets if name in SETS}
        if backbone.spec.skeleton is MPII16:
            backbone, evaluated = _calibrated(backbone, evaluated)
        evaluated |= {name: evaluate_set(backbone, name, data) for name in sets if name not in SETS}
    metrics = _metrics(backbone, evaluated) | {"as_served": _as_served(folder, sets, data)}
    path, table = folder / "model.json", backbone.spec.score_calibration
    spec = json.loads(path.read_text("utf-8"))
    path.write_text(as_json({**spec, "score_calibration": table, "metrics": metrics}), "utf-8")


def _calibrated(
    backbone: Backbone, evaluated: Mapping[str, Evaluated]
) -> tuple[Backbone, dict[str, Evaluated]]:
    """Both with the scores that the fitted half of each set teaches."""
    points = fit_calibration(*pooled(list(evaluated.values()), FITTED))
    table = tuple((peak, share) for peak, share in points)
    parts = {
        name: replace(part, scores=calibrated(part.peaks, table))
        for name, part in evaluated.items()
        if part.peaks is not None
    }
    return replace(backbone, spec=replace(backbone.spec, score_calibration=table)), parts


def _metrics(backbone: Backbone, evaluated: Mapping[str, Evaluated]) -> dict[str, object]:
    metrics: dict[str, object] = {
        "command": command_of(backbone.spec.folder, list(evaluated)),
        "what": f"percent, held-out pictures, no flip test, {backbone.computed_by}",
        **tables(evaluated),
    }
    if table := backbone.spec.score_calibration:
        metrics |= {
            "calibration": HALVES,
            "reliability": reliability(list(evaluated.values()), table),
        }
    return metrics


def _as_served(folder: Path, sets: Sequence[str], data: Sequence[Path]) -> dict[str, object]:
    """The headlines on crops in the runtime and precision that the app takes on this machine."""
    with open_subject(folder) as backbone:
        assert isinstance(backbone, Backbone)
        crops = {name: evaluate_set(backbone, name, data) for name in sets if name in SETS}
    name, precision = backbone.computed_by.split()
    return {
        "command": f"{command_of(folder, list(crops))} --runtime {name} --precision {precision}",
        "what": f"as above, but for {backbone.computed_by}",
        **{name: headline(next(iter(part.rows().values()))) for name, part in crops.items()},
    }


def command_of(folder: Path, sets: Sequence[str]) -> str:
    """What measures a folder on these sets again."""
    named = "" if list(sets) in DEFAULT_SETS.values() else f" --sets {' '.join(sets)}"
    return f"python -m training.evaluate {os.path.relpath(folder)}{named}"
