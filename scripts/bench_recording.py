"""What recording with video costs the pipeline: its rate with and without, in alternating blocks.

``scripts/bench --recording`` calls this. The stand-in camera gives 1280x720.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from webcam import Webcam

from engine.estimator import open_estimator
from engine.pipeline.pipeline import Pipeline

SIZE = (1280, 720)
RATES = (30.0, 60.0, 120.0)  # webcams', and one that always has a frame for the pipeline
BLOCKS, SECONDS = 8, 4.0  # pairs of blocks, and the length of each
SETTLE = 0.5  # seconds before a block counts

Row = Callable[[str, str], None]


def recording(backbone: str, row: Row) -> None:
    for rate in RATES:
        with tempfile.TemporaryDirectory() as folder, Pipeline() as pipeline:
            pipeline.use(open_estimator(backbone))
            pipeline.set_source(lambda rate=rate: Webcam(SIZE, rate))
            plain, recorded, dropped = _blocks(pipeline, Path(folder))
        name, ratio = f"{rate:.0f} fps camera", np.array(recorded) / plain
        row(f"{name}: without recording", f"{np.mean(plain):.1f} frames a second")
        row(f"{name}: recording 1280x720 with video", f"{np.mean(recorded):.1f} frames a second")
        row(f"{name}: with / without", f"{np.sum(recorded) / np.sum(plain):.3f}")
        low, high = np.quantile(ratio, [0.25, 0.75])
        row(f"{name}: … of single pairs, quartiles", f"{low:.2f} … {high:.2f}")
        row(f"{name}: pictures the encoder had no time for", f"{dropped:.1%}")


def _blocks(pipeline: Pipeline, folder: Path) -> tuple[list[float], list[float], float]:
    """Frames a second in blocks without and with, and the share of pictures dropped."""
    while not pipeline.frames_done:
        time.sleep(0.01)
    plain, recorded, dropped = [], [], []
    for block in range(BLOCKS):
        plain.append(_rate(pipeline))
        pipeline.start_recording(folder / str(block), True)
        recorded.append(_rate(pipeline))
        pipeline.stop_recording()
        while (take := pipeline.status.last_take) is None or take.folder.name != str(block):
            time.sleep(0.01)
        dropped.append(take.summary.pictures_dropped / take.summary.frames)
    return plain, recorded, float(np.mean(dropped))


def _rate(pipeline: Pipeline) -> float:
    time.sleep(SETTLE)
    start, done = time.perf_counter(), pipeline.frames_done
    time.sleep(SECONDS)
    return (pipeline.frames_done - done) / (time.perf_counter() - start)
