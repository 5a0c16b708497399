"""How long what a backbone gets wrong stays wrong, on rendered clips with exact truth.

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
from engine.models.model_spec import load_spec
from engine.people.person_box import box_around
from engine.runtimes import open_runtime
from training.datasets.motion.detections import LIMBS, compare, torso_size
from training.datasets.motion.mocap import load_clips
from training.datasets.scenes import load_scenes
from training.evaluation.evaluator import RUNTIME
from training.synthetic.body import load_template
from training.synthetic.renderer import Renderer
from training.synthetic.stage import RATE, TALKS, TURNS, WALKS, Part, play

PLAYED = (TALKS, TURNS, WALKS, "B24_WalkToCrouch", "B25_CrouchToWalk")
LAGS = np.array([1, 2, 4, 8])  # frames
LARGEST = 0.5  # torsos: errors beyond count as that
FEWEST = 16  # keypoints in the picture


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Frames one after another, some clips long."""

    moved: np.ndarray  # (F, 16, 2) torsos, how far off each keypoint is
    missed: np.ndarray  # (F, 16) bool, scores too little to be seen
    swapped: np.ndarray  # (F, 2) bool, `LIMBS`
    clips: np.ndarray  # (F,) which


def watch(models: Sequence[Path], data: Path) -> Runs:
    """What backbones make of the clips. Raises FileNotFoundError where data is missing."""
    frames = list(_frames(data))
    parts = []
    for number, path in enumerate(models):
        spec = load_spec(path)
        with closing(Backbone(spec, open_runtime(spec, RUNTIME))) as backbone:
            poses = [backbone.find(image, [box_around(p, 1.0)], {})[0] for image, p, _ in frames]
        parts.append((number, poses))
    truth = np.stack([points for _, points, _ in frames])
    clips = np.array([clip for _, _, clip in frames])
    every = []
    for number, poses in parts:
        found, scores = np.stack([p.keypoints for p in poses]), np.stack([p.scores for p in poses])
        swapped = compare(found, scores, truth).swapped
        every.append(
            (
                (found - truth) / torso_size(truth)[:, None, None],
                scores < EstimatorSettings.threshold,
                swapped,
                clips + number * len(PLAYED),
            )
        )
    return Runs(*(np.concatenate(column) for column in zip(*every, strict=True)))


def _frames(data: Path) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """Picture, keypoints (16, 2) and clip, where the whole person is in the picture."""
    motions, template = load_clips(data / "mocap"), load_template(data / "human_mesh")
    rooms = load_scenes([data], learning=False)["rooms"].held_out
    with Renderer() as renderer:
        for clip, motion in enumerate(PLAYED):
            behind = rooms[clip % len(rooms)].image
            for shown in play([Part(motion)], motions, template, behind, renderer, seed=clip):
                if (shown.seen[0] > 0).sum() >= FEWEST:
                    yield shown.image, shown.points[0], clip


def fit(runs: Runs) -> tuple[float, float]:
    """(held, fresh) of `DetectorErrors`: errors of two frames are alike as (1 - fresh)² times
    exp(-time between them / held).
    """
    lengths = np.linalg.norm(runs.moved, axis=2, keepdims=True)
    moved = runs.moved * np.minimum(1, LARGEST / np.maximum(lengths, 1e-6))
    alike = []
    for lag in LAGS:
        same = runs.clips[lag:] == runs.clips[:-lag]
        one, other = moved[lag:][same], moved[:-lag][same]
        alike.append((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))
    slope, start = np.polyfit(LAGS / RATE, np.log(np.maximum(alike, 1e-3)), 1)
    return float(-1 / min(slope, -1e-3)), float(1 - np.exp(min(start, 0) / 2))


def lasting(flags: np.ndarray, clips: np.ndarray) -> float:
    """Seconds that a flag stays up, on the average; flags: (F, K) bool."""
    runs = [
        sum(1 for _ in group)
        for column in flags.T
        for (_, up), group in groupby(zip(clips, column, strict=True))
        if up
    ]
    return float(np.mean(runs)) / RATE if runs else 0.0


def told(runs: Runs) -> list[str]:
    """What was measured, line by line."""
    held, fresh = fit(runs)
    lines = [f"errors stay {held:.2f} s, {fresh:.0%} of them new in every frame"]
    lines.append(f"keypoints are missed for {lasting(runs.missed, runs.clips):.2f} s")
    for limb, swapped in zip(LIMBS, runs.swapped.T, strict=True):
        seconds = lasting(swapped[:, None], runs.clips)
        lines.append(f"{limb} are swapped for {seconds:.2f} s, in {swapped.mean():.0%} of frames")
    return lines
