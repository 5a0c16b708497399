"""How still somebody still is, and how late what is shown of somebody who moves.

Still: a picture of the demo clip with a sensor's noise, its 4th second. Late: wrists of the demo
clip, by the shift in time that brings them nearest to the truth.

python scripts/jitter.py [BACKBONE] [LIFTER] [SMOOTHING]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.estimator import DEFAULT_BACKBONE, DEFAULT_LIFTER, EstimatorSettings, open_estimator
from engine.models.model_spec import ASSETS
from engine.skeleton import H36M17
from engine.sources.capture import DEMO, open_source
from engine.types import Frame, PoseResult

SECONDS, SETTLED, RATE = 4.0, 3.0, 30
NOISE = 2.0  # standard deviation of a pixel, of 255, from frame to frame
SHIFTS = range(-3, 10)  # frames
WRISTS = [H36M17.index("left_wrist"), H36M17.index("right_wrist")]


def still() -> Iterator[Frame]:
    with closing(open_source(DEMO, realtime=False)) as clip:
        picture = clip.read()
    assert picture
    rng = np.random.default_rng(0)
    for index in range(round(SECONDS * RATE)):
        noise = rng.normal(0, NOISE, picture.image.shape).astype(np.int16)
        image = np.asarray(cv2.add(picture.image, noise, dtype=cv2.CV_8U))
        yield Frame(image, index, index / RATE)


def moving() -> Iterator[Frame]:
    with closing(open_source(DEMO, realtime=False)) as clip:
        while frame := clip.read():
            yield frame


def tell_jitter(results: list[PoseResult]) -> None:
    people = [result.subject for result in results[round(SETTLED * RATE) :]]
    found = {
        "2D, px": [p.pose2d.keypoints for p in people if p],
        "3D, mm": [p.pose3d.keypoints for p in people if p and p.pose3d],
        "place, mm": [1000 * p.root[None] for p in people if p and p.root is not None],
    }
    for name, values in found.items():
        off = np.linalg.norm(np.array(values) - np.mean(values, axis=0), axis=-1)
        print(f"still, {name}: p95 {np.percentile(off, 95):.2f} of {off.size}")


def tell_lag(results: list[PoseResult]) -> None:
    """By a parabola through the three shifts that are nearest."""
    with np.load(ASSETS / "demo_truth.npz") as truth:
        true = truth["joints3d"][:, WRISTS]
    shown = np.full_like(true, np.nan)
    for t, result in enumerate(results):
        if result.subject and result.subject.pose3d:
            shown[t] = result.subject.pose3d.keypoints[WRISTS]
    early, late = -SHIFTS[0], SHIFTS[-1]
    now = slice(early, len(true) - late)
    far = []
    for shift in SHIFTS:
        off = shown[now.start + shift : now.stop + shift] - true[now]
        far.append(float(np.nanmean((off - np.nanmean(off, axis=0)) ** 2)))
    best = int(np.argmin(far[1:-1])) + 1
    before, here, after = far[best - 1 : best + 2]
    lag = SHIFTS[best] + (before - after) / (before - 2 * here + after) / 2
    print(f"moving: wrists are {1000 * lag / RATE:.0f} ms late")


def main(
    backbone: str = DEFAULT_BACKBONE, lifter: str = DEFAULT_LIFTER, smoothing: str = "0.5"
) -> None:
    settings = EstimatorSettings(smoothing=float(smoothing))
    with closing(open_estimator(backbone, settings=settings, lifter=lifter)) as estimator:
        for frames, tell in ((still(), tell_jitter), (moving(), tell_lag)):
            estimator.reset()
            tell([estimator.estimate(frame) for frame in frames])


if __name__ == "__main__":
    main(*sys.argv[1:])
