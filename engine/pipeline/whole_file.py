"""Every frame of a video or of pictures becomes a take, as fast as it goes: nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.estimator import EstimatorSettings, PoseEstimator
from engine.pipeline.pipeline import Pipeline
from engine.session.journal import SessionError
from engine.sources.capture import open_source

TICK = 0.2  # seconds between two looks at how far it is


def record_whole(
    source: str,
    folder: Path,
    estimator: PoseEstimator,
    settings: EstimatorSettings,
    *,
    video: bool = False,
    notes: str = "",
    progress: Callable[[float], None] = lambda share: None,
) -> int:
    """Record the file from its first frame to its last into ``folder``; returns how many they were.

    The estimator is closed. progress: told the share done, 0 … 1, of what the file says it has;
    what it raises ends the take, which keeps what it has so far. Raises SourceError and, where the
    take cannot be written, SessionError.
    """
    with Pipeline(settings=settings, lossless=True) as pipeline:
        pipeline.use(estimator)
        file = open_source(source, realtime=False)
        pipeline.start_recording(
            folder, video, source=file.description, rate=file.rate, notes=notes
        )
        pipeline.set_source(lambda: file)
        while not pipeline.ended.wait(TICK) and pipeline.status.recording:
            progress(min(pipeline.frames_done / max(file.frames, 1), 1.0))
    if pipeline.status.message:
        raise SessionError(pipeline.status.message)
    return pipeline.frames_done
