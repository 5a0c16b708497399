"""How well a finder finds, in figures, on scenes held out of its training.

Knows scenes and what the engine's Finder says of them; no training and no files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from faster_coco_eval import COCO, COCOeval_faster

from engine.people.finder import FoundPerson
from training.datasets.scenes import Scene

RIGHT = 0.4  # IoU from which a box is right
SIZES = {"small": (0.15, 0.3), "middle": (0.3, 0.6), "large": (0.6, 1.01)}  # of the frame's height
BIG = (0.3, 1.01)
NAMES = ("AP", "AP50", "AP75")
QUICK = 200  # scenes of a kind that are looked at while it trains
FALSE = 0.05  # share of the empty pictures with a false person, at the quick figures

Find = Callable[[np.ndarray], list[FoundPerson]]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A scene and who was found in it, in its pixels."""

    scene: Scene
    scores: np.ndarray  # (N,)
    boxes: np.ndarray  # (N, 4) x1, y1, x2, y2


def answers(find: Find, scenes: Sequence[Scene]) -> list[Answer]:
    found = []
    for scene in scenes:
        people = find(scene.image)
        boxes = [[p.box.x1, p.box.y1, p.box.x2, p.box.y2] for p in people]
        scores = np.array([p.box.score for p in people])
        found.append(Answer(scene, scores, np.array(boxes, float).reshape(-1, 4)))
    return found


def highest(found: Sequence[Answer]) -> np.ndarray:
    """(N,) the surest score in each scene, 0 where nobody is found."""
    return np.array([answer.scores.max(initial=0.0) for answer in found])


def scores_of_people(
    found: Sequence[Answer], heights: tuple[float, float] = BIG, alone: bool = False
) -> np.ndarray:
    """(M,) for each labelled person the score of the surest box that is right, 0 without one.

    heights: of those people, as shares of the picture's; alone: those with nobody beside them.
    """
    scores = []
    for answer in found:
        boxes = answer.scene.boxes
        if alone and len(boxes) + len(answer.scene.unknown) != 1:
            continue
        right = overlaps(boxes, answer.boxes) >= RIGHT
        best = np.where(right, answer.scores, 0.0).max(axis=1, initial=0.0)
        share = (boxes[:, 3] - boxes[:, 1]) / answer.scene.image.shape[0]
        scores.append(best[(share >= heights[0]) & (share < heights[1])])
    return np.concatenate(scores or [np.zeros(0)])


def overlaps(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """IoU of (M, 4) and (N, 4) boxes, (M, N)."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    both = (high - low).clip(0).prod(axis=-1)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=-1) for boxes in (first, second)]
    return np.asarray(both / np.maximum(areas[0][:, None] + areas[1] - both, 1e-9))


def average_precision(found: Sequence[Answer]) -> dict[str, float]:
    """COCO's AP of boxes in percent; what a scene does not know is neither right nor wrong."""
    truth, results = [], []
    for image, answer in enumerate(found, start=1):
        scene = answer.scene
        for boxes, crowd in ((scene.boxes, 0), (scene.unknown, 1)):
            facts = {"image_id": image, "category_id": 1, "iscrowd": crowd}
            truth += [facts | _corner_and_size(box) for box in boxes]
        for box, score in zip(answer.boxes, answer.scores, strict=True):
            facts = {"image_id": image, "category_id": 1}
            results.append(facts | _corner_and_size(box) | {"score": float(score)})
    if not results:
        return dict.fromkeys(NAMES, 0.0)
    labels = {
        "images": [{"id": image + 1} for image in range(len(found))],
        "annotations": [person | {"id": number + 1} for number, person in enumerate(truth)],
        "categories": [{"id": 1, "name": "person"}],
    }
    coco = COCO(labels, print_function=_silent)
    evaluation = COCOeval_faster(coco, coco.loadRes(results), "bbox", print_function=_silent)
    evaluation.run()
    return {name: 100 * float(evaluation.stats[i]) for i, name in enumerate(NAMES)}


def _corner_and_size(box: np.ndarray) -> dict[str, Any]:
    x1, y1, x2, y2 = map(float, box)
    return {"bbox": [x1, y1, x2 - x1, y2 - y1], "area": (x2 - x1) * (y2 - y1)}


def _silent(*_: object) -> None:
    """What the evaluator says on the way is said by the table."""


def threshold_at(empty: Sequence[Answer], share: float) -> float:
    """The score that is exceeded in that share of the empty scenes."""
    return float(np.quantile(highest(empty), 1 - share))


def looked_at(held_out: Mapping[str, list[Scene]]) -> dict[str, list[Scene]]:
    """A few of each kind, evenly spread."""
    return {
        kind: scenes[:: max(len(scenes) // QUICK, 1)] for kind, scenes in held_out.items() if scenes
    }


def quick_figures(find: Find, held_out: Mapping[str, list[Scene]]) -> dict[str, float]:
    """AP, and what is found where one empty picture in twenty has a false person; ``score`` is the
    share of big people found.
    """
    found = {kind: answers(find, scenes) for kind, scenes in held_out.items()}
    empty = [*found["rooms"], *found["nobody"]]
    threshold = threshold_at(empty, FALSE)
    shares = {
        "false_rooms": highest(found["rooms"]),
        "false_nobody": highest(found["nobody"]),
        "found_coco": scores_of_people(found["coco"]),
        "score": scores_of_people(found["people"]),
    }
    figures = {name: float((scores > threshold).mean()) for name, scores in shares.items()}
    return {"threshold": threshold, "ap": average_precision(found["people"])["AP"], **figures}
