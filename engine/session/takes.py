"""One take after the other: begun, fed, ended, and finished in the background.

Knows recorders and folders, no pipeline: that hands over results and asks how things stand.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

from engine.session.disk import DiskSpace
from engine.session.finish import Summary
from engine.session.journal import SessionError
from engine.session.recorder import Recorder
from engine.skeleton import Skeleton
from engine.types import PoseResult

log = logging.getLogger(__package__)

_TAKE = re.compile(r".*_take-(\d{1,6})")


def new_take_folder(records: Path) -> Path:
    """A name for the next take in ``records``: ``2026-01-31_09-05-00_take-04``; made by nobody yet.

    Its number is one more than the highest there, so it is unique however clocks are set.
    """
    taken = [take_number(path) or 0 for path in records.glob("*_take-*")]
    number = max(taken, default=0) + 1
    return records / f"{datetime.now():%Y-%m-%d_%H-%M-%S}_take-{number:02d}"


def take_number(folder: Path) -> int | None:
    """The number in a take's folder name; None where there is none."""
    match = _TAKE.fullmatch(folder.name)
    return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class FinishedTake:
    folder: Path
    summary: Summary  # ``summary.verdict`` is the word on it


class Takes:
    """At most one take at a time. ``write`` and ``look_after`` belong to one thread."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """say: told when a take is finished: what went wrong with it, in one line, or nothing."""
        self.last: FinishedTake | None = None
        self._say = say
        self._recorder: Recorder | None = None
        self._finishing: list[Thread] = []

    @property
    def folder(self) -> Path | None:
        """Of the take that is being written; None where nothing is."""
        recorder = self._recorder
        return recorder.folder if recorder and recorder.recording else None

    @property
    def frames(self) -> int:
        recorder = self._recorder
        return recorder.frames if recorder else 0

    @property
    def disk(self) -> DiskSpace | None:
        recorder = self._recorder
        return recorder.disk if recorder else None

    def start(
        self,
        folder: Path,
        skeleton: Skeleton,
        about: Mapping[str, Any],
        video: bool,
        patient: bool,
    ) -> None:
        """Raises SessionError."""
        if self._recorder:
            raise SessionError(f"A take is being recorded already: {self._recorder.folder}.")
        number = take_number(folder)
        about = dict(about) | ({} if number is None else {"take": number})
        self._recorder = Recorder(
            folder, skeleton=skeleton, about=about, video=video, patient=patient
        )

    def write(self, result: PoseResult, about: Callable[[], Mapping[str, Any]]) -> None:
        if recorder := self._recorder:
            recorder.write(result, about())

    def look_after(self) -> None:
        """End a take that has stopped by itself."""
        if (recorder := self._recorder) and recorder.error:
            self.stop()

    def stop(self) -> Path | None:
        """Finish the take in the background; returns its folder."""
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return None
        thread = Thread(target=self._finish, args=(recorder,), name="finish")
        self._finishing.append(thread)
        thread.start()
        return recorder.folder

    def _finish(self, recorder: Recorder) -> None:
        problems = []
        try:
            self.last = FinishedTake(recorder.folder, recorder.close())
        except (OSError, ValueError) as error:
            log.exception("%s is not finished", recorder.folder)
            problems = [str(error)]
        if recorder.error:
            problems.insert(0, recorder.error)
        self._say(" ".join(problems))

    def close(self) -> None:
        """Returns when the last take is finished."""
        self.stop()
        for thread in self._finishing:
            thread.join()
