"""Parts of empty pictures that were taken for a person: a file of them, and the scenes they are.

Knows the file; who was mistaken is mine_negatives.py's.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.datasets.scenes import Scene, Scenes, Window, find_file, part_of

FILE = "hard_negatives.json"
ORIGIN = "`python -m training.evaluation.mine_negatives` makes it"


@dataclass(frozen=True)
class HardNegative:
    """A part of a training picture in which nobody is."""

    kind: str  # of load_scenes
    index: int  # in its training pictures
    window: Window
    score: float  # with which a person was seen there, 0..1

    def scene(self, scenes: Mapping[str, Scenes]) -> Scene:
        return part_of(scenes[self.kind].training[self.index], self.window)


def save(path: Path, negatives: Sequence[HardNegative]) -> None:
    path.write_text(json.dumps([dataclasses.astuple(n) for n in negatives]) + "\n", "utf-8")


def load(folders: Sequence[Path], scenes: Mapping[str, Scenes]) -> tuple[list[Scene], np.ndarray]:
    """The scenes of the file in the first folder that has it, and how often each is drawn, (N,):
    the surer the mistake, the oftener.

    Raises FileNotFoundError where there is none, ValueError where it is of other pictures.
    """
    path = find_file(folders, FILE, ORIGIN)
    try:
        negatives = [HardNegative(*entry) for entry in json.loads(path.read_text("utf-8"))]
        parts = [n.scene(scenes) for n in negatives]
    except (IndexError, KeyError, TypeError) as odd:
        raise ValueError(f"{path} is of other pictures ({odd!r}): {ORIGIN}.") from odd
    scores = np.array([negative.score for negative in negatives])
    return parts, scores / scores.sum()
