"""What lies in a model folder, a checkpoint or a run folder, opened and measured on held-out data.

A model folder runs in a runtime of the app's, a checkpoint in torch; crop, search and decoding are
the engine's. How the figures are computed is in figures.py, calibration.py and lifter_figures.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.keypoints.backbone import calibrated
from engine.keypoints.heatmaps import Decoding
from engine.models.model_spec import ModelSpec, load_spec
from engine.runtimes import AUTO, Runtime, open_runtime
from engine.skeleton import SKELETONS
from training.checkpoints.run_folder import load_trained
from training.datasets.pictures.labels import Picture
from training.evaluation.calibration import score_figures
from training.evaluation.figures import PCK, PCKH, Row, figures, head_figures, measured_by, right
from training.evaluation.lifter_figures import Lift, lift_in, lift_with
from training.evaluation.predict import (
    Heatmaps,
    heatmaps_of,
    predict_pictures,
    search_pictures,
    with_flip,
)
from training.recipes.martinez import LifterRecipe
from training.recipes.person_finder import FinderRecipe
from training.recipes.ray_lifter import RayRecipe

RUNTIME = "onnxruntime"  # measures model folders: f32, so the same figures on every machine
FINDS = "find_people"
_ELSEWHERE = "{} finds people: export it, python -m training.evaluate_finding measures the folder."
SCORES, PEOPLE = "scores", "people"  # tables beside the metrics of joints


@dataclass(frozen=True)
class Backbone:
    """A backbone to measure, whatever computes it."""

    spec: ModelSpec
    computed_by: str  # runtime and precision; bf16 moves figures by tenths of a percent
    heatmaps: Heatmaps


@dataclass(frozen=True)
class Evaluated:
    """What a backbone made of one set."""

    pictures: list[Picture]
    found: np.ndarray  # (N, K, 2) picture pixels; NaN where the search found nobody
    scores: np.ndarray  # (N, K)
    peaks: np.ndarray | None  # (N, K) of the heatmaps; None where the program searched
    annotations: Mapping[str, Any] | None = None  # see `average_precision`

    def part(self, which: np.ndarray) -> Evaluated:
        """The pictures that ``which``, (N,) bool, names."""
        pictures = [p for p, chosen in zip(self.pictures, which, strict=True) if chosen]
        peaks = None if self.peaks is None else self.peaks[which]
        return Evaluated(pictures, self.found[which], self.scores[which], peaks, self.annotations)

    def rows(self) -> dict[str, Row]:
        """Metric → figures, in percent to a tenth; a metric that measures nothing here is left
        out.
        """
        somebody = any(picture.labelled.any() for picture in self.pictures)
        rows = self._of_joints() if somebody else {}
        if self.peaks is None:
            there = np.isfinite(self.scores).all(axis=1)
            rows[PEOPLE] = {"n": len(there), "found": 100 * float(there.mean())}
        rounded = {m: {k: round(v, 1) for k, v in row.items()} for m, row in rows.items()}
        return {metric: row for metric, row in rounded.items() if row.get("n")}

    def _of_joints(self) -> dict[str, Row]:
        metric = measured_by(self.pictures)
        rows = {metric: figures(self.pictures, self.found, self.scores, self.annotations)}
        if metric == PCK:
            rows[PCKH] = head_figures(self.pictures, self.found)
            outcomes = right(self.pictures, self.found)
            rows[SCORES] = score_figures(self.scores, outcomes, self.peaks)
        return rows


@contextmanager
def open_subject(
    path: Path, runtime: str = AUTO, precision: str = AUTO
) -> Iterator[Backbone | Lift]:
    """What lies at ``path``, ready to run: a `Backbone`, or a lifter as a function. A model folder
    runs in that runtime at that precision, see `open_runtime`.

    Raises FileNotFoundError, ModelError, CheckpointError or RuntimeUnavailableError, and ValueError
    for a finder.
    """
    if not (path / "model.json").is_file():
        yield _from_checkpoint(path)
        return
    spec = load_spec(path)
    if spec.task == FINDS:
        raise ValueError(_ELSEWHERE.format(path))
    running = open_runtime(spec, runtime, precision)
    try:
        yield lift_in(running, spec.window) if spec.task == "lift3d" else in_runtime(spec, running)
    finally:
        running.close()


def in_runtime(spec: ModelSpec, running: Runtime) -> Backbone:
    """A loaded model as what is measured; it stays open."""
    return Backbone(
        spec,
        f"{running.name} {running.precision}",
        lambda images: running.run({"image": images})["heatmaps"],
    )


def _from_checkpoint(path: Path) -> Backbone | Lift:
    recipe, network = load_trained(path)
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    if isinstance(recipe, LifterRecipe | RayRecipe):
        return lift_with(network)
    if isinstance(recipe, FinderRecipe):
        raise ValueError(_ELSEWHERE.format(path))
    skeleton = SKELETONS[recipe.skeleton]
    spec = ModelSpec(
        folder=path,
        name=recipe.name,
        task="pose2d",
        title=recipe.title,
        architecture=recipe.network,
        keypoints=skeleton.keypoints,
        skeleton=skeleton,
        sha256="",
        input_size=recipe.stages[-1].size,
    )
    return Backbone(spec, "torch f32", heatmaps_of(network, recipe.known.normalisation))


def evaluate_pictures(
    backbone: Backbone,
    pictures: list[Picture],
    flip: bool = False,
    decoding: Decoding = "quarter",
    annotations: Mapping[str, Any] | None = None,
    searched: bool = False,
) -> Evaluated:
    """A backbone on pictures of one set: on crops of the labelled people, or ``searched``: on whole
    pictures, as the program sees them.

    annotations: see `average_precision`. Raises ValueError where the joints are others than the
    backbone's.
    """
    spec = backbone.spec
    if pictures[0].skeleton is not spec.skeleton:
        raise ValueError(
            f"{pictures[0].source} is labelled in {pictures[0].skeleton.name}, {spec.name} "
            f"finds {spec.skeleton.name}: choose other --sets."
        )
    heatmaps = with_flip(backbone.heatmaps, spec.skeleton) if flip else backbone.heatmaps
    if searched:
        return Evaluated(pictures, *search_pictures(spec, heatmaps, pictures, decoding), peaks=None)
    found, peaks = predict_pictures(heatmaps, pictures, spec.input_size, spec.box_padding, decoding)
    return Evaluated(pictures, found, calibrated(peaks, spec.score_calibration), peaks, annotations)
