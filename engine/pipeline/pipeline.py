"""Source → estimator → results, live: with sources/reader_thread.py the only threads between.

A thread reads the source, one thread estimates, one-slot mailboxes lie between them, so a slow part
never makes a queue. Knows no Qt: ``notify`` is a bell without content.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.estimator import DEFAULT_LIFTER, EstimatorSettings, PoseEstimator, open_estimator
from engine.live_out.sender import LiveOut
from engine.mailbox import Mailbox
from engine.pipeline.status import PipelineStatus
from engine.session.journal import SessionError
from engine.session.takes import Takes
from engine.sources.capture import FrameSource, open_source
from engine.sources.reader_thread import ReaderThread
from engine.timing import ALONE, Rate
from engine.types import Frame, PoseResult

log = logging.getLogger(__package__)


Source = str | int | Callable[[], FrameSource]
Point = tuple[float, float]  # pixels of a frame

RETRY = 1.0  # seconds between attempts to reconnect
NOBODY_STRAIGHT = (
    "Not levelled: nobody has stood straight, seen from head to feet, for the last two seconds."
)
CLOSING = 2.0  # seconds that a camera may take to close
POLL = 0.1  # seconds in which the estimating thread looks around when no frame comes


class Pipeline:
    """Runs until closed. Every method returns at once and may be called from any thread.

    notify: called from a worker thread after each result and each change of status.
    lossless: every frame is estimated, as fast as it goes (for files); else the newest only.
    limit: stop after so many frames. size, rate: asked of cameras, W, H and frames a second.
    """

    def __init__(
        self,
        *,
        settings: EstimatorSettings | None = None,
        notify: Callable[[], None] = lambda: None,
        lossless: bool = False,
        limit: int | None = None,
        size: tuple[int, int] | None = None,
        rate: float | None = None,
        open_estimator: Callable[..., PoseEstimator] = open_estimator,
    ) -> None:
        self.settings = settings or EstimatorSettings()
        self.held = False  # while True, frames are taken and nobody looks at them
        self.results: Mailbox[PoseResult] = Mailbox()
        self.ended = threading.Event()
        self._notify, self._lossless, self._limit = notify, lossless, limit
        self._asked: dict[str, Any] = {"size": size, "rate": rate}
        self._open_estimator = open_estimator
        self._frames: Mailbox[Frame] = Mailbox()
        self._lock = threading.Lock()
        self._status = PipelineStatus()
        self._reader: ReaderThread | None = None  # the one that is shown
        self._next_reader: ReaderThread | None = None  # the one that is to replace it
        self._newest: Frame | None = None  # that was delivered
        self._new_source = False
        self._dropped_before = 0  # frames of the sources that ran before
        self._source_message = ""
        self._retry: Callable[[], FrameSource] | None = None  # opens a lost source again
        self._retry_at = 0.0
        self._estimator: PoseEstimator | None = None
        self._loaded: PoseEstimator | None = None  # waits to be swapped in
        self._wish = 0  # counts set_backbone calls: the newest wins
        self._wished = ("", "auto")  # backbone and runtime of the newest
        self._granted = 0  # the wish whose estimator was loaded last
        self._lifter = DEFAULT_LIFTER  # that goes with the next backbone
        self._level_asked = False
        self._choices: deque[Point | None] = deque(maxlen=1)  # of the subject, the newest
        self._takes = Takes(say=self._say_of_take)
        self._live_out: LiveOut | None = None
        self._loaders: list[threading.Thread] = []
        self._rate, self._inference_ms = Rate(), 0.0
        self.frames_done = self.frames_with_person = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="estimate", daemon=True)
        self._thread.start()

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def status(self) -> PipelineStatus:
        reader, takes, live_out = self._reader, self._takes, self._live_out
        return replace(
            self._status,
            capture_fps=reader.rate() if reader else 0.0,
            skipped=reader.skipped if reader else "",
            inference_fps=self._rate(),
            inference_ms=self._inference_ms,
            dropped=self._frames.dropped - self._dropped_before,
            recording=takes.folder,
            recorded_frames=takes.frames,
            disk=takes.disk,
            last_take=takes.last,
            live_out=str(live_out or ""),
            live_clients=live_out.clients if live_out else 0,
        )

    def _say(self, **changes: object) -> None:
        with self._lock:
            self._status = replace(self._status, **changes)  # type: ignore[arg-type]
        self._notify()

    def _say_of_source(self, message: str, **changes: object) -> None:
        """Say what is over when the next source runs."""
        self._source_message = message
        if message:
            log.warning(message)
        self._say(message=message, **changes)

    # --- what to run ---------------------------------------------------------------------------

    def ask_cameras(self, size: tuple[int, int], rate: float) -> None:
        """W, H and frames a second of the cameras that are opened from now on."""
        self._asked = {"size": size, "rate": rate}

    def set_source(
        self,
        source: Source,
        *,
        realtime: bool = True,
        loop: bool = True,
        between: Callable[[], None] | None = None,
    ) -> None:
        """Open another source in the background; the present one goes on until it gives pictures.

        source: what ``open_source`` takes, or a function that opens one. between: called once the
        present one is closed, before this one is opened: it may be the same camera.
        """
        waiting = [between] if between else []

        def opener() -> FrameSource:
            if waiting:
                if present := self._reader:
                    present.abandoned = True
                    present.thread.join(CLOSING)
                waiting.pop()()
            if callable(source):
                return source()
            return open_source(source, realtime=realtime, loop=loop, **self._asked)

        state = {"source_state": "opening"} if self._reader is None else {}
        given = None if callable(source) else source
        self._say(opening=given, failed=None, **state)
        self._try(opener, changes=1)

    def _try(self, opener: Callable[[], FrameSource], changes: int) -> None:
        with self._lock:
            if self._next_reader:
                self._next_reader.abandoned = True
            self._next_reader = ReaderThread(opener, changes, self._deliver)
            self._next_reader.start()

    def set_backbone(self, name: str, runtime: str = "auto") -> None:
        """Load and warm a backbone in the background, then swap it in and free the old one."""
        self._wish += 1
        wish, self._wished = self._wish, (name, runtime)
        self._say(loading=name)
        loader = threading.Thread(
            target=self._load, args=(name, runtime, wish), name="load", daemon=True
        )
        self._loaders = [other for other in self._loaders if other.is_alive()] + [loader]
        loader.start()

    def set_lifter(self, name: str) -> None:
        """Use another lifter, with the backbone that runs and with those to come."""
        self._lifter = name
        if self._wished[0]:
            self.set_backbone(*self._wished)

    def _load(self, name: str, runtime: str, wish: int) -> None:
        try:
            estimator = self._open_estimator(name, runtime, self.settings, self._lifter)
        except (ValueError, RuntimeError, OSError) as error:
            if wish == self._wish:
                log.exception("'%s' is not loaded", name)
                self._lifter = self._status.lifter or DEFAULT_LIFTER
                self._say(loading="", message=str(error))
            return
        if wish == self._wish and not self._closing:
            self._granted = wish
            self.use(estimator)
        else:
            estimator.close()

    def use(self, estimator: PoseEstimator) -> None:
        """Swap in an estimator that is loaded already; the pipeline owns it from now on."""
        with self._lock:
            unwanted, self._loaded = self._loaded, estimator
        if unwanted:
            unwanted.close()

    def level(self) -> None:
        """Take pitch and roll of the camera from who has stood straight before it for the last two
        seconds; ``settings.room`` has them then, or the status says that nobody did."""
        self._level_asked = True

    def choose_subject(self, point: Point | None) -> None:
        """The person at that place is the subject from the next frame on; None: the nearest is."""
        self._choices.append(point)

    # --- recording and sending -----------------------------------------------------------------

    def start_recording(
        self,
        folder: Path,
        video: bool = False,
        *,
        source: str = "",
        rate: float = 0.0,
        notes: str = "",
    ) -> None:
        """Write results to a session folder from the next one on. Raises SessionError.

        folder: see ``new_take_folder``. source, rate: where the source does not run yet.
        notes: free text that stays with the session; ``set_notes`` changes it afterwards.
        """
        estimator = self._loaded or self._estimator
        if estimator is None:
            raise SessionError("Nothing to record yet: no backbone is running.")
        estimator.settings = self.settings
        about = self._about(estimator) | {"notes": notes}
        about["source"] = source or about["source"]
        about["rate"] = rate or about["rate"]
        skeleton = estimator.backbone.spec.skeleton
        self._takes.start(folder, skeleton, about, video, patient=self._lossless)
        self._notify()

    def _about(self, estimator: PoseEstimator) -> dict[str, Any]:
        """What a take should know of where its results come from."""
        status = self._status
        return {"source": status.source, "rate": status.source_rate, **estimator.about()}

    def stop_recording(self) -> Path | None:
        """Finish the take in the background; returns its folder. ``status.last_take`` follows."""
        folder = self._takes.stop()
        self._notify()
        return folder

    def _say_of_take(self, message: str) -> None:
        if message:
            self._say(message=message)
        else:
            self._notify()

    def set_live_out(self, live_out: LiveOut | None) -> None:
        """Send results there from the next one on, or nowhere; the pipeline owns it from now on.

        What was there is closed, which takes a second where a client does not answer; to listen at
        the same port again, set None first.
        """
        with self._lock:
            old, self._live_out = self._live_out, live_out
        if old:
            old.close()

    # --- the threads ---------------------------------------------------------------------------

    def _deliver(self, reader: ReaderThread, frame: Frame) -> None:
        """Called by readers, in their threads."""
        if reader is self._next_reader and reader.changes >= reader.changes_needed:
            self._adopt(reader, frame)
        if reader is self._reader:
            self._newest = frame = replace(frame, index=frame.index + reader.shift)
            self._frames.put(frame, wait=self._lossless)

    def _adopt(self, reader: ReaderThread, frame: Frame) -> None:
        """The next reader gives pictures: it becomes the one that is shown."""
        with self._lock:
            if reader is not self._next_reader:
                return
            again = reader.opener is self._retry
            reader.shift = self._count_on(frame, reader.nominal_rate)
            old, self._reader, self._next_reader = self._reader, reader, None
            self._retry, self._new_source = None, True
            self._dropped_before = self._frames.dropped
        if old:
            old.abandoned = True
        log.info("%s: %s", "Reconnected" if again else "Shown", reader.description)
        message = self._status.message
        kept = "" if message == self._source_message else message
        given = {} if again else {"given": self._status.opening, "opening": None}
        self._say(
            source=reader.description,
            source_rate=reader.nominal_rate,
            source_state="running",
            message=kept,
            **given,
        )

    def _count_on(self, frame: Frame, rate: float) -> int:
        """The shift with which a new source counts on where the last one ended.

        What would have come in between counts too, so that a camera's absence is a gap.
        """
        if self._newest is None:
            return 0
        away = round((frame.timestamp - self._newest.timestamp) * rate)
        return self._newest.index + max(away, 1) - frame.index

    def _run(self) -> None:
        while not self._closing or (self._estimator and not self._frames.empty):
            self._swap_estimator()
            self._look_after_source()
            self._takes.look_after()
            frame = self._frames.take(POLL) if self._estimator else None
            if self._estimator is None:
                time.sleep(POLL / 5)
            elif frame is not None and not self.held and self.frames_done != self._limit:
                self._estimate(self._estimator, frame)
        if self._estimator:
            self._estimator.close()

    def _estimate(self, estimator: PoseEstimator, frame: Frame) -> None:
        if self._new_source:
            estimator.reset()
            self._new_source = False
        estimator.settings = self.settings
        if self._level_asked:
            self._level_asked = False
            self._level(estimator)
        if self._choices:
            estimator.choose(self._choices.pop())
        try:
            with ALONE:
                result = estimator.estimate(frame)
        except Exception as error:  # whatever a runtime raises: the window stays, and says so
            message = f"The backbone failed on a frame: {error}"
            if message != self._status.message:
                log.exception(message)
            self._say(message=message)
            return
        self._takes.write(result, lambda: self._about(estimator))
        if live_out := self._live_out:
            live_out.put(result, self.settings.threshold)
        self._rate.tick()
        self.frames_done += 1
        self.frames_with_person += bool(result.people)
        self._inference_ms = result.timings.get("backbone", 0.0)
        self.results.put(result)
        self._notify()
        if self.frames_done == self._limit:
            self._end("")

    def _level(self, estimator: PoseEstimator) -> None:
        tilt = estimator.room.level()
        if tilt is None:
            self._say(message=NOBODY_STRAIGHT)
            return
        pitch, roll = (round(angle, 1) for angle in tilt)
        room = replace(self.settings.room, pitch=pitch, roll=roll, tilt_by="level")
        self.settings = estimator.settings = replace(self.settings, room=room)
        if self._status.message == NOBODY_STRAIGHT:
            self._say(message="")

    def _swap_estimator(self) -> None:
        with self._lock:
            new, self._loaded = self._loaded, None
        if new is None:
            return
        old, self._estimator = self._estimator, new
        if old:
            new.carry_on(old)
        runtime = new.backbone.runtime
        self._say(
            backbone=new.backbone.spec.name,
            lifter=new.lifter.spec.name if new.lifter else "",
            runtime=runtime.name,
            device=runtime.device,
            precision=runtime.precision,
            note=runtime.note,
            loading="" if self._granted == self._wish else self._status.loading,
        )
        log.info("Running '%s' in %s", new.backbone.spec.name, runtime.name)
        if old:
            old.close()

    def _look_after_source(self) -> None:
        """Notice what became of the sources: failed, silent, at its end."""
        reader, following = self._reader, self._next_reader
        if following and (following.failed or following.stalled or following.ended):
            self._drop_next(following)
        if reader is None or self._status.source_state != "running":
            if self._retry and not self._next_reader and time.monotonic() >= self._retry_at:
                self._try(self._retry, changes=2)
        elif reader.live and (reader.failed or reader.stalled):
            reader.abandoned = True
            reason = reader.failed or f"{reader.description} gives no new pictures."
            self._retry, self._retry_at = reader.opener, time.monotonic()
            self._say_of_source(f"{reason} Reconnecting…", source_state="lost")
        elif (reader.ended or reader.failed) and self._frames.empty:
            self._end(reader.failed)

    def _drop_next(self, reader: ReaderThread) -> None:
        with self._lock:
            if reader is not self._next_reader:
                return  # meanwhile it gave pictures, or another was wanted
            self._next_reader = None
        reader.abandoned = True
        if reader.opener is self._retry:
            self._retry_at = time.monotonic() + RETRY
        else:
            nothing = {"source_state": "none"} if self._reader is None else {}
            self._say_of_source(
                reader.failed or "The source opened but gives no pictures.",
                opening=None,
                failed=self._status.opening,
                **nothing,
            )
            if self._reader is None:
                self.ended.set()

    def _end(self, message: str) -> None:
        if self._reader:
            self._reader.abandoned = True
        self._say_of_source(message, source_state="ended")
        self.ended.set()

    def close(self) -> None:
        """Take no more frames, estimate and record those that were taken, finish a running take,
        stop the threads, free the runtimes. No driver can hold it up.
        """
        readers = [reader for reader in (self._reader, self._next_reader) if reader]
        for reader in readers:
            reader.abandoned = True
        self._frames.close()
        self._closing = True
        self._thread.join(timeout=5.0)
        self._takes.stop()
        self.results.close()
        for reader in readers:
            reader.thread.join(timeout=0.5)
        for loader in self._loaders:
            loader.join(timeout=5.0)
        if self._loaded:
            self._loaded.close()
        self.set_live_out(None)
        self._takes.close()
