"""How well a finder finds, in figures, on scenes held out of its training.

Knows scenes, what was found and what is there; no training and no model folders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
from torch import nn

from engine.people.centres import Found, Maps, decode
from training.datasets.framing import sees_all
from training.datasets.scenes import Scene

QUICK = 200  # scenes of a kind that are looked at while it trains
BATCH = 16
LEAST = 0.05  # score of the least sure box that counts
BIG = 0.3  # of the picture's height, from which a person is big
RIGHT = 0.4  # IoU from which a box is right
FALSE = 0.05  # share of the empty pictures in which somebody is found, at the quick figures

Precision = Callable[..., Any]


def looked_at(held_out: dict[str, list[Scene]]) -> dict[str, list[Scene]]:
    """A few, evenly spread, of each kind."""
    return {
        kind: scenes[:: max(len(scenes) // QUICK, 1)] for kind, scenes in held_out.items() if scenes
    }


def find_in(
    network: nn.Module,
    scenes: Sequence[Scene],
    size: tuple[int, int],
    precision: Precision = nullcontext,
) -> list[tuple[Scene, Found]]:
    """Each scene as the network sees it, and what it finds there; network: a `ServedFinder`."""
    pairs = []
    for start in range(0, len(scenes), BATCH):
        seen = [sees_all(scene, size) for scene in scenes[start : start + BATCH]]
        images = torch.from_numpy(np.stack([scene.image for scene in seen]))
        with torch.inference_mode(), precision():
            outputs = [output.float().numpy() for output in network(images)]
        for scene, *maps in zip(seen, *outputs, strict=True):
            pairs.append((scene, decode(Maps(*maps), LEAST)))
    return pairs


def quick_figures(
    network: nn.Module,
    held_out: dict[str, list[Scene]],
    size: tuple[int, int],
    precision: Precision = nullcontext,
) -> dict[str, float]:
    """What is found where one empty picture in twenty has a false person; ``score`` is of people
    machines labelled, as a share of the big ones.
    """
    found = {kind: find_in(network, scenes, size, precision) for kind, scenes in held_out.items()}
    tops = np.concatenate([highest(found[kind]) for kind in ("rooms", "nobody")])
    threshold = float(np.quantile(tops, 1 - FALSE))
    figures = {"threshold": threshold}
    for kind in ("rooms", "nobody"):
        figures[f"false_{kind}"] = float((highest(found[kind]) > threshold).mean())
    for kind, name in (("people", "score"), ("coco", "found_coco")):
        figures[name] = float((scores_of_big(found[kind]) > threshold).mean())
    return figures


def highest(pairs: Sequence[tuple[Scene, Found]]) -> np.ndarray:
    """(N,) the surest score in each scene, 0 where nothing is found."""
    return np.array([found.scores.max(initial=0.0) for _, found in pairs])


def scores_of_big(pairs: Sequence[tuple[Scene, Found]]) -> np.ndarray:
    """(M,) for each big person the score of the surest right box, 0 without one."""
    scores = []
    for scene, found in pairs:
        right = overlaps(scene.boxes, found.boxes) >= RIGHT
        best = np.where(right, found.scores, 0.0).max(axis=1, initial=0.0)
        heights = scene.boxes[:, 3] - scene.boxes[:, 1]
        scores.append(best[heights >= BIG * _height(scene)])
    return np.concatenate(scores)


def _height(scene: Scene) -> float:
    """Of the picture in its letterbox, which is black beside it."""
    rows = np.flatnonzero(scene.image.any(axis=(1, 2)))
    return float(rows[-1] - rows[0] + 1) if len(rows) else float(len(scene.image))


def overlaps(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """IoU of (M, 4) and (N, 4) boxes, (M, N)."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    both = (high - low).clip(0).prod(axis=-1)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=-1) for boxes in (first, second)]
    return np.asarray(both / np.maximum(areas[0][:, None] + areas[1] - both, 1e-9))
