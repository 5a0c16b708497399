"""What finding and following people costs, and how fast the whole is beside MediaPipe Pose.

``scripts/bench --people [--mediapipe PYTHON]`` calls this; PYTHON is an interpreter that has
mediapipe 0.10, whose models travel with it. All ratios are of one run, in blocks.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from engine.estimator import PoseEstimator, open_estimator
from engine.sources.capture import DEMO_CLIP
from engine.timing import time_block
from engine.types import Frame

RATE = 30
MEDIAPIPE = """
import sys, time, cv2, mediapipe
clip, frames, times = cv2.VideoCapture(sys.argv[1]), [], []
while (read := clip.read())[0]:
    frames.append(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB))
pose = mediapipe.solutions.pose.Pose(model_complexity=1)
for frame in frames[:20] + frames:
    start = time.perf_counter()
    pose.process(frame)
    times.append(time.perf_counter() - start)
print(1e3 * sorted(times[20:])[len(frames) // 2])
"""

Row = Callable[[str, str], None]


def people(backbone: str, frames: Sequence[Frame], mediapipe: str | None, row: Row) -> None:
    estimator = open_estimator(backbone)
    pictures = [frame.image for frame in frames]
    nobody = [np.full_like(image, 128) for image in pictures[:RATE]]
    finder = np.median(time_block(lambda: estimator.finder.find(pictures[0]), 3.0))
    row("finder at 640x480, median", f"{finder:.2f} ms")

    times, finds = _milliseconds(estimator, pictures, 1)
    row("… on average over a tracked clip", f"{np.mean(finds[RATE:]):.2f} ms a frame")
    one = float(np.median(times))
    row(f"whole pipeline, {backbone}, median", f"{one:.2f} ms")
    times, _ = _milliseconds(estimator, nobody + pictures, 1)
    row(
        "p95 / median, a second of nobody first",
        f"{np.percentile(times, 95) / np.median(times):.2f}",
    )

    empty = [np.hstack([image, np.full_like(image, 128)]) for image in pictures]
    double = [np.hstack([image, image[:, ::-1]]) for image in pictures]
    alone, _ = _milliseconds(estimator, empty, 2)
    both, _ = _milliseconds(estimator, double, 2)
    row("two people / one", f"{np.median(both) / np.median(alone):.2f}")
    estimator.close()
    if mediapipe:
        command = [mediapipe, "-c", MEDIAPIPE, str(DEMO_CLIP)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        theirs = float(done.stdout)
        row("MediaPipe Pose, full, median", f"{theirs:.2f} ms")
        row("whole pipeline / MediaPipe", f"{one / theirs:.2f}")


def _milliseconds(
    estimator: PoseEstimator, pictures: Sequence[np.ndarray], several: int
) -> tuple[list[float], list[float]]:
    """Of every picture, in the whole and for finding, so many people followed."""
    estimator.settings = replace(estimator.settings, people=several)
    estimator.reset()
    results = [estimator.estimate(Frame(image, i, i / RATE)) for i, image in enumerate(pictures)]
    timings = [result.timings for result in results]
    return [t["total"] for t in timings], [t.get("find", 0.0) for t in timings]
