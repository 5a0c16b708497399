"""``python -m training.evaluation.mine_negatives FINDER [BACKBONE]``: where people are seen and
nobody is.

Both are model folders. What the finder mistakes in the training pictures is drawn more often by the
recipe that is mined, the surer the oftener; with a backbone as sure as both are together, as in the
program. Knows the command and the pictures; the file is hard_negatives.py's.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.keypoints.backbone import Backbone, pose_score
from engine.models.model_spec import ModelSpec, load_spec
from engine.people.finder import Finder
from engine.people.person_box import scaled
from engine.runtimes import open_runtime
from engine.types import Box
from training.cli import answer
from training.datasets.hard_negatives import FILE, HardNegative, save
from training.datasets.picture_sets import DATA
from training.datasets.scenes import Scenes, empty_window, load_scenes

SURE = 0.15  # the finder's score from which a mistake is kept
ASKED = 3  # boxes of a picture that the backbone is asked about
AROUND = 3.0  # sides of what is kept, in those of the mistaken box
WINDOWS = 1  # tries at an empty part of each picture of people

Mistake = Callable[[np.ndarray], Box | None]  # a picture of nobody → the surest box in it


def mine(mistake: Mistake, scenes: Mapping[str, Scenes]) -> list[HardNegative]:
    """What is around each mistake in the training pictures."""
    found = []
    for part in empty_parts(scenes):
        box = mistake(part.scene(scenes).image)
        if box:
            found.append(around(part, box))
    return found


def empty_parts(scenes: Mapping[str, Scenes], seed: int = 0) -> Iterator[HardNegative]:
    """All training pictures of nobody, and parts of those with people; none is mistaken yet."""
    for kind in ("rooms", "nobody"):
        for index, scene in enumerate(scenes[kind].training):
            yield HardNegative(kind, index, (0, 0, *scene.image.shape[1::-1]), 0.0)
    rng = np.random.default_rng(seed)
    for index, scene in enumerate(scenes["people"].training):
        for window in {empty_window(scene, rng) for _ in range(WINDOWS)}:
            if window:
                yield HardNegative("people", index, window, 0.0)


def around(part: HardNegative, box: Box) -> HardNegative:
    """The part of it in which ``box``, in its pixels, is the middle; its score is the box's."""
    left, top, right, bottom = part.window
    larger = scaled(box, AROUND)
    x1, y1 = max(left + int(larger.x1), left), max(top + int(larger.y1), top)
    x2, y2 = min(left + math.ceil(larger.x2), right), min(top + math.ceil(larger.y2), bottom)
    return HardNegative(part.kind, part.index, (x1, y1, x2, y2), box.score)


def open_mistake(finding: ModelSpec, pose: ModelSpec | None = None) -> Mistake:
    """A finder as a function, believed as far as the backbone agrees. Raises as `open_runtime`."""
    finder = Finder(finding, open_runtime(finding))
    backbone = Backbone(pose, open_runtime(pose)) if pose else None

    def seen(image: np.ndarray) -> Box | None:
        boxes = [person.box for person in finder.find(image, SURE)][:ASKED]
        if backbone and boxes:
            poses = backbone.find(image, boxes, {})
            scores = [math.sqrt(b.score * pose_score(p)) for b, p in zip(boxes, poses, strict=True)]
            boxes = [replace(box, score=score) for box, score in zip(boxes, scores, strict=True)]
        return max(boxes, key=lambda box: box.score, default=None)

    return seen


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.mine_negatives", description=__doc__
    )
    add = parser.add_argument
    add("finder", type=Path, help="model folder")
    add("backbone", type=Path, nargs="?", help="model folder")
    add("--out", type=Path, default=Path("runs") / FILE, help="the file (default %(default)s)")
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    specs = [load_spec(folder) for folder in (arguments.finder, arguments.backbone) if folder]
    found = mine(open_mistake(*specs), load_scenes(arguments.data))
    seen = " and ".join(spec.name for spec in specs)
    print(f"People in {len(found)} parts of pictures of nobody, by {seen}.")
    save(arguments.out, found)


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
