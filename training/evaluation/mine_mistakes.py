"""``python -m training.evaluation.mine_mistakes FINDER BACKBONE``: where both see somebody, and
nobody is.

Both are model folders. What they mistake in the training pictures, together as in the program, is
what finders and backbones learn from. Knows the command and the pictures, not the file.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from training.datasets.picture_sets import DATA
from training.datasets.pictures.mistakes import FILE, Mistake, mistake, save
from training.datasets.scenes import Scenes, empty_window, load_scenes, part_of

FOUND = 0.1  # the finder's score from which a box is looked at
SURE = 0.18  # the score of both from which it is kept
ASKED = 3  # boxes of a picture that are looked at, the surest
SMALLEST = 16, 24  # pixels of width and height
AROUND = 3.0  # sides of what is kept, in those of the box
SEED = 7  # of the empty parts of pictures of people

Seer = Callable[[np.ndarray], Sequence[Box]]  # (H, W, 3) RGB → boxes, with how surely both see one


def mine(see: Seer, scenes: Mapping[str, Scenes]) -> Iterator[Mistake]:
    """What is around each mistake in the training pictures."""
    for image in empty_pictures(scenes):
        for box in see(image):
            width, height = box.x2 - box.x1, box.y2 - box.y1
            if box.score >= SURE and width >= SMALLEST[0] and height >= SMALLEST[1]:
                yield around(image, box)


def empty_pictures(scenes: Mapping[str, Scenes]) -> Iterator[np.ndarray]:
    """All training pictures of nobody, and one part of each with people where nobody is."""
    for kind in ("rooms", "nobody"):
        yield from (scene.image for scene in scenes[kind].training)
    rng = np.random.default_rng(SEED)
    for scene in scenes["people"].training:
        if window := empty_window(scene, rng):
            yield part_of(scene, window).image


def around(image: np.ndarray, box: Box) -> Mistake:
    """The part of the picture in whose middle the box is, as far as there is one."""
    height, width = image.shape[:2]
    larger = scaled(box, AROUND)
    left, top = max(int(larger.x1), 0), max(int(larger.y1), 0)
    right, bottom = min(math.ceil(larger.x2), width), min(math.ceil(larger.y2), height)
    moved = replace(box, x1=box.x1 - left, y1=box.y1 - top, x2=box.x2 - left, y2=box.y2 - top)
    return mistake(np.ascontiguousarray(image[top:bottom, left:right]), moved)


def open_seer(finding: ModelSpec, pose: ModelSpec) -> Seer:
    """A finder's boxes, believed as far as the backbone agrees. Raises as `open_runtime`."""
    finder, backbone = Finder(finding, open_runtime(finding)), Backbone(pose, open_runtime(pose))

    def see(image: np.ndarray) -> list[Box]:
        boxes = [person.box for person in finder.find(image, FOUND)][:ASKED]
        poses = backbone.find(image, boxes, {}) if boxes else []
        scores = [math.sqrt(b.score * pose_score(p)) for b, p in zip(boxes, poses, strict=True)]
        return [replace(box, score=score) for box, score in zip(boxes, scores, strict=True)]

    return see


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.mine_mistakes", description=__doc__
    )
    add = parser.add_argument
    add("finder", type=Path, help="model folder")
    add("backbone", type=Path, help="model folder")
    add("--out", type=Path, default=Path("runs") / FILE, help="the file (default %(default)s)")
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    finder, backbone = load_spec(arguments.finder), load_spec(arguments.backbone)
    found = save(arguments.out, mine(open_seer(finder, backbone), load_scenes(arguments.data)))
    print(f"{found} mistakes of {finder.name} and {backbone.name} are in {arguments.out}.")


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
