"""Without a window: record to a session folder, rerun one, or watch a source and report."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2

from app.choice import choose
from app.progress import ProgressLine
from app.signals import BAD_INPUT, Ended
from engine.estimator import DEFAULT_LIFTER, EstimatorSettings, PoseEstimator, open_estimator
from engine.live_out.sender import open_live_out
from engine.overlay import with_overlay
from engine.pipeline.pipeline import Pipeline
from engine.pipeline.status import PipelineStatus
from engine.session import rerun as again
from engine.session.export import export
from engine.sources.capture import DEMO, FrameSource, check_source, list_cameras, open_source
from engine.space.room import RoomSettings
from engine.types import PoseResult

TICK = 0.2  # seconds between two looks at the pipeline
NOT_SAVED = "{} could not be written: is it a .png in a folder that exists?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimation:
    """What is estimated of what: the values of ``app.options.estimation``.

    backbone: None for the choice of app.choice, which is printed. size, fps: asked of a camera.
    room: what is typed of it.
    """

    source: str
    backbone: str | None
    lifter: str | None
    runtime: str
    precision: str
    size: tuple[int, int] | None
    fps: float | None
    people: int | None
    room: RoomSettings
    osc: str | None
    websocket: str | None

    @property
    def settings(self) -> EstimatorSettings:
        return EstimatorSettings(people=self.people or EstimatorSettings.people, room=self.room)


def record(
    given: Estimation,
    *,
    out: Path,
    frames: int | None,
    video: str | None,
    realtime: bool,
    loop: bool,
    notes: str,
    smoothing: float | None,
    threshold: float | None,
) -> int:
    """Record until the source ends, ``frames`` are taken or a signal comes; returns the exit code.

    smoothing, threshold: of live out. video: ``raw``, ``overlay`` for an export with the skeleton
    drawn into it beside that, or None. Raises SourceError, ModelError, RuntimeUnavailableError,
    LiveOutError or SessionError before it writes; Ended when the take that a signal ended is
    finished.
    """
    settings = settings_of_live_out(given.settings, smoothing, threshold)
    ended = None
    with _opened(given, settings, frames, realtime, loop) as (pipeline, source, begin):
        new = not out.exists()
        try:
            pipeline.start_recording(
                out, bool(video), source=source.description, rate=source.rate, notes=notes
            )
            begin()
            _wait(pipeline, frames)
        except Ended as signal:
            ended = signal
    status = pipeline.status
    if new and not pipeline.frames_done:
        shutil.rmtree(out, ignore_errors=True)
    else:
        print(f"{out}: {_seen(pipeline)}, {_ran(status)}")
    if status.last_take and pipeline.frames_done:
        print(status.last_take.summary.verdict)
    code = _told(status)
    if video == "overlay" and pipeline.frames_done and not code:
        print(*export(out, "mp4"))
    if ended:
        raise ended
    return code


@contextmanager
def _opened(
    given: Estimation,
    settings: EstimatorSettings,
    frames: int | None,
    realtime: bool = False,
    loop: bool = False,
) -> Iterator[tuple[Pipeline, FrameSource, Callable[[], None]]]:
    """The pipeline with its networks, the source, and what makes the one read the other."""
    check_source(given.source)
    estimator = _open(given.backbone, given.runtime, given.lifter, given.precision)
    reopen = partial(
        open_source, given.source, realtime=realtime, loop=loop, size=given.size, rate=given.fps
    )
    first = reopen()
    lossless = not first.live and not realtime
    with Pipeline(settings=settings, lossless=lossless, limit=frames) as pipeline:
        pipeline.use(estimator)
        pipeline.set_live_out(open_live_out(given.osc, given.websocket))
        yield pipeline, first, partial(pipeline.set_source, _reopened(first, reopen))


def _told(status: PipelineStatus) -> int:
    """Print what went wrong and what was skipped; returns the exit code."""
    for line in filter(None, (status.skipped, status.message)):
        print(f"sandglass: {line}", file=sys.stderr)
    return BAD_INPUT if status.message else 0


def _wait(pipeline: Pipeline, frames: int | None) -> None:
    """Wait until the source or the take ends; shows progress, and warns once of a full disk."""
    told = False
    with ProgressLine("frames", frames) as progress:
        while not pipeline.ended.wait(TICK) and (status := pipeline.status).recording:
            progress(pipeline.frames_done)
            if status.disk and status.disk.low and not told:
                told = True
                print(f"sandglass: The disk runs full: {status.disk}.", file=sys.stderr)


def _seen(pipeline: Pipeline) -> str:
    count, seen = pipeline.frames_done, pipeline.frames_with_person
    return f"{count} frames, a person in {seen} ({100 * seen / max(count, 1):.1f} %)"


def _ran(status: PipelineStatus) -> str:
    return f"{status.backbone} on {status.runtime} {status.precision}"


def rerun(
    *,
    session: Path,
    backbone: str,
    lifter: str | None,
    runtime: str,
    precision: str,
    overwrite: bool,
) -> int:
    """Run a take's video through another backbone; returns the exit code.

    Raises ModelError, RuntimeUnavailableError or SessionError; ended by a signal nothing is
    written.
    """
    estimator = _open(backbone, runtime, lifter, precision)
    with closing(estimator), ProgressLine("%", 100) as progress:
        done = again.rerun(
            session,
            estimator,
            overwrite=overwrite,
            progress=lambda share: progress(100 * share),
        )
    print(f"{session}, {backbone}: {done}")
    return 0


def watch(given: Estimation, *, screenshot: Path | None, frames: int | None) -> int:
    """Estimate every frame once and say what was seen; the last one drawn to ``screenshot``.

    Raises as `record` does.
    """
    last: PoseResult | None = None
    ended = None
    with _opened(given, given.settings, frames) as (pipeline, source, begin):
        begin()
        try:
            while not pipeline.ended.wait(TICK):
                last = pipeline.results.take() or last
        except Ended as signal:
            ended = signal
        last = pipeline.results.take() or last
        status = pipeline.status
    print(f"{source.description}: {_seen(pipeline)}, {_ran(status)}")
    code = _told(status)
    if screenshot and last and not _saved(last, screenshot):
        print(NOT_SAVED.format(screenshot), file=sys.stderr)
        code = BAD_INPUT
    if ended:
        raise ended
    return code


def _saved(result: PoseResult, path: Path) -> bool:
    image = cv2.cvtColor(with_overlay(result, EstimatorSettings.threshold), cv2.COLOR_RGB2BGR)
    try:
        return cv2.imwrite(str(path), image)
    except cv2.error:  # no kind of picture ends so
        return False


def first_camera() -> str:
    """The name of the first camera, or, saying so, the demo clip."""
    if cameras := list_cameras():
        return cameras[0].name
    print("No camera found: the demo clip is used.", file=sys.stderr)
    return DEMO


def _open(backbone: str | None, runtime: str, lifter: str | None, precision: str) -> PoseEstimator:
    if backbone is None:
        choice = choose()
        backbone = choice.backbone
        print(f"{choice} Another: --backbone NAME.")
    lifter = lifter or DEFAULT_LIFTER
    estimator = open_estimator(backbone, runtime, lifter=lifter, precision=precision)
    if estimator.note:
        print(f"sandglass: {estimator.note}", file=sys.stderr)
    return estimator


def settings_of_live_out(
    settings: EstimatorSettings, smoothing: float | None, threshold: float | None
) -> EstimatorSettings:
    """The settings with those of live out, if given; prints that they do not change the take."""
    given = {"smoothing": smoothing, "threshold": threshold}
    words = [f"--{name}" for name, value in given.items() if value is not None]
    if words:
        line = f"sandglass: {' and '.join(words)}: of live out only, the take is raw."
        print(line, file=sys.stderr)
    return replace(
        settings,
        smoothing=settings.smoothing if smoothing is None else smoothing,
        threshold=settings.threshold if threshold is None else threshold,
    )


def _reopened(first: FrameSource, reopen: Callable[[], FrameSource]) -> Callable[[], FrameSource]:
    """Gives the source that is open already, then, when it was lost, new ones."""
    waiting = [first]
    return lambda: waiting.pop() if waiting else reopen()
