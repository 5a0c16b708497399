"""Writes a take while it happens: poses to a journal, pictures to a video, each in its own thread.

Poses are never dropped; pictures are, and are counted, before memory grows. Knows no pipeline and
no Qt: the window's button and ``python main.py record`` hand it the same results.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import Generic, Protocol, TypeVar

import numpy as np

from engine.session.finish import Summary, finish
from engine.session.journal import JOURNAL, Entry, Event, Header, Journal, SessionError, reason
from engine.session.recording import POSES, SESSION
from engine.session.video import VIDEO, VideoWriter
from engine.skeleton import H36M17, Skeleton
from engine.types import Frame, Person, PoseResult

PICTURE_BYTES = 64 << 20  # may wait for the encoder: at 30 fps 2 s of 640x480, 0.8 s of 1280x720

T = TypeVar("T")
T_in = TypeVar("T_in", contravariant=True)


class Sink(Protocol[T_in]):
    def write(self, item: T_in, /) -> None: ...
    def close(self) -> None: ...


class _Lane(Generic[T]):
    """A queue, and the thread that empties it into one sink until ``end`` or until that fails."""

    def __init__(self, sink: Sink[T], failed: Callable[[Exception], None]) -> None:
        self._sink = sink
        self._failed = failed
        self._items: SimpleQueue[T | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name=f"{type(sink).__name__} lane", daemon=True)
        self._thread.start()

    def put(self, item: T) -> None:
        self._items.put(item)

    def waiting(self) -> int:
        return self._items.qsize()

    def end(self) -> None:
        """Returns when all that was put is written and the sink is closed."""
        self._items.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            with closing(self._sink):
                while (item := self._items.get()) is not None:
                    self._sink.write(item)
        except Exception as error:  # of any kind: it must never look like recording when it is not
            self._failed(error)


class Recorder:
    """One take in one folder, from its construction until ``close``; a context manager.

    ``write`` belongs to one thread; everything else may be asked from any. When a writer fails
    (disk full, folder removed, encoder error) the take stops at once: ``recording`` turns False,
    ``error`` says why in one line, what was written stays, and ``close`` still finishes it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        skeleton: Skeleton,
        about: Mapping[str, object],
        video: bool = False,
        fps: float = 30.0,
    ) -> None:
        """Create ``folder`` with a journal in it.

        skeleton: of the 2D poses to come.
        about: source, backbone, lifter, runtime, smoothing, camera mode.
        fps: the rate to expect, a hint to the video encoder; times come from the frames.
        Raises SessionError: not writable, disk full, or a session is there already.
        """
        self.folder = folder
        self.error: str | None = None
        self.frames = 0
        self.pictures_dropped = 0
        self._skeleton = skeleton
        self._backbone = about.get("backbone")
        self._closed = False
        self._closing = Lock()
        self._summary: Summary | None = None
        journal = _create_journal(folder, skeleton, about)
        self._poses: _Lane[Entry | Event] = _Lane(journal, self._stop)
        self._video = VideoWriter(folder / VIDEO, fps)
        self._pictures: _Lane[Frame] | None = _Lane(self._video, self._stop) if video else None

    @property
    def recording(self) -> bool:
        """Whether the next ``write`` will be kept."""
        return self.error is None and not self._closed

    def write(self, result: PoseResult) -> None:
        """Queue one frame's result; never waits. Does nothing once the take has ended."""
        if not self.recording:
            return
        if result.backbone != self._backbone:
            self._backbone = result.backbone
            switch = {"event": "backbone", "frame": result.frame.index, "backbone": result.backbone}
            self._poses.put(switch)
        person = result.people[0] if result.people else None
        arrays = _person_arrays(person, self._skeleton)
        picture = self._offer(result.frame)
        self._poses.put(Entry(result.frame.timestamp, result.frame.index, arrays, picture))
        self.frames += 1

    def _offer(self, frame: Frame) -> bool | None:
        if self._pictures is None:
            return None
        if self._pictures.waiting() * frame.image.nbytes >= PICTURE_BYTES:
            self.pictures_dropped += 1
            return False
        self._pictures.put(frame)
        return True

    def _stop(self, error: Exception) -> None:
        self.error = self.error or f"Recording stopped: {reason(error)} ({self.folder})."

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


def _create_journal(folder: Path, skeleton: Skeleton, about: Mapping[str, object]) -> Journal:
    header = Header(
        about=dict(about),
        skeleton=skeleton.name,
        keypoint_names=skeleton.keypoints,
        joint_names=H36M17.keypoints,
        started=datetime.now().astimezone().isoformat(timespec="milliseconds"),
        monotonic=time.monotonic(),
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (JOURNAL, POSES, SESSION, VIDEO):
            if (folder / name).exists():
                raise SessionError(
                    f"{folder} already holds a session ({name}); choose another folder."
                )
        return Journal(folder / JOURNAL, header)
    except OSError as error:
        raise SessionError(
            f"Cannot record into {folder}: {reason(error)}; choose another folder."
        ) from error


def _person_arrays(person: Person | None, skeleton: Skeleton) -> dict[str, np.ndarray | None]:
    """What of a person is recorded; 2D only in the take's own skeleton."""
    names = ("box", "keypoints2d", "scores2d", "joints3d")
    arrays: dict[str, np.ndarray | None] = dict.fromkeys(names)
    if person is None:
        return arrays
    box, pose2d, pose3d = person.box, person.pose2d, person.pose3d
    arrays["box"] = np.array([box.x1, box.y1, box.x2, box.y2, box.score])
    if pose2d.skeleton.keypoints == skeleton.keypoints:
        arrays |= {"keypoints2d": pose2d.keypoints, "scores2d": pose2d.scores}
    if pose3d is not None:
        arrays["joints3d"] = pose3d.keypoints
    return arrays
