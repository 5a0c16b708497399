"""How long what a backbone gets wrong stays wrong, on the demo clip, whose truth is exact.

Errors of one keypoint in frames apart are alike; how much so tells how long they are held, and what
share is new in every frame (`DetectorErrors`). Knows no lifters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from engine.estimator import EstimatorSettings
from engine.keypoints.backbone import Backbone
from engine.models.model_spec import ASSETS, load_spec
from engine.people.person_box import box_around
from engine.runtimes import open_runtime
from engine.sources.capture import open_source
from training.datasets.motion.detections import LIMBS, compare, torso_size
from training.evaluation.evaluator import RUNTIME

EVERY, RATE = 3, 10  # frames of the clip that are looked at, and how many that is a second
LAGS = np.array([1, 2, 4, 8])  # of these
LARGEST = 0.5  # torsos: errors beyond count as that


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """F frames as several backbones found them, one backbone after the other."""

    moved: np.ndarray  # (F, 16, 2) torsos, how far off each keypoint is
    missed: np.ndarray  # (F, 16) bool, scores too little to be seen
    swapped: np.ndarray  # (F, 2) bool, `LIMBS`
    backbones: np.ndarray  # (F,) which


def watch(models: Sequence[Path]) -> Runs:
    """What backbones, model folders, make of the clip. Raises ModelError."""
    images, truth = zip(*_frames(), strict=True)
    return join(
        [_watched(number, path, images, np.stack(truth)) for number, path in enumerate(models)]
    )


def join(parts: Sequence[Runs]) -> Runs:
    """All of them, one after the other."""
    columns = [(part.moved, part.missed, part.swapped, part.backbones) for part in parts]
    return Runs(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def _watched(number: int, path: Path, images: Sequence[np.ndarray], truth: np.ndarray) -> Runs:
    spec = load_spec(path)
    with closing(Backbone(spec, open_runtime(spec, RUNTIME))) as backbone:
        poses = [
            backbone.find(image, [box_around(points, 1.0)], {})[0]
            for image, points in zip(images, truth, strict=True)
        ]
    found, scores = np.stack([p.keypoints for p in poses]), np.stack([p.scores for p in poses])
    return Runs(
        (found - truth) / torso_size(truth)[:, None, None],
        scores < EstimatorSettings.threshold,
        compare(found, scores, truth).swapped,
        np.full(len(truth), number),
    )


def _frames() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Picture and keypoints (16, 2)."""
    with np.load(ASSETS / "demo_truth.npz") as truth:
        keypoints = truth["keypoints2d"]
    with closing(open_source("demo", realtime=False)) as source:
        while frame := source.read():
            if frame.index % EVERY == 0:
                yield frame.image, keypoints[frame.index]


def fit(runs: Runs) -> tuple[float, float]:
    """(held, fresh) of `DetectorErrors`: errors of two frames are alike as (1 - fresh)² times
    exp(-time between them / held).
    """
    lengths = np.linalg.norm(runs.moved, axis=2, keepdims=True)
    moved = runs.moved * np.minimum(1, LARGEST / np.maximum(lengths, 1e-6))
    alike = []
    for lag in LAGS:
        same = runs.backbones[lag:] == runs.backbones[:-lag]
        one, other = moved[lag:][same], moved[:-lag][same]
        alike.append((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))
    slope, start = np.polyfit(LAGS / RATE, np.log(np.maximum(alike, 1e-3)), 1)
    return float(-1 / min(slope, -1e-3)), float(1 - np.exp(min(start, 0) / 2))


def lasting(flags: np.ndarray, backbones: np.ndarray) -> float:
    """Seconds that a flag stays up, on the average; flags: (F, K) bool."""
    runs = [
        sum(1 for _ in group)
        for column in flags.T
        for (_, up), group in groupby(zip(backbones, column, strict=True))
        if up
    ]
    return float(np.mean(runs)) / RATE if runs else 0.0


def told(runs: Runs) -> list[str]:
    """What was measured, line by line."""
    held, fresh = fit(runs)
    lines = [f"errors stay {held:.2f} s, {fresh:.0%} of them new in every frame"]
    lines.append(f"keypoints are missed for {lasting(runs.missed, runs.backbones):.2f} s")
    for limb, swapped in zip(LIMBS, runs.swapped.T, strict=True):
        seconds = lasting(swapped[:, None], runs.backbones)
        lines.append(f"{limb} are swapped for {seconds:.2f} s, in {swapped.mean():.0%} of frames")
    return lines
