"""``python -m training.evaluation.mine_negatives FOLDER …``: where people are seen and nobody is.

FOLDER is the model folder of a finder, or of a backbone, which is shown the picture in wide
squares. What they mistake in the training pictures is drawn more often by the recipe that is mined.
Knows the command and the pictures; the file is hard_negatives.py's.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from engine.keypoints.backbone import Backbone, pose_score
from engine.models.model_spec import ModelSpec, load_spec
from engine.people.finder import Finder
from engine.people.person_box import box_around, scaled
from engine.runtimes import open_runtime
from engine.types import Box
from training.cli import answer
from training.datasets.hard_negatives import FILE, HardNegative, save
from training.datasets.picture_sets import DATA
from training.datasets.scenes import Scenes, empty_window, load_scenes

SURE = {"find_people": 0.15, "pose2d": 0.3}  # scores from which a mistake is kept
AROUND = 3.0  # sides of what is kept, in those of the mistaken box
WINDOWS = 1  # tries at an empty part of each picture of people
WIDE = (1.0, 0.65)  # sides of the squares that a backbone is shown, in long sides of the picture

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


def open_mistake(spec: ModelSpec) -> Mistake:
    """A finder, or a backbone in wide squares, as a function. Raises as `open_runtime`."""
    runtime = open_runtime(spec)
    if spec.task == "find_people":
        finder = Finder(spec, runtime)
        return lambda image: next((p.box for p in finder.find(image, SURE[spec.task])), None)
    backbone = Backbone(spec, runtime)

    def searched(image: np.ndarray) -> Box | None:
        height, width = image.shape[:2]
        poses = backbone.find(image, search_boxes(height, width, spec.box_padding), {})
        best = max(poses, key=pose_score)
        score = pose_score(best)
        seen = best.keypoints[best.scores >= np.median(best.scores)]
        return box_around(seen, score) if score >= SURE[spec.task] else None

    return searched


def search_boxes(height: int, width: int, padding: float) -> list[Box]:
    """Squares to look for a person in: the whole frame, then three smaller ones along it.

    They are given before padding, so that the padded crops have the sides named in WIDE.
    """
    long = max(height, width)
    boxes = [_square(width / 2, height / 2, WIDE[0] * long / padding)]
    side = WIDE[1] * long
    for position in (0.0, 0.5, 1.0):
        x, y = width / 2, height / 2
        along = side / 2 + position * (long - side)
        boxes.append(
            _square(along, y, side / padding)
            if width >= height
            else _square(x, along, side / padding)
        )
    return boxes


def _square(x: float, y: float, side: float) -> Box:
    return Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2, 0.0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.mine_negatives", description=__doc__
    )
    add = parser.add_argument
    add("folder", type=Path, nargs="+", help="model folders: a finder's, backbones'")
    add("--out", type=Path, default=Path("runs") / FILE, help="the file (default %(default)s)")
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    specs = [load_spec(folder) for folder in arguments.folder]
    scenes = load_scenes(arguments.data)
    negatives = []
    for spec in specs:
        found = mine(open_mistake(spec), scenes)
        print(f"{spec.name} sees people in {len(found)} parts of pictures of nobody.", flush=True)
        negatives += found
    save(arguments.out, negatives)


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
