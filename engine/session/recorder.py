"""Writes a take while it happens: poses to a journal, pictures to a video, each in its own thread.

Poses are never dropped; pictures are, and are counted, before memory grows. Knows no pipeline and
no Qt: the window's button and ``python main.py record`` hand it the same results.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

from engine.session.disk import DiskSpace, DiskWatch, free_space
from engine.session.entry import Entry, Event, entry_of
from engine.session.finish import Summary, finish
from engine.session.journal import JOURNAL, Header, Journal, SessionError, reason
from engine.session.recording import POSES, SESSION
from engine.session.video import VIDEO, VideoWriter
from engine.session.writer_thread import WriterThread
from engine.skeleton import H36M17, Skeleton
from engine.types import Frame, PoseResult

log = logging.getLogger(__package__)

PICTURE_BYTES = 64 << 20  # may wait for the encoder: memory
PICTURE_SECONDS = 0.25  # may wait for the encoder: a kill loses them, and the open cluster


class Recorder:
    """One take in one folder, from its construction until ``close``; a context manager.

    ``write`` belongs to one thread; everything else may be asked from any. When a writer fails
    (disk full, folder removed, encoder error) the take stops at once: ``recording`` turns False,
    ``error`` says why in one line, what was written stays, and ``close`` still finishes it. So it
    does when the disk is nearly full.
    """

    def __init__(
        self,
        folder: Path,
        *,
        skeleton: Skeleton,
        about: Mapping[str, Any],
        video: bool = False,
        patient: bool = False,
        free: Callable[[Path], int] = free_space,
    ) -> None:
        """Create ``folder`` with a journal in it.

        skeleton: of the 2D poses to come.
        about: ``source``, its ``rate``, ``backbone``, ``lifter``, ``runtime``, ``take``, ``notes``;
        all of them stand in session.json.
        video: whether the pictures are kept too, as they came.
        patient: ``write`` waits for the encoder, for sources that wait too; else pictures drop.
        free: bytes free where a folder is.
        Raises SessionError: not writable, disk full, or a session is there already.
        """
        self.folder = folder
        self.error: str | None = None
        self.frames = 0
        self.pictures_dropped = 0
        self._skeleton, self._about, self._patient = skeleton, dict(about), patient
        self._closed = False
        self._closing = Lock()
        self._summary: Summary | None = None
        if video:
            self._about["video"] = "raw"  # older takes may have the skeleton drawn into it
        journal, self._disk = _begin(folder, _header(skeleton, self._about), free)
        self._poses: WriterThread[Entry | Event] = WriterThread(
            _Watched(journal, self._disk), self._stop
        )
        self._video = VideoWriter(folder / VIDEO, about.get("rate") or 30.0)
        self._pictures: WriterThread[Frame] | None = (
            WriterThread(self._video, self._stop) if video else None
        )
        log.info("Take begun: %s, video: %s", folder, video)

    @property
    def recording(self) -> bool:
        """Whether the next ``write`` will be kept."""
        return self.error is None and not self._closed

    @property
    def disk(self) -> DiskSpace:
        """What is left on the disk, as it was a second ago."""
        return self._disk.space

    def write(self, result: PoseResult, about: Mapping[str, Any] | None = None) -> None:
        """Queue one frame's result. Does nothing once the take has ended.

        about: what holds from this frame on; what changed by that becomes an event.
        """
        if not self.recording:
            return
        frame = result.frame
        for name, value in (dict(about or {}) | {"backbone": result.backbone}).items():
            if self._about.get(name) != value:
                self._about[name] = value
                self._poses.put({"event": name, "frame": frame.index, name: value})
        self._poses.put(entry_of(result, self._skeleton, self._offer(result)))
        self.frames += 1

    def _offer(self, result: PoseResult) -> bool | None:
        if self._pictures is None:
            return None
        most = -(-PICTURE_BYTES // result.frame.image.nbytes)
        if not self._pictures.has_room(most, PICTURE_SECONDS, wait=self._patient):
            self.pictures_dropped += 1
            return False
        self._pictures.put(result.frame)
        return True

    def _stop(self, error: Exception) -> None:
        self.error = self.error or f"Recording stopped: {reason(error)} ({self.folder})."
        log.error(self.error, exc_info=error)

    def close(self) -> Summary:
        """End the take and finish the session; asked again it gives the same answer.

        Takes seconds after an hour's take: not for the thread that paints.
        Raises SessionError where the session cannot be finished; its journal then stays.
        """
        self._closed = True
        with self._closing:
            self._poses.end()
            if self._pictures is not None:
                self._pictures.end()
            if self._summary is None:
                pictures = self._video.pictures
                self._summary = finish(self.folder, pictures=pictures, error=self.error)
            return self._summary

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _Watched:
    """A journal on a disk that is looked at as it grows."""

    def __init__(self, journal: Journal, disk: DiskWatch) -> None:
        self._journal, self._disk, self.close = journal, disk, journal.close

    def write(self, item: Entry | Event) -> None:
        self._journal.write(item)
        self._disk.look()


def _header(skeleton: Skeleton, about: Mapping[str, Any]) -> Header:
    return Header(
        about=dict(about),
        skeleton=skeleton.name,
        keypoint_names=skeleton.keypoints,
        joint_names=H36M17.keypoints,
        started=datetime.now().astimezone().isoformat(timespec="milliseconds"),
        monotonic=time.monotonic(),
    )


def _begin(folder: Path, header: Header, free: Callable[[Path], int]) -> tuple[Journal, DiskWatch]:
    """Make the folder and its journal, or leave no trace."""
    new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (JOURNAL, POSES, SESSION, VIDEO):
            if (folder / name).exists():
                raise SessionError(
                    f"{folder} already holds a session ({name}); choose another folder."
                )
        disk = DiskWatch(folder, free)
        return Journal(folder / JOURNAL, header), disk
    except OSError as error:
        if new and folder.exists():
            folder.rmdir()
        raise SessionError(
            f"Cannot record into {folder}: {reason(error)}; choose another folder."
        ) from error
