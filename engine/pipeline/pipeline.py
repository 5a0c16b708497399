"""Source → estimator → results, live.

A thread reads the source, see sources.py; one thread estimates, here, and swaps what backbones.py
has loaded. One-slot mailboxes lie between them, so a slow part never makes a queue. Knows no Qt.
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

from engine.estimator import EstimatorSettings, PoseEstimator, open_estimator
from engine.live_out.sender import LiveOut
from engine.mailbox import Mailbox
from engine.pipeline.backbones import Backbones
from engine.pipeline.sources import Source, Sources
from engine.pipeline.status import PipelineStatus, SharedStatus
from engine.runtimes import AUTO
from engine.session.journal import SessionError
from engine.session.takes import Takes
from engine.timing import ALONE, Rate
from engine.types import Frame, PoseResult

log = logging.getLogger(__package__)

Point = tuple[float, float]  # pixels of a frame

NOBODY_STRAIGHT = (
    "Not levelled: nobody has stood straight, seen from head to feet, for the last two seconds."
)
POLL = 0.1  # seconds that the estimating thread waits for a frame before it does other things


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
        self.held = False  # while True, frames are taken and not estimated
        self.results: Mailbox[PoseResult] = Mailbox()
        self._shared = SharedStatus(notify)
        self._sources = Sources(self._shared, lossless, size=size, rate=rate)
        self._backbones = Backbones(self._shared, open_estimator, lambda: self.settings)
        self._takes = Takes(say=self._say_of_take)
        self.ended = self._sources.ended
        self._lossless, self._limit = lossless, limit
        self._level_asked = False
        self._choices: deque[Point | None] = deque(maxlen=1)  # of the subject, the newest
        self._live_out: LiveOut | None = None
        self._lock = threading.Lock()  # of _live_out
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
        reader, takes, live_out = self._sources.reader, self._takes, self._live_out
        return replace(
            self._shared.status,
            capture_fps=reader.rate() if reader else 0.0,
            skipped=reader.skipped if reader else "",
            inference_fps=self._rate(),
            inference_ms=self._inference_ms,
            dropped=self._sources.dropped,
            recording=takes.folder,
            recorded_frames=takes.frames,
            disk=takes.disk,
            last_take=takes.last,
            live_out=str(live_out or ""),
            live_clients=live_out.clients if live_out else 0,
        )

    # --- what to run ---------------------------------------------------------------------------

    def ask_cameras(self, size: tuple[int, int] | None, rate: float | None) -> None:
        """W, H and frames a second of the cameras that are opened from now on; None: as usual."""
        self._sources.asked = {"size": size, "rate": rate}

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
        self._sources.set(source, realtime, loop, between)

    def set_backbone(self, name: str, runtime: str = AUTO) -> None:
        """Load and warm a backbone in the background, then swap it in and free the old one."""
        self._backbones.set(name, runtime)

    def set_lifter(self, name: str) -> None:
        """Use another lifter, with the backbone that runs and with those to come."""
        self._backbones.set_lifter(name)

    def use(self, estimator: PoseEstimator) -> None:
        """Swap in an estimator that is loaded already; the pipeline owns it from now on."""
        self._backbones.use(estimator)

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
        estimator = self._backbones.newest
        if estimator is None:
            raise SessionError("Nothing to record yet: no backbone is running.")
        estimator.settings = self.settings
        about = self._about(estimator) | {"notes": notes}
        about["source"] = source or about["source"]
        about["rate"] = rate or about["rate"]
        skeleton = estimator.backbone.spec.skeleton
        self._takes.start(folder, skeleton, about, video, patient=self._lossless)
        self._shared.notify()

    def _about(self, estimator: PoseEstimator) -> dict[str, Any]:
        """What a take should know of where its results come from."""
        status = self._shared.status
        return {"source": status.source, "rate": status.source_rate, **estimator.about()}

    def stop_recording(self) -> Path | None:
        """Finish the take in the background; returns its folder. ``status.last_take`` follows."""
        folder = self._takes.stop()
        self._shared.notify()
        return folder

    def _say_of_take(self, message: str) -> None:
        if message:
            self._shared.update(message=message)
        else:
            self._shared.notify()

    def set_live_out(self, live_out: LiveOut | None) -> None:
        """Send results there from the next one on, or nowhere; the pipeline owns it from now on.

        What was there is closed, which takes a second where a client does not answer; to listen at
        the same port again, set None first.
        """
        with self._lock:
            old, self._live_out = self._live_out, live_out
        if old:
            old.close()

    # --- the thread that estimates -------------------------------------------------------------

    def _run(self) -> None:
        backbones, frames = self._backbones, self._sources.frames
        while not self._closing or (backbones.running and not frames.empty):
            backbones.swap()
            self._sources.look_after()
            self._takes.look_after()
            frame = frames.take(POLL) if backbones.running else None
            if backbones.running is None:
                time.sleep(POLL / 5)
            elif frame is not None and not self.held and self.frames_done != self._limit:
                self._estimate(backbones.running, frame)
        if backbones.running:
            backbones.running.close()

    def _estimate(self, estimator: PoseEstimator, frame: Frame) -> None:
        new, self._sources.changed = self._sources.changed, False
        if new:
            estimator.reset()
        estimator.settings = self.settings
        if self._level_asked:
            self._level_asked = False
            self._level(estimator, frame.timestamp)
        if self._choices:
            estimator.choose(self._choices.pop())
        try:
            if new and self._lossless:
                estimator.begin_with(frame)
            with ALONE:
                result = estimator.estimate(frame)
        except Exception as error:  # whatever a runtime raises: the window stays, and says so
            message = f"The backbone failed on a frame: {error}"
            if message != self._shared.status.message:
                log.exception(message)
            self._shared.update(message=message)
            return
        self._takes.write(result, lambda: self._about(estimator))
        if live_out := self._live_out:
            live_out.put(result, self.settings.threshold)
        self._rate.tick()
        self.frames_done += 1
        self.frames_with_person += bool(result.people)
        self._inference_ms = result.timings.get("backbone", 0.0)
        self.results.put(result)
        self._shared.notify()
        if self.frames_done == self._limit:
            self._sources.end("")

    def _level(self, estimator: PoseEstimator, now: float) -> None:
        tilt = estimator.room.level(now)
        if tilt is None:
            self._shared.update(message=NOBODY_STRAIGHT)
            return
        pitch, roll = (round(angle, 1) for angle in tilt)
        room = replace(self.settings.room, pitch=pitch, roll=roll, tilt_by="level")
        self.settings = estimator.settings = replace(self.settings, room=room)
        if self._shared.status.message == NOBODY_STRAIGHT:
            self._shared.update(message="")

    def close(self) -> None:
        """Take no more frames, estimate and record those that were taken, finish a running take,
        stop the threads, free the runtimes. No driver can hold it up.
        """
        readers = self._sources.abandon()
        self._closing = True
        self._thread.join(timeout=5.0)
        self._takes.stop()
        self.results.close()
        for reader in readers:
            reader.thread.join(timeout=0.5)
        self._backbones.close()
        self.set_live_out(None)
        self._takes.close()
