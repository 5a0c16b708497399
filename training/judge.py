"""What lies in a model folder, a checkpoint or a run folder, opened and measured on held-out data.

A model folder runs in the app's runtime, a checkpoint in torch; crop and decoding are the engine's.
How the figures are computed is in figures.py and lifter_pairs.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.heatmaps import Decoding
from engine.model_spec import ModelSpec, load_spec
from engine.runtimes import Runtime, open_runtime
from engine.skeleton import SKELETONS, Skeleton
from training.datasets.labels import Picture
from training.figures import figures
from training.lifter import lift_with
from training.lifter_export import lift_in
from training.lifter_views import Lift
from training.predict import Heatmaps, heatmaps_of, predict_pictures, with_flip
from training.recipes.martinez import LifterRecipe
from training.trained import load_trained

Row = dict[str, float]


@dataclass(frozen=True)
class Backbone:
    """A backbone to measure, whatever computes it."""

    name: str
    skeleton: Skeleton
    input_size: tuple[int, int]
    padding: float
    computed_by: str  # runtime and precision; bf16 moves figures by tenths of a percent
    heatmaps: Heatmaps


@dataclass(frozen=True)
class Judged:
    """What a backbone made of one set."""

    pictures: list[Picture]
    found: np.ndarray  # (N, K, 2) picture pixels
    row: Row


@contextmanager
def open_subject(path: Path, runtime: str = "auto") -> Iterator[Backbone | Lift]:
    """What lies at ``path``, ready to run: a `Backbone`, or a lifter as a function.

    Raises FileNotFoundError, ModelError, CheckpointError or RuntimeUnavailableError.
    """
    if not (path / "model.json").is_file():
        yield _from_checkpoint(path)
        return
    spec = load_spec(path)
    running = open_runtime(spec, runtime)
    try:
        yield lift_in(running) if spec.task == "lift3d" else _in_runtime(spec, running)
    finally:
        running.close()


def _in_runtime(spec: ModelSpec, running: Runtime) -> Backbone:
    return Backbone(
        spec.name,
        spec.skeleton,
        spec.input_size,
        spec.box_padding,
        f"{running.name} {running.precision}",
        lambda images: running.run({"image": images})["heatmaps"],
    )


def _from_checkpoint(path: Path) -> Backbone | Lift:
    recipe, network = load_trained(path)
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    if isinstance(recipe, LifterRecipe):
        return lift_with(network)
    heatmaps = heatmaps_of(network, recipe.known.normalisation)
    size = recipe.stages[-1].size
    return Backbone(
        recipe.name, SKELETONS[recipe.skeleton], size, ModelSpec.box_padding, "torch f32", heatmaps
    )


def judge(
    backbone: Backbone,
    pictures: list[Picture],
    flip: bool = False,
    decoding: Decoding = "quarter",
    annotations: Mapping[str, Any] | None = None,
) -> Judged:
    """A backbone on pictures of one set; figures in percent, to a tenth.

    annotations: see `average_precision`. Raises ValueError where the joints are others than the
    backbone's.
    """
    if pictures[0].skeleton is not backbone.skeleton:
        raise ValueError(
            f"{pictures[0].source} is labelled in {pictures[0].skeleton.name}, {backbone.name} "
            f"finds {backbone.skeleton.name}: choose other --sets."
        )
    heatmaps = with_flip(backbone.heatmaps, backbone.skeleton) if flip else backbone.heatmaps
    size, padding = backbone.input_size, backbone.padding
    found, scores = predict_pictures(heatmaps, pictures, size, padding, decoding)
    row = figures(pictures, found, scores, annotations)
    return Judged(pictures, found, {key: round(value, 1) for key, value in row.items()})
