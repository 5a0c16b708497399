"""``python -m training.evaluate_following``: how well the program finds and follows people.

On held-out pictures, each shown for a second as a still camera would; on such with nobody; and on
rendered clips in which people enter, crouch, turn, cross and leave. Prints too what thresholds
other than the one in use would show. Knows the command and the tables; the figures are those of
still_camera.py and tracks.py in evaluation/.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.estimator import (
    DEFAULT_BACKBONE,
    DEFAULT_FINDER,
    EstimatorSettings,
    PoseEstimator,
)
from engine.keypoints.backbone import Backbone
from engine.models.model_spec import MODELS, get_model, load_spec
from engine.people.evidence import SHOWN
from engine.people.finder import Finder
from engine.runtimes import open_runtime
from engine.types import MOST_PEOPLE
from training import SHARED_DATA
from training.cli import answer, print_table, write_json
from training.datasets.motion.mocap import load_clips
from training.datasets.scenes import Scene, load_scenes
from training.evaluation.evaluator import RUNTIME
from training.evaluation.figures import Row
from training.evaluation.still_camera import curve, false_row, found_row, lone, watch
from training.evaluation.tracks import follow, row
from training.synthetic.body import load_template
from training.synthetic.renderer import Renderer
from training.synthetic.stage import PLAYS, play

PEOPLE, NOBODY = ("people", "coco"), ("rooms", "nobody")  # kinds of scenes, see load_scenes
ABOVE = np.arange(0, 1.3, 0.1)  # the threshold in use, in the curve

Scenes = Mapping[str, Sequence[Scene]]
Tables = dict[str, dict[str, Row]]


def held_out(data: Path, limit: int | None) -> Scenes:
    """Pictures that no finder was trained on: with one big person, and with nobody."""
    scenes = {kind: both.held_out for kind, both in load_scenes([data], learning=False).items()}
    chosen = {kind: lone(scenes[kind]) for kind in PEOPLE} | {kind: scenes[kind] for kind in NOBODY}
    return {kind: some[:limit] for kind, some in chosen.items()}


def still_camera(estimator: PoseEstimator, scenes: Scenes) -> Tables:
    """Every scene for a second."""
    seen = {kind: [watch(estimator, scene) for scene in some] for kind, some in scenes.items()}
    return {
        "people before a still camera": {kind: found_row(seen[kind]) for kind in PEOPLE},
        "nobody before it": {kind: false_row(seen[kind]) for kind in NOBODY},
        "who would be shown from a trust of": curve(seen, (SHOWN + ABOVE).tolist()),
    }


def clips(estimator: PoseEstimator, scenes: Scenes, data: Path, limit: int | None) -> Tables:
    """Every play before a room of its own, everybody followed."""
    estimator.settings = replace(estimator.settings, people=MOST_PEOPLE)
    motions, template = load_clips(data / "mocap"), load_template(data / "human_mesh")
    rooms, rows = scenes["rooms"], {}
    with Renderer() as renderer:
        for number, (name, parts) in enumerate(list(PLAYS.items())[:limit]):
            behind = rooms[number % len(rooms)].image
            shown = play(parts, motions, template, behind, renderer, seed=number)
            rows[name] = row(follow(estimator, shown))
    return {"clips": rows}


def open_measured(backbone: str, finder: Path, runtime: str) -> PoseEstimator:
    """Without a lifter, and without smoothing, which moves keypoints. Raises ModelError."""
    spec, finding = get_model("pose2d", backbone), load_spec(finder)
    return PoseEstimator(
        Backbone(spec, open_runtime(spec, runtime)),
        None,
        Finder(finding, open_runtime(finding, runtime)),
        EstimatorSettings(smoothing=0.0),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate_following", description=__doc__
    )
    add = parser.add_argument
    add("--backbone", default=DEFAULT_BACKBONE)
    add("--finder", type=Path, default=MODELS / DEFAULT_FINDER, help="a finder's model folder")
    add("--runtime", default=RUNTIME, help="what computes both; auto: as the app")
    add("--data", type=Path, default=SHARED_DATA, help="the folder of the shared data")
    add("--limit", type=int, help="so many pictures of a kind, and clips, at most")
    add("--json", type=Path, help="write the figures here")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    data, limit = arguments.data, arguments.limit
    scenes = held_out(data, limit)
    with closing(
        open_measured(arguments.backbone, arguments.finder, arguments.runtime)
    ) as estimator:
        tables = still_camera(estimator, scenes) | clips(estimator, scenes, data, limit)
    for title, rows in tables.items():
        print_table(title, rows)
    write_json(arguments.json, tables)


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
