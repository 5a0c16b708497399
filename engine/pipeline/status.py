"""The status of a pipeline: plain values, for windows and terminals to show."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from engine.session.disk import DiskSpace
from engine.session.takes import FinishedTake

SourceState = Literal["none", "opening", "running", "lost", "ended"]


@dataclass(frozen=True)
class PipelineStatus:
    """What is known of the pipeline at one moment; replaced as a whole."""

    source: str = ""
    given: str | int | None = None  # that source, as set_source was given it
    opening: str | int | None = None  # the one that is to replace it
    failed: str | int | None = None  # the one that was given last, where it did not open
    source_rate: float = 0.0  # nominal frames a second; 0 where unknown
    source_state: SourceState = "none"
    message: str = ""  # one line for the banner
    skipped: str = ""  # parts of the source that could not be read
    backbone: str = ""
    lifter: str = ""
    runtime: str = ""
    device: str = ""
    precision: str = ""
    note: str = ""  # one line where the model runs otherwise than was asked for
    loading: str = ""  # the backbone being loaded
    capture_fps: float = 0.0
    inference_fps: float = 0.0
    inference_ms: float = 0.0
    dropped: int = 0  # of the source that runs
    recording: Path | None = None  # the take that is being written
    recorded_frames: int = 0
    disk: DiskSpace | None = None  # while recording
    last_take: FinishedTake | None = None
    live_out: str = ""  # where results are sent: "OSC to …, WebSocket on …"
    live_clients: int = 0  # WebSocket clients


class SharedStatus:
    """The status of a pipeline, replaced by its parts from their threads."""

    def __init__(self, notify: Callable[[], None]) -> None:
        """notify: called after each change, in the thread that made it."""
        self.status, self.notify = PipelineStatus(), notify
        self._lock = threading.Lock()

    def update(self, **changes: object) -> None:
        with self._lock:
            self.status = replace(self.status, **changes)  # type: ignore[arg-type]
        self.notify()
