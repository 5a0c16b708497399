"""Measures the live pipeline on the demo clip and prints one table; every ratio is of one run.

usage: scripts/bench [--backbone NAME] [--soak MINUTES]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from engine.capture import open_source
from engine.estimator import DEFAULT_BACKBONE, PoseEstimator, open_estimator
from engine.pipeline import Pipeline
from engine.runtimes import example_inputs
from engine.types import Frame

FRAMES = 300


def resident_mib() -> float:
    """Resident memory of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def demo_frames() -> list[Frame]:
    source = open_source("demo", realtime=False)
    frames = []
    while frame := source.read():
        frames.append(frame)
    source.close()
    return frames


def backbone_ms(estimator: PoseEstimator, seconds: float = 4.0) -> float:
    """The backbone's own time a picture, uint8 in, heatmaps out: median of a block."""
    inputs = example_inputs(estimator.backbone.spec)
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        estimator.backbone.runtime.run(inputs)
        times.append(time.perf_counter() - start)
    return 1e3 * float(np.median(times))


def stages_ms(estimator: PoseEstimator, frames: list[Frame]) -> dict[str, float]:
    """Median milliseconds of each stage over the clip, one call after the other."""
    results = [estimator.estimate(frame) for frame in frames]
    names = sorted({name for result in results for name in result.timings})
    return {n: float(np.median([r.timings.get(n, 0.0) for r in results])) for n in names}


def pipeline_rate(estimator: PoseEstimator) -> float:
    """Frames a second from file to result, decoding included, none dropped."""
    with Pipeline(lossless=True, limit=2 * FRAMES) as pipeline:
        pipeline.use(estimator)
        pipeline.set_source("demo", realtime=False, loop=True)
        while pipeline.frames_done < 20:
            time.sleep(0.001)
        start, done = time.perf_counter(), pipeline.frames_done
        pipeline.ended.wait()
        return (pipeline.frames_done - done) / (time.perf_counter() - start)


def soak(minutes: float, backbone: str) -> None:
    """Resident memory while the demo plays in real time."""
    with Pipeline() as pipeline:
        pipeline.set_backbone(backbone)
        pipeline.set_source("demo")
        for _ in range(int(minutes * 6) + 1):
            time.sleep(10)
            row("resident memory while playing", f"{resident_mib():.0f} MiB")


def row(what: str, figure: str) -> None:
    print(f"{what:44} {figure}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backbone", default=DEFAULT_BACKBONE)
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    arguments = parser.parse_args()
    if arguments.soak:
        soak(arguments.soak, arguments.backbone)
        return
    frames = demo_frames()
    start = time.perf_counter()
    estimator = open_estimator(arguments.backbone)
    row("load and warm backbone and lifter", f"{time.perf_counter() - start:.2f} s")
    runtime = estimator.backbone.runtime
    row("backbone", f"{arguments.backbone}, {runtime.name} {runtime.precision} on {runtime.device}")
    alone = backbone_ms(estimator)
    row("backbone alone, median", f"{alone:.2f} ms, {1e3 / alone:.0f} a second")
    stages = stages_ms(estimator, frames)
    for name, milliseconds in stages.items():
        row(f"stage {name}, median", f"{milliseconds:.2f} ms")
    row("all but the backbone, median", f"{stages['total'] - stages['backbone']:.2f} ms")
    rate = pipeline_rate(estimator)
    row("pipeline from file", f"{rate:.0f} frames a second")
    row("pipeline rate / backbone rate", f"{rate * alone / 1e3:.2f}")
    row("resident memory", f"{resident_mib():.0f} MiB")


if __name__ == "__main__":
    main()
