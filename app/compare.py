"""``main.py compare``: latency, jitter and agreement of several backbones on one source.

Every backbone sees the same frames, without smoothing. Knows no window.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from app.progress import ProgressLine
from app.table import table
from engine.estimator import EstimatorSettings, open_estimator
from engine.skeleton import Skeleton
from engine.sources.capture import open_source

SETTINGS = EstimatorSettings(smoothing=0.0)
AGREE = 0.2  # of the torso, as in PCK@0.2


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What one backbone saw of the subject. Frames without it are NaN."""

    backbone: str
    precision: str  # that it really ran at
    skeleton: Skeleton
    keypoints: np.ndarray  # (T, K, 2) frame pixels, NaN where unseen
    milliseconds: np.ndarray  # (T,) in the network
    swaps: int  # of left and right, noticed and mended


def compare(
    *, source: str, backbones: list[str], runtime: str, precision: str, out: Path | None
) -> int:
    """Print the table; with ``out`` also write ``compare.json`` there. Returns the exit code."""
    if out:
        out.mkdir(parents=True, exist_ok=True)
    with ProgressLine("frames") as progress:
        runs: list[Run] = []
        for name in backbones:
            done = sum(len(run.milliseconds) for run in runs)
            tell = partial(_tell, progress, done)
            runs.append(_run(source, name, runtime, precision, tell))
    rows = [_row(run, runs[0]) for run in runs]
    shown = [{name.replace("_", " "): value for name, value in row.items()} for row in rows]
    print("\n".join(table(shown)))
    if out:
        text = json.dumps({"source": source, "backbones": rows}, indent=2)
        (out / "compare.json").write_text(text + "\n")
    return 0


def _tell(progress: ProgressLine, before: int, done: int) -> None:
    progress(before + done)


def _run(
    source: str, backbone: str, runtime: str, precision: str, tell: Callable[[int], None]
) -> Run:
    frames = open_source(source, realtime=False)
    if frames.live:
        frames.close()
        raise ValueError(f"compare needs a source that ends, a file or folder: {source} is live.")
    estimator = open_estimator(backbone, runtime, SETTINGS, precision=precision)
    running = estimator.backbone.runtime
    if estimator.note:
        print(f"sandglass: {estimator.note}", file=sys.stderr)
    skeleton = estimator.backbone.spec.skeleton
    keypoints, milliseconds, swaps = [], [], 0
    while frame := frames.read():
        result = estimator.estimate(frame)
        points = np.full((len(skeleton), 2), np.nan)
        if subject := result.subject:
            seen = subject.pose2d.scores >= SETTINGS.threshold
            points[seen] = subject.pose2d.keypoints[seen]
        keypoints.append(points)
        milliseconds.append(result.timings.get("backbone", 0.0))
        tell(len(milliseconds))
        swaps = result.swaps
    frames.close()
    estimator.close()
    return Run(
        backbone,
        running.precision,
        skeleton,
        np.stack(keypoints),
        np.array(milliseconds),
        swaps,
    )


def _row(run: Run, reference: Run) -> dict[str, object]:
    points = run.keypoints
    seen = ~np.isnan(points[..., 0])
    jump = np.linalg.norm(np.diff(points, n=2, axis=0), axis=-1) / _torso(run)[2:, None]
    return {
        "backbone": run.backbone,
        "precision": run.precision,
        "latency_ms_p50": round(float(np.median(run.milliseconds)), 2),
        "latency_ms_p95": round(float(np.percentile(run.milliseconds, 95)), 2),
        "person_in_percent": round(100 * float(seen.any(axis=1).mean()), 1),
        "seen_keypoints_percent": round(100 * float(seen.mean()), 1),
        "jitter_percent_of_torso": _percent(jump[~np.isnan(jump)]),
        "left_right_swaps": run.swaps,
        "agrees_with_first_percent": _agreement(run, reference),
    }


def _torso(run: Run) -> np.ndarray:
    """(T,) pixels, left shoulder to right hip; the median where one of them is unseen."""
    shoulder, hip = run.skeleton.index("left_shoulder"), run.skeleton.index("right_hip")
    length = np.linalg.norm(run.keypoints[:, shoulder] - run.keypoints[:, hip], axis=1)
    known = length[~np.isnan(length)]
    typical = float(np.median(known)) if len(known) else 1.0
    return np.asarray(np.nan_to_num(length, nan=typical))


def _agreement(run: Run, reference: Run) -> float | None:
    """Percentage of the keypoints seen by both that are closer than AGREE torso lengths."""
    names = [n for n in run.skeleton.keypoints if n in reference.skeleton.keypoints]
    mine = run.keypoints[:, [run.skeleton.index(n) for n in names]]
    theirs = reference.keypoints[:, [reference.skeleton.index(n) for n in names]]
    distance = np.linalg.norm(mine - theirs, axis=-1) / _torso(reference)[:, None]
    return _percent((distance <= AGREE)[~np.isnan(distance)])


def _percent(shares: np.ndarray) -> float | None:
    """100 × the mean; None of nothing."""
    return round(100 * float(shares.mean()), 2) if len(shares) else None
