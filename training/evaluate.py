"""``python -m training.evaluate PATH``: the figures of a model folder, a checkpoint or a run.

Backbones on held-out pictures, by each set's own metric; lifters by action. Knows the table, the
JSON and the contact sheet; what is measured and how is in judge.py.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np

from engine.heatmaps import Decoding
from training.command import answer
from training.datasets.lifting import SETS as LIFTING_SETS
from training.datasets.pictures import DATA, SETS, load_pictures
from training.figures import errors, measured_by
from training.judge import Backbone, Judged, Row, judge, open_subject
from training.lifter_export import evaluate_lifter
from training.lifter_views import Lift
from training.recipes.martinez import ANY_CAMERA
from training.sheet import contact_sheet, picture_tile

DEFAULT_SETS = {"mpii16": ["lsp", "lsp_extended"], "coco17": ["coco_keypoints"]}
WORST = 30  # pictures on the contact sheet


def worst_cases(judged: Sequence[Judged], size: tuple[int, int]) -> np.ndarray:
    """(H, W, 3) RGB: the pictures with the largest errors, each with its mean error as a share of
    the person.
    """
    cases = [
        (error, picture, found)
        for part in judged
        for error, picture, found in zip(
            errors(part.pictures, part.found), part.pictures, part.found, strict=True
        )
    ]
    worst = sorted(cases, key=lambda case: -case[0])[:WORST]
    return contact_sheet(
        [picture_tile(p, found, size, f"{p.source} {error:.2f}") for error, p, found in worst]
    )


def print_table(title: str, rows: Mapping[str, Row]) -> None:
    """Rows under the columns of all; what a row lacks is left empty."""
    fullest = sorted(rows.values(), key=len, reverse=True)
    columns = list(dict.fromkeys(key for row in fullest for key in row))
    widest = max(map(len, columns)) + 2
    wide, cell = max(14, *map(len, rows)), max(10, widest)
    print(title)
    print(" " * wide + "".join(f"{name:>{cell}}" for name in columns))
    for name, row in rows.items():
        cells = (f"{row[key]:{cell}.1f}" if key in row else " " * cell for key in columns)
        print(f"{name:{wide}}" + "".join(cells))


def measure_backbone(backbone: Backbone, arguments: argparse.Namespace) -> dict[str, Row]:
    """Each set's figures, by set; prints a table a metric and draws the sheet."""
    judged = {}
    for name in arguments.sets or DEFAULT_SETS[backbone.skeleton.name]:
        pictures, annotations = load_pictures(arguments.data, name)[1], None
        if name == "coco_detections":
            annotations = _official_annotations(arguments.data)
        judged[name] = judge(backbone, pictures, arguments.flip, arguments.decode, annotations)
    flip = "flip test" if arguments.flip else "no flip test"
    how = f"{flip}, {arguments.decode}, {backbone.computed_by}"
    for metric in dict.fromkeys(measured_by(part.pictures) for part in judged.values()):
        rows = {n: j.row for n, j in judged.items() if measured_by(j.pictures) == metric}
        print_table(f"{metric} of {backbone.name} ({how})", rows)
    if arguments.sheet:
        sheet = worst_cases(list(judged.values()), backbone.input_size)
        cv2.imwrite(str(arguments.sheet), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    return {name: part.row for name, part in judged.items()}


def _official_annotations(data: Sequence[Path]) -> dict[str, Any]:
    """COCO's own, which detected people are measured against."""
    place = "coco/annotations/person_keypoints_val2017.json"
    path = next(folder / place for folder in data if (folder / place).exists())
    content: dict[str, Any] = json.loads(path.read_text())
    return content


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
    known = [*SETS, *LIFTING_SETS, ANY_CAMERA]
    add("--sets", nargs="+", choices=known, metavar="SET", help=", ".join(known))
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    add("--flip", action="store_true", help="average with the mirrored picture")
    add("--decode", choices=get_args(Decoding), default="quarter")
    add("--runtime", default="auto", help="of a model folder: what computes it")
    add("--json", type=Path, help="write the figures here")
    add("--sheet", type=Path, help="draw the worst cases here, a PNG")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    with open_subject(arguments.path, arguments.runtime) as subject:
        if isinstance(subject, Backbone):
            results: object = measure_backbone(subject, arguments)
        else:
            results = measure_lifter(subject, arguments)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
