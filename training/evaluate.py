"""``python -m training.evaluate PATH``: the figures of a model folder, a checkpoint or a run.

Backbones on held-out pictures, by each set's own metric, on crops of the labelled people and, where
a set's name begins with ``full_``, on whole pictures that the program searches; lifters by action.
A model folder is measured in f32, which gives the same figures on every machine, and compared with
its model.json. Knows the table, the JSON and the contact sheet; what is measured and how is in
evaluation/evaluator.py.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import cv2

from engine.keypoints.heatmaps import Decoding
from engine.runtimes import AUTO, INT8
from training.cli import answer, print_table, write_json
from training.datasets.lifting_sets import SETS as LIFTING_SETS
from training.datasets.picture_sets import DATA, SETS
from training.evaluation.contact_sheet import sample_sheet, worst_sheet
from training.evaluation.evaluator import RUNTIME, Backbone, open_subject
from training.evaluation.figures import Row, Tables
from training.evaluation.lifter_figures import SOURCE, Lift, evaluate_lifter
from training.evaluation.tables import DEFAULT_SETS, SEARCHED, differences, evaluate_set, tables
from training.recipes.martinez import ANY_CAMERA
from training.recipes.ray_lifter import SOURCES


def measure_backbone(backbone: Backbone, arguments: argparse.Namespace) -> Tables:
    """Each metric's figures by set; prints a table a metric and draws the sheet."""
    sets = arguments.sets or DEFAULT_SETS[backbone.spec.skeleton.name]
    evaluated = {
        name: evaluate_set(backbone, name, arguments.data, arguments.flip, arguments.decode)
        for name in sets
    }
    flip, found = "flip test" if arguments.flip else "no flip test", tables(evaluated)
    for metric, rows in found.items():
        how = f"{flip}, {arguments.decode}, {backbone.computed_by}"
        print_table(f"{metric} of {backbone.spec.name} ({how})", rows)
    stated = _stated(backbone)
    if lines := differences(found, stated):
        print(f"Not as model.json states ({stated['what']}):", *lines, sep="\n")
    for path, draw in ((arguments.sheet, worst_sheet), (arguments.sample, sample_sheet)):
        if path:
            sheet = draw(list(evaluated.values()), backbone.spec.input_size)
            cv2.imwrite(str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    return found


def _stated(backbone: Backbone) -> Mapping[str, Any]:
    """The metrics of the form that runs."""
    form = backbone.spec.int8
    return form.metrics if form and backbone.computed_by.endswith(INT8) else backbone.spec.metrics


def measure_lifter(lift: Lift, arguments: argparse.Namespace) -> dict[str, dict[str, Row]]:
    """P1, P2, PCK3D and AUC by action, by set; prints a table a set."""
    sets = arguments.sets or ["mocap"]
    results = {name: evaluate_lifter(lift, name, arguments.data) for name in sets}
    for name, rows in results.items():
        print_table(f"{arguments.path} on {name} (mm and percent)", rows)
    return results


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    add = parser.add_argument
    add("path", type=Path, help="a model folder, a checkpoint or a run folder")
    sources = [f"{SOURCE}{name}" for name in SOURCES]
    known = [*SETS, *SEARCHED, *LIFTING_SETS, ANY_CAMERA, *sources]
    add("--sets", nargs="+", choices=known, metavar="SET", help=", ".join(known))
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    add("--flip", action="store_true", help="average with the mirrored picture")
    add("--decode", choices=get_args(Decoding), default="quarter")
    add("--runtime", default=RUNTIME, help="of a model folder: what computes it; auto: as the app")
    add("--precision", default=AUTO, help="of a model folder: f32, bf16, int8")
    add("--json", type=Path, help="write the figures here")
    add("--sheet", type=Path, help="draw the worst cases here, a PNG")
    add("--sample", type=Path, help="draw 32 pictures at even distances here, a PNG")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    with open_subject(arguments.path, arguments.runtime, arguments.precision) as subject:
        if isinstance(subject, Backbone):
            results: object = measure_backbone(subject, arguments)
        else:
            results = measure_lifter(subject, arguments)
    write_json(arguments.json, results)


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
