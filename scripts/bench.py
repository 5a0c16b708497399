"""Measures the live pipeline on the demo clip and prints one table; every ratio is of one run.

usage: scripts/bench [--window] [--seconds S] [--soak MINUTES] [--backbone NAME] [--training]
       scripts/bench --sessions | --recording | --people [--mediapipe PYTHON] [--backbone NAME]

Without an option the headless pipeline; --window the real window (needs a display); --soak the
window's memory over time; --training the loop and its loader on the shared data; --sessions
a recorded hour; --recording what recording costs the pipeline; --people what finding and following
cost, and the whole beside MediaPipe's, which the interpreter PYTHON has.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.estimator import DEFAULT_BACKBONE, PoseEstimator, open_estimator
from engine.pipeline.pipeline import Pipeline
from engine.runtimes import example_inputs
from engine.sources.capture import open_source
from engine.timing import time_block
from engine.types import Frame, PoseResult

if TYPE_CHECKING:
    from app.controller import Controller

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
    return float(np.median(time_block(lambda: estimator.backbone.runtime.run(inputs), seconds)))


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


def since_launch() -> float:
    """Seconds since this process was started."""
    started = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    return uptime - started / os.sysconf("SC_CLK_TCK")


def window(backbone: str, seconds: float, report_every: float) -> None:
    """The window on the demo clip: launch, paint, frame age, memory."""
    from PyQt6.QtCore import QTimer
    from PyQt6.QtWidgets import QApplication

    from app.controller import Controller
    from app.settings import Settings

    application = QApplication(sys.argv[:1])
    controller = Controller(Settings())
    shown, video, strip = controller.window, controller.window.video, controller.window.performance
    milestones: dict[str, float] = {}
    shown_result: deque[PoseResult] = deque(maxlen=1)

    def painted() -> None:
        milestones.setdefault("first frame painted", since_launch())
        if shown_result and shown_result[-1].people:
            milestones.setdefault("first pose painted", since_launch())

    def report() -> None:
        status, ages = controller.pipeline.status, 1e3 * strip.ages()
        if len(ages):
            age, bound = np.percentile(ages, 95), 2 * (status.inference_ms + paint_ms(controller))
            row("frame age at paint, p50 / p95", f"{np.median(ages):.1f} / {age:.1f} ms")
            row("p95 / (2 x (inference + paint))", f"{age / bound:.2f}")
        row("capture, inference", f"{status.capture_fps:.1f}, {status.inference_fps:.1f} a second")
        row("resident memory", f"{resident_mib():.0f} MiB")

    controller.bridge.result_ready.connect(shown_result.append)
    video.frame_painted.connect(painted)
    shown.show()
    application.processEvents()
    row("window shown after", f"{since_launch():.2f} s")
    QTimer.singleShot(0, lambda: controller.start("demo", backbone, "auto"))
    clock = QTimer()
    clock.timeout.connect(report)
    clock.start(int(report_every * 1e3))
    QTimer.singleShot(int(seconds * 1e3) + 500, shown.close)
    shown.closing.connect(application.quit)
    application.exec()
    for name, moment in milestones.items():
        row(f"{name} after", f"{moment:.2f} s")


def paint_ms(controller: Controller) -> float:
    """Milliseconds to paint picture, overlay and 3D view once, now."""
    start = time.perf_counter()
    controller.window.video.repaint()
    if scene := controller.window.skeleton.scene:
        scene.repaint()
    return 1e3 * (time.perf_counter() - start)


def training(seconds: float, threads: int = 2) -> None:
    """hourglass_1_small at full size: steps, waiting, and the loader by itself, on one core."""
    from dataclasses import replace

    import torch
    from lightning.pytorch.callbacks import LambdaCallback

    from training.datasets.picture_sets import DATA
    from training.datasets.pictures.loader_speed import samples_per_second
    from training.fit.callbacks import Pace, quiet
    from training.recipes.shared import hourglass_1_small
    from training.train import open_run, open_trainer

    recipe = hourglass_1_small()
    stage = recipe.stages[-1]
    torch.set_num_threads(threads)
    learner, samples = open_run(replace(recipe, stages=(stage,)), DATA)
    figures: dict[str, float] = {}

    def watch(trainer: Any, learner: Any, outputs: Any, batch: Any, index: int) -> None:
        if index == 10:  # the first steps choose algorithms and fill the queue
            learner.pace = Pace()
        elif index > 10 and learner.pace.seconds > seconds:
            figures.update(learner.pace.figures())
            trainer.should_stop = True

    learner.look = dict
    clock = LambdaCallback(on_train_batch_end=watch)
    with quiet():
        trainer = open_trainer(
            Path(), 1, logger=False, callbacks=[clock], enable_checkpointing=False
        )
        trainer.fit(learner, samples)
    pictures = samples.numbered.training["lsp_extended"]
    loader = samples_per_second(pictures, stage.size, stage.sigma, stage.augmentation)
    row("training", f"{recipe.name}, {trainer.precision}, {stage.size[0]}², {threads} threads")
    row("images a second", f"{figures['samples_per_second']:.1f}")
    row("share of the time spent waiting for the loader", f"{figures['waiting']:.2f}")
    row("loader alone, images a second of a core", f"{loader:.0f}")
    row("loader / training", f"{loader / figures['samples_per_second']:.1f}")


def row(what: str, figure: str) -> None:
    print(f"{what:44} {figure}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backbone", default=DEFAULT_BACKBONE)
    parser.add_argument("--window", action="store_true")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    parser.add_argument("--training", action="store_true")
    parser.add_argument("--sessions", action="store_true")
    parser.add_argument("--recording", action="store_true")
    parser.add_argument("--people", action="store_true")
    parser.add_argument("--mediapipe", metavar="PYTHON")
    arguments = parser.parse_args()
    if arguments.sessions:
        from bench_sessions import sessions

        sessions(row)
        return
    if arguments.recording:
        from bench_recording import recording

        recording(arguments.backbone, row)
        return
    if arguments.people:
        from bench_people import people

        people(arguments.backbone, demo_frames(), arguments.mediapipe, row)
        return
    if arguments.training:
        training(arguments.seconds)
        return
    if arguments.soak:
        window(arguments.backbone, 60 * arguments.soak, report_every=60)
        return
    if arguments.window:
        window(arguments.backbone, arguments.seconds, report_every=arguments.seconds)
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
