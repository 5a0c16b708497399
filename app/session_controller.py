"""What can be done with the session that is replayed: notes, other results, export.

Each longer job runs in the background and can be cancelled. Knows no frames and no clock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QMessageBox

from app.engine_texts import translated
from app.job import Job, Jobs, Tell
from app.language import tr
from app.main_window import MainWindow
from app.replay_controller import ReplayController
from app.views.time_axis import clock
from engine.estimator import PoseEstimator
from engine.session.clean.person import CleanSettings
from engine.session.clean.take import Cleaning, clean_take, settings_of
from engine.session.export import export
from engine.session.journal import SessionError
from engine.session.recording import clean_path, result_names
from engine.session.replay import Replay
from engine.session.rerun import Rerun, rerun
from engine.session.video import VIDEO
from engine.session.whole_files import set_notes

log = logging.getLogger(__package__)


class SessionController(QObject):
    def __init__(
        self,
        window: MainWindow,
        jobs: Jobs,
        replay: ReplayController,
        open_estimator: Callable[[str], PoseEstimator],
    ) -> None:
        """open_estimator: of the backbone of that name, for runs of recorded videos."""
        super().__init__()
        self._window, self._panel, self._jobs, self._replay = window, window.session, jobs, replay
        self._open_estimator = open_estimator
        self._folder = Path()  # whose notes are in the panel
        self._running: dict[str, Job] = {}  # "rerun", "export", "clean": what is under way
        self.dialog = window.export_dialog
        self.dialog.export_wanted.connect(self._export)
        self.dialog.cancelled.connect(lambda: self._cancel("export"))
        self._panel.result_chosen.connect(self._show_result)
        self._panel.clean_wanted.connect(self._show_clean)
        self._panel.notes_changed.connect(self._keep_notes)
        self._panel.rerun_wanted.connect(self._rerun)
        self._panel.rerun_cancelled.connect(lambda: self._cancel("rerun"))
        window.actions_by_name["export"].triggered.connect(self._ask_export)
        replay.opened.connect(self._describe)
        replay.left.connect(self.dialog.close)

    @property
    def _shown(self) -> Replay:
        assert self._replay.replay is not None
        return self._replay.replay

    def _shows(self, folder: Path) -> bool:
        return self._replay.replay is not None and self._replay.replay.folder == folder

    def _describe(self, replay: Replay) -> None:
        session, about = replay.recording.session, replay.recording.about
        facts = [tr("{} frames, {}").format(len(replay), clock(replay.duration))]
        said = (session.get(name) for name in ("verdict", "error"))
        facts += [translated(text) for text in said if isinstance(text, str)]
        facts.append(f"{about.get('backbone')} · {about.get('lifter') or tr('no lifter')}")
        notes = session.get("notes")
        self._panel.show_session(
            replay.folder.name,
            facts,
            notes if isinstance(notes, str) else "",
            _results(replay),
            has_video=(replay.folder / VIDEO).is_file(),
        )
        clean = settings_of(session)
        self._panel.select(replay.result, replay.clean, clean or CleanSettings())
        self._folder = replay.folder

    def _show_result(self, result: str | None) -> None:
        self._replay.open(self._shown.folder, result)

    def _show_clean(self, wanted: bool) -> None:
        """The clean result, made first where it is not there with these settings."""
        folder, result, settings = (
            self._shown.folder,
            self._shown.result,
            self._panel.clean_settings,
        )
        if not wanted:
            self._replay.open(folder, result)
            return
        made = settings_of(self._shown.recording.session)
        if made == settings and clean_path(folder, result).is_file():
            self._replay.open(folder, result, clean=True)
            return

        def done(outcome: Cleaning) -> None:
            self._window.banner.tell(tr("Clean: {}.").format(translated(str(outcome))))
            if self._shows(folder):
                self._replay.open(folder, result, clean=True)

        self._start(
            "clean",
            lambda tell: clean_take(folder, settings, result, tell),
            done,
            self._window.banner.tell_error,
            self._panel.show_cleaning,
        )

    def _keep_notes(self, notes: str) -> None:
        try:
            set_notes(self._folder, notes)
        except SessionError as error:
            log.exception("Notes not kept")
            self._window.banner.tell_error(str(error))

    # --- another backbone ----------------------------------------------------------------------

    def _rerun(self, backbone: str) -> None:
        folder = self._shown.folder
        known = backbone in result_names(self._shown.recording.session)
        if known and not self._may_replace(backbone):
            return

        def work(tell: Tell) -> Rerun:
            with closing(self._open_estimator(backbone)) as estimator:
                return rerun(folder, estimator, overwrite=known, progress=tell)

        def done(outcome: Rerun) -> None:
            self._window.banner.tell(f"{backbone}: {translated(str(outcome))}.")
            if self._shows(folder):
                self._replay.open(folder, backbone)

        self._start("rerun", work, done, self._window.banner.tell_error, self._panel.show_progress)

    def _may_replace(self, backbone: str) -> bool:
        text = tr("This session has a result of {} already. Replace it?").format(backbone)
        yes = QMessageBox.StandardButton.Yes
        return QMessageBox.question(self._window, tr("Replace?"), text) == yes

    # --- other formats -------------------------------------------------------------------------

    def _ask_export(self) -> None:
        self.dialog.open_for(self._shown.folder, self._shown.result, self._shown.clean)

    def _export(self, kind: str, target: Path, overwrite: bool) -> None:
        shown = self._shown

        def work(tell: Tell) -> list[Path]:
            return export(
                shown.folder,
                kind,
                target,
                overwrite=overwrite,
                result=shown.result,
                clean=shown.clean,
                progress=tell,
            )

        dialog = self.dialog
        self._start("export", work, dialog.tell_written, dialog.tell, dialog.show_progress)

    # --- jobs ----------------------------------------------------------------------------------

    def _start(
        self,
        name: str,
        work: Callable[[Tell], object],
        done: Callable[..., None],
        failed: Callable[[str], None],
        show: Callable[[float | None], None],
    ) -> None:
        show(0.0)
        job = self._jobs.run(work, done, failed)
        job.progressed.connect(show)
        self._running[name] = job
        job.ended.connect(lambda: self._running.pop(name))
        job.ended.connect(lambda: show(None))

    def _cancel(self, name: str) -> None:
        if job := self._running.get(name):
            job.cancel()


def _results(replay: Replay) -> Mapping[str | None, str]:
    """Name → title."""
    names = result_names(replay.recording.session)
    return {None: tr("As recorded")} | {name: tr("{}, run again").format(name) for name in names}
