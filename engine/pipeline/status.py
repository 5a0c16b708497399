"""What a pipeline says of itself. Plain values: whoever shows them knows no threads."""

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
    """Everything a window or a terminal says about the pipeline; replaced as a whole."""

    source: str = ""
    given: str | int | None = None  # that source, as set_source was given it
    opening: str | int | None = None  # the one that is to replace it
    failed: str | int | None = None  # the one that was given last, where it did not open
    source_rate: float = 0.0  # frames a second it says it gives; 0 where it does not
    source_state: SourceState = "none"
    message: str = ""  # one line for the banner
    skipped: str = ""  # what of the source could not be read and was passed over
    backbone: str = ""
    lifter: str = ""
    runtime: str = ""
    device: str = ""
    precision: str = ""
    note: str = ""  # one line where that is not the form that was asked for
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


class Standing:
    """The status of a pipeline, which its parts change from their threads."""

    def __init__(self, notify: Callable[[], None]) -> None:
        """notify: a bell, rung after each change."""
        self.status, self.notify = PipelineStatus(), notify
        self._lock = threading.Lock()

    def say(self, **changes: object) -> None:
        with self._lock:
            self.status = replace(self.status, **changes)  # type: ignore[arg-type]
        self.notify()
