"""``python -m training.evaluate_finding FOLDER``: how well a finder finds people.

On pictures held out of training. Knows the command; the tables are evaluation.finder_tables'.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.models.model_spec import load_spec
from engine.runtimes import AUTO
from training.cli import answer, print_table, write_json
from training.datasets.picture_sets import DATA
from training.datasets.scenes import load_scenes
from training.evaluation.evaluator import RUNTIME
from training.evaluation.finder_tables import PARTS, measured


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate_finding", description=__doc__
    )
    add = parser.add_argument
    add("folder", type=Path, help="a finder's model folder")
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    add("--runtime", default=RUNTIME, help="what computes it; auto: as the app")
    add("--precision", default=AUTO, help="auto, f32, bf16, int8")
    add("--json", type=Path, help="write the figures here")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    spec = load_spec(arguments.folder)
    scenes = load_scenes(arguments.data, learning=False)
    held_out = {kind: both.held_out for kind, both in scenes.items()}
    results = measured(spec, held_out, arguments.runtime, arguments.precision)
    print(results["what"])
    for name in PARTS:
        print_table(name, results[name])
    write_json(arguments.json, results)


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
