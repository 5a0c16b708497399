"""The job without a window: record to a session folder, or watch a source and say what is seen."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import cv2

from engine.estimator import (
    DEFAULT_BACKBONE,
    DEFAULT_LIFTER,
    EstimatorSettings,
    PoseEstimator,
    open_estimator,
)
from engine.live_out.sender import open_live_out
from engine.overlay import with_overlay
from engine.pipeline.pipeline import Pipeline
from engine.pipeline.status import PipelineStatus
from engine.session import rerun as again
from engine.session.video import Picture
from engine.sources.capture import DEMO, FrameSource, list_cameras, open_source
from engine.types import PoseResult

TICK = 0.2  # seconds between two looks at the pipeline


def record(
    source: str,
    out: Path,
    backbone: str | None,
    runtime: str,
    *,
    frames: int | None,
    video: Picture | None,
    realtime: bool,
    loop: bool,
    notes: str = "",
    lifter: str | None = None,
    osc: str | None = None,
    websocket: str | None = None,
    people: int | None = None,
) -> int:
    """Record until the source ends, ``frames`` are taken or Ctrl-C; returns the exit code.

    Raises SourceError, ModelError, RuntimeUnavailableError, LiveOutError or SessionError before it
    writes.
    """
    estimator = _open(backbone, runtime, lifter)
    first = open_source(source, realtime=realtime, loop=loop)
    lossless = not first.live and not realtime
    with Pipeline(settings=_following(people), lossless=lossless, limit=frames) as pipeline:
        pipeline.use(estimator)
        pipeline.set_live_out(open_live_out(osc, websocket))
        new = not out.exists()
        pipeline.start_recording(out, video, source=first.description, rate=first.rate, notes=notes)
        pipeline.set_source(_reopened(first, source, realtime, loop))
        try:
            _wait(pipeline)
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)
    status = pipeline.status
    if new and not pipeline.frames_done:
        shutil.rmtree(out, ignore_errors=True)
    else:
        print(f"{out}: {_seen(pipeline)}")
    if status.last_take and pipeline.frames_done:
        print(status.last_take.summary.verdict)
    return _told(status)


def _told(status: PipelineStatus) -> int:
    """Say what went wrong, and what was passed over; the exit code."""
    for line in filter(None, (status.skipped, status.message)):
        print(f"sandglass: {line}", file=sys.stderr)
    return 2 if status.message else 0


def _wait(pipeline: Pipeline) -> None:
    """Until the source or the take has ended; says once that the disk runs full."""
    told = False
    while not pipeline.ended.wait(TICK) and (status := pipeline.status).recording:
        if status.disk and status.disk.low and not told:
            told = True
            print(f"sandglass: The disk runs full: {status.disk}.", file=sys.stderr)


def _seen(pipeline: Pipeline) -> str:
    count, seen = pipeline.frames_done, pipeline.frames_with_person
    return f"{count} frames, a person in {seen} ({100 * seen / max(count, 1):.1f} %)"


def rerun(
    session: Path, backbone: str, runtime: str, *, overwrite: bool, lifter: str | None = None
) -> int:
    """Run a take's video through another backbone; returns the exit code.

    Raises ModelError, RuntimeUnavailableError or SessionError.
    """
    with closing(_open(backbone, runtime, lifter)) as estimator:
        try:
            done = again.rerun(session, estimator, overwrite=overwrite, progress=_show_progress)
        except KeyboardInterrupt:
            print("\nStopped: nothing was written.", file=sys.stderr)
            return 2
    print(f"{session}, {backbone}: {done}")
    return 0


def _show_progress(share: float) -> None:
    if sys.stderr.isatty():
        end = "\n" if share == 1 else ""
        print(f"\r{100 * share:3.0f} %", end=end, file=sys.stderr, flush=True)


def watch(
    source: str | None,
    backbone: str | None,
    runtime: str,
    screenshot: Path | None,
    frames: int | None,
    lifter: str | None = None,
    osc: str | None = None,
    websocket: str | None = None,
    people: int | None = None,
) -> int:
    """Estimate every frame once and say what was seen; the last one drawn to ``screenshot``."""
    if source is None:
        cameras = list_cameras()
        source = cameras[0].name if cameras else DEMO
        if not cameras:
            print("No camera found: the demo clip is used.", file=sys.stderr)
    estimator = _open(backbone, runtime, lifter)
    first = open_source(source, realtime=False)
    last: PoseResult | None = None
    lossless = not first.live
    with Pipeline(settings=_following(people), lossless=lossless, limit=frames) as pipeline:
        pipeline.use(estimator)
        pipeline.set_live_out(open_live_out(osc, websocket))
        pipeline.set_source(_reopened(first, source, realtime=False, loop=False))
        try:
            while not pipeline.ended.wait(TICK):
                last = pipeline.results.take() or last
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)
        last = pipeline.results.take() or last
        status = pipeline.status
    print(f"{first.description}: {_seen(pipeline)}, ", end="")
    print(f"{status.backbone} on {status.runtime} {status.precision}")
    if screenshot and last:
        image = with_overlay(last, EstimatorSettings.threshold)
        cv2.imwrite(str(screenshot), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    return _told(status)


def _open(backbone: str | None, runtime: str, lifter: str | None) -> PoseEstimator:
    return open_estimator(backbone or DEFAULT_BACKBONE, runtime, lifter=lifter or DEFAULT_LIFTER)


def _following(people: int | None) -> EstimatorSettings:
    return EstimatorSettings(people=people or EstimatorSettings.people)


def _reopened(
    first: FrameSource, source: str, realtime: bool, loop: bool
) -> Callable[[], FrameSource]:
    """Gives the source that is open already, then, when it was lost, new ones."""
    waiting = [first]
    return lambda: waiting.pop() if waiting else open_source(source, realtime=realtime, loop=loop)
