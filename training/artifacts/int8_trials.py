"""How an int8 form is calibrated and judged: a backbone by its crops, a finder by its pictures.

Knows data and figures; how a form is made and kept is in quantise.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.keypoints.crop import crop_frame
from engine.models.model_spec import FINDER_SIDES, ModelSpec
from engine.people.letterbox import letterbox, room_for
from engine.runtimes import INT8
from engine.runtimes.openvino import OpenVINORuntime
from training.artifacts.metrics_of_folder import command_of
from training.datasets.picture_sets import SETS, load_pictures
from training.datasets.pictures.augment import person_box
from training.datasets.scenes import find_file, load_scenes, read_scenes
from training.evaluation.evaluator import FINDS, Evaluated, in_runtime
from training.evaluation.figures import headline
from training.evaluation.finder_tables import command_for, measured
from training.evaluation.tables import evaluate_set, tables

PICTURES = 300  # that the ranges of activations are taken from
OPENVINO = OpenVINORuntime.name


@dataclass(frozen=True)
class Judged:
    """What a form is worth. falls: by how many percent a figure is below model.onnx's; metrics:
    as they go into model.json.
    """

    falls: Mapping[str, float]
    metrics: Mapping[str, Any]


@dataclass(frozen=True)
class Trial:
    """What is done with a model to find out whether its int8 form is good enough."""

    inputs: Sequence[np.ndarray]  # (1, H, W, 3) uint8 RGB
    calibrated_on: str
    judge: Callable[[ModelSpec], Judged]  # of a spec that has the form
    exact: tuple[str, ...] = ()  # patterns of the names of layers that are not rounded


def trial_of(spec: ModelSpec, data: Sequence[Path]) -> Trial:
    """Raises FileNotFoundError where data is missing, ValueError where model.json has no figures to
    compare with.
    """
    return _trial_of_finder(spec, data) if spec.task == FINDS else _trial_of_backbone(spec, data)


def _trial_of_backbone(spec: ModelSpec, data: Sequence[Path]) -> Trial:
    """By the headline of each set that model.json has figures of."""
    names = [name for name in SETS if _stated(spec.metrics, name)]
    if not names:
        raise _nothing_to_compare(spec)

    def judge(spec: ModelSpec) -> Judged:
        with closing(OpenVINORuntime(spec, INT8)) as running:
            backbone = in_runtime(spec, running)
            evaluated = {name: evaluate_set(backbone, name, data) for name in names}
        command = f"{command_of(spec.folder, names)} --runtime {running.name} --precision {INT8}"
        what = f"percent, held-out pictures, no flip test, {backbone.computed_by}"
        return Judged(
            {name: fall(part, spec.metrics, name) for name, part in evaluated.items()},
            {"command": command, "what": what, **tables(evaluated)},
        )

    said = f"{PICTURES} training crops of the sets that were measured"
    return Trial(calibration_crops(spec, names, data), said, judge)


def calibration_crops(
    spec: ModelSpec, names: Sequence[str], data: Sequence[Path]
) -> list[np.ndarray]:
    """PICTURES crops (1, H, W, 3) as the backbone gets them, at even distances in the training
    halves of the sets that have one. Raises ValueError where none has.
    """
    halves = [half for name in names if (half := load_pictures(data, name)[0])]
    if not halves:
        raise ValueError(f"{', '.join(names)} hold nothing to train on, which int8 is taken from.")
    share = PICTURES // len(halves)
    chosen = [half[i] for half in halves for i in _even(len(half), share)]
    size, padding = spec.input_size, spec.box_padding
    return [crop_frame(p.image(), person_box(p), size, padding).image[None] for p in chosen]


def fall(part: Evaluated, stated: Mapping[str, object], name: str) -> float:
    """By how many percent a set's headline is below what model.json states of model.onnx."""
    row = next(iter(part.rows().values()))
    return round(headline(_stated(stated, name)) - headline(row), 1)


def _stated(metrics: Mapping[str, object], name: str) -> Mapping[str, float]:
    """The row that has a set's headline: of the first metric that knows the set."""
    tables = (table for table in metrics.values() if isinstance(table, Mapping))
    return next((table[name] for table in tables if isinstance(table.get(name), Mapping)), {})


def _trial_of_finder(spec: ModelSpec, data: Sequence[Path]) -> Trial:
    """By its AP, and by the big people it finds at each share of false persons. The last layers
    give pixels and logits, of which rounding would leave a few.
    """
    before = _finder_rows(spec.metrics)
    if not before:
        raise _nothing_to_compare(spec)
    held_out = {kind: both.held_out for kind, both in load_scenes(data, learning=False).items()}

    def judge(spec: ModelSpec) -> Judged:
        metrics = measured(spec, held_out, OPENVINO, INT8)
        command = f"{command_for(spec.folder)} --runtime {OPENVINO} --precision {INT8}"
        after = _finder_rows(metrics)
        falls = {k: round(headline(row) - headline(after[k]), 1) for k, row in before.items()}
        return Judged(falls, {"command": command, "what": metrics["what"], "AP, found": after})

    said = f"{PICTURES} everyday pictures that it learned from"
    exact = (".*/centers/centers.1/.*", ".*/places/places.1/.*")
    return Trial(calibration_frames(spec, data), said, judge, exact)


def calibration_frames(spec: ModelSpec, data: Sequence[Path]) -> list[np.ndarray]:
    """PICTURES frames (1, H, W, 3) as the finder gets them, at even distances in the everyday
    pictures that it learned from.
    """
    scenes = read_scenes(find_file(data, "people.zip"), "people", learning=True).training
    images = [scenes[i].image for i in _even(len(scenes), PICTURES)]
    sizes = [room_for((i.shape[0], i.shape[1]), spec.input_size, FINDER_SIDES) for i in images]
    pairs = zip(images, sizes, strict=True)
    return [letterbox(image, size).image[None] for image, size in pairs]


def _finder_rows(metrics: Mapping[str, Any]) -> dict[str, Mapping[str, float]]:
    return {**metrics.get("AP", {}), **metrics.get("false persons", {})}


def _even(length: int, count: int) -> list[int]:
    """So many numbers below ``length``, at even distances; some come twice where it has fewer."""
    return [int(i) for i in np.linspace(0, length - 1, count, dtype=int)]


def _nothing_to_compare(spec: ModelSpec) -> ValueError:
    return ValueError(
        f"{spec.folder} has no figures to compare an int8 form with: export it again."
    )
