"""The job without a window: record to a session folder, or watch a source and say what is seen."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from engine.capture import DEMO, FrameSource, list_cameras, open_source
from engine.estimator import DEFAULT_BACKBONE, EstimatorSettings, open_estimator
from engine.pipeline import Pipeline
from engine.types import PoseResult

TICK = 0.2  # seconds between two looks at the pipeline


def record(
    source: str,
    out: Path,
    backbone: str | None,
    runtime: str,
    *,
    frames: int | None,
    video: bool,
    realtime: bool,
    loop: bool,
) -> int:
    """Record until the source ends, ``frames`` are taken or Ctrl-C; returns the exit code.

    Raises SourceError, ModelError, RuntimeUnavailableError or SessionError before it writes.
    """
    estimator = open_estimator(backbone or DEFAULT_BACKBONE, runtime)
    first = open_source(source, realtime=realtime, loop=loop)
    with Pipeline(lossless=not first.live and not realtime, limit=frames) as pipeline:
        pipeline.use(estimator)
        new = not out.exists()
        pipeline.start_recording(out, video, source=first.description)
        pipeline.set_source(_reopened(first, source, realtime, loop))
        try:
            while not pipeline.ended.wait(TICK) and pipeline.status.recording:
                pass
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)
        message = pipeline.status.message
        count, seen = pipeline.frames_done, pipeline.frames_with_person
        pipeline.stop_recording()
    if new and not count:
        shutil.rmtree(out, ignore_errors=True)
    else:
        share = 100 * seen / max(count, 1)
        print(f"{out}: {count} frames, a person in {seen} ({share:.1f} %)")
    if message:
        print(f"sandglass: {message}", file=sys.stderr)
    return 2 if message else 0


def watch(
    source: str | None,
    backbone: str | None,
    runtime: str,
    screenshot: Path | None,
    frames: int | None,
) -> int:
    """Estimate every frame once and say what was seen; the last one drawn to ``screenshot``."""
    if source is None:
        cameras = list_cameras()
        source = cameras[0].name if cameras else DEMO
        if not cameras:
            print("No camera found: the demo clip is used.", file=sys.stderr)
    estimator = open_estimator(backbone or DEFAULT_BACKBONE, runtime)
    first = open_source(source, realtime=False)
    last: PoseResult | None = None
    with Pipeline(lossless=not first.live, limit=frames) as pipeline:
        pipeline.use(estimator)
        pipeline.set_source(_reopened(first, source, realtime=False, loop=False))
        try:
            while not pipeline.ended.wait(TICK):
                last = pipeline.results.take() or last
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)
        last = pipeline.results.take() or last
        status = pipeline.status
        count, seen = pipeline.frames_done, pipeline.frames_with_person
    share = 100 * seen / max(count, 1)
    print(f"{first.description}: {count} frames, a person in {seen} ({share:.1f} %), ", end="")
    print(f"{status.backbone} on {status.runtime} {status.precision}")
    if screenshot and last:
        cv2.imwrite(str(screenshot), cv2.cvtColor(draw(last), cv2.COLOR_RGB2BGR))
    if status.message:
        print(f"sandglass: {status.message}", file=sys.stderr)
    return 2 if status.message else 0


def draw(result: PoseResult, threshold: float = EstimatorSettings.threshold) -> np.ndarray:
    """A copy of the frame, (H, W, 3) uint8 RGB, with the skeletons over it."""
    image = result.frame.image.copy()
    for person in result.people:
        pose = person.pose2d
        points = pose.keypoints.round().astype(int)
        for a, b in pose.skeleton.bone_indices:
            if min(pose.scores[a], pose.scores[b]) >= threshold:
                cv2.line(
                    image, points[a].tolist(), points[b].tolist(), (255, 220, 60), 2, cv2.LINE_AA
                )
    return image


def _reopened(
    first: FrameSource, source: str, realtime: bool, loop: bool
) -> Callable[[], FrameSource]:
    """Gives the source that is open already, then, when it was lost, new ones."""
    waiting = [first]
    return lambda: waiting.pop() if waiting else open_source(source, realtime=realtime, loop=loop)
