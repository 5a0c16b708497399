"""Recording from the window: countdown, take, verdict, and recovery of unfinished takes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PyQt6.QtCore import QObject

from app.countdown import Countdown
from app.engine_texts import translated
from app.job import Jobs, Tell
from app.language import tr
from app.main_window import MainWindow
from app.pipeline_bridge import PipelineBridge
from engine.pipeline.status import PipelineStatus
from engine.session.disk import free_space
from engine.session.finish import recover, unfinished_sessions
from engine.session.journal import SessionError
from engine.session.takes import FinishedTake, new_take_folder, take_number

LOOK_EVERY = 3.0  # seconds

log = logging.getLogger(__package__)


class RecordingController(QObject):
    """Starts and stops takes, shows their verdict, and offers to finish what a crash left."""

    def __init__(
        self,
        window: MainWindow,
        bridge: PipelineBridge,
        jobs: Jobs,
        replay: Callable[[Path], None],
    ) -> None:
        """replay: opens a session in the window."""
        super().__init__()
        self._window, self._bridge, self._jobs, self._replay = window, bridge, jobs, replay
        self._panel = window.recording
        self._last: FinishedTake | None = None
        self._look_at = 0.0
        self.countdown = Countdown(self)
        self.countdown.ticked.connect(window.video.show_countdown)
        self.countdown.ticked.connect(self._panel.show_countdown)
        self.countdown.finished.connect(self._start)
        window.actions_by_name["record"].triggered.connect(self._start_or_stop)
        window.closing.connect(self.countdown.stop)
        bridge.status_changed.connect(self._tell_space)
        bridge.status_changed.connect(self._tell_verdict)

    def _start_or_stop(self) -> None:
        """Stop the take or its countdown where there is one, else begin to count."""
        if self._bridge.pipeline.status.recording:
            folder = self._bridge.pipeline.stop_recording()
            self._window.banner.tell(tr("Saved to {}.").format(folder))
            self._bridge.tell_status()
        elif self.countdown.running:
            self.countdown.stop()
        elif self._bridge.pipeline.held:
            self._window.banner.tell(tr("A file is being analysed: wait for it, or cancel that."))
        else:
            self.countdown.start(self._panel.countdown)

    def _start(self) -> None:
        """Begin a take in a folder of its own."""
        try:
            folder = new_take_folder(self._panel.folder)
            self._bridge.pipeline.start_recording(
                folder, self._panel.video, notes=self._panel.notes
            )
            self._window.banner.end_notice()
            self._window.offer.hide()
        except SessionError as error:
            log.exception("No take begun")
            self._window.banner.tell_error(str(error))
        self._bridge.tell_status()

    def _tell_space(self, _: object) -> None:
        """Show the free disk space, every few seconds."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_EVERY
            with suppress(OSError):
                self._panel.show_free(free_space(_existing(self._panel.folder)))

    def _tell_verdict(self, status: PipelineStatus) -> None:
        if (take := status.last_take) is None or take is self._last:
            return
        self._last = take
        text = f"{_name(take.folder)}: {translated(take.summary.verdict)}"
        self._window.offer.make(text, tr("Replay"), lambda: self._replay(take.folder))

    # --- what crashes have left ----------------------------------------------------------------

    def look_for_unfinished(self) -> None:
        """Look where takes are written, in the background, and offer to finish what is found."""
        folder = self._panel.folder
        self._jobs.run(lambda _: unfinished_sessions(folder), self.offer_to_finish, lambda _: None)

    def offer_to_finish(self, found: list[Path]) -> None:
        """found: session folders that nobody is writing."""
        if not found:
            return
        many, banner = len(found) > 1, self._window.banner

        def finish() -> None:
            self._jobs.run(
                lambda progress: _finish_all(found, progress), banner.tell, banner.tell_error
            )

        one = tr("One unfinished take found in {1}.")
        several = tr("{0} unfinished takes found in {1}.")
        text = (several if many else one).format(len(found), found[0].parent)
        self._window.offer.make(text, tr("Finish them") if many else tr("Finish it"), finish)


def _finish_all(folders: list[Path], tell: Tell) -> str:
    """What came of each, in one line."""
    finished, problems = [], []
    for done, folder in enumerate(folders):
        tell(done / len(folders))
        try:
            finished.append(tr("{} ({} frames)").format(folder.name, recover(folder).frames))
        except SessionError as error:
            log.exception("%s is not finished", folder)
            problems.append(str(error))
    lines = [tr("Finished: {}.").format(", ".join(finished))] if finished else []
    return " ".join(lines + problems)


def _existing(folder: Path) -> Path:
    """The folder, or the one in which it would be made."""
    places = (folder, *folder.absolute().parents)
    return next((place for place in places if place.exists()), Path())


def _name(folder: Path) -> str:
    number = take_number(folder)
    return tr("Take {}").format(number) if number else folder.name
