"""Fills the list of takes in the background, and replays, renames and deletes takes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QFile, QObject
from PyQt6.QtWidgets import QMessageBox

from app.job import Jobs, Tell
from app.language import tr
from app.main_window import MainWindow
from app.replay_controller import ReplayController
from app.takes_dialog import HEIGHT, TakesDialog
from engine.session.finished_takes import FinishedTake, picture_of, rename, takes_in
from engine.session.journal import SessionError

log = logging.getLogger(__package__)

SHARPNESS = 2  # pixels of a picture for one that it is shown with


class TakesController(QObject):
    def __init__(
        self,
        window: MainWindow,
        jobs: Jobs,
        replay: ReplayController,
        open_session: Callable[[Path], None],
    ) -> None:
        super().__init__()
        self._window, self._jobs, self._replay = window, jobs, replay
        self._open_session = open_session
        self.dialog = TakesDialog(window)
        self.dialog.replay_wanted.connect(self._show)
        self.dialog.renamed.connect(self._rename)
        self.dialog.delete_wanted.connect(self._delete)
        window.actions_by_name["takes"].triggered.connect(self.open)

    def open(self) -> None:
        self.dialog.show()
        self.dialog.raise_()
        self.refresh()

    def refresh(self) -> None:
        """List what is in the folder of takes now."""
        folder = self._window.recording.folder

        def listed(takes: Sequence[FinishedTake]) -> None:
            self.dialog.show_takes(folder, takes)
            self._jobs.run(lambda tell: _pictures(takes, tell), self.dialog.show_pictures, _ignore)

        self._jobs.run(lambda _: takes_in(folder), listed, self._window.banner.tell_error)

    def _show(self, take: Path) -> None:
        self.dialog.close()
        self._open_session(take)

    def _rename(self, take: Path, name: str) -> None:
        self._let_go(take)
        try:
            rename(take, name)
        except SessionError as error:
            log.exception("Not renamed")
            self._window.banner.tell_error(str(error))
        self.refresh()

    def _delete(self, take: Path) -> None:
        """To the bin, after a question."""
        text, yes = tr("Put {} into the bin?").format(take.name), QMessageBox.StandardButton.Yes
        if QMessageBox.question(self.dialog, tr("Delete?"), text) != yes:
            return
        self._let_go(take)
        gone, _ = QFile.moveToTrash(str(take))
        if not gone:
            kept = tr("{} cannot be put into the bin; nothing was deleted.")
            self._window.banner.tell(kept.format(take))
        self.refresh()

    def _let_go(self, take: Path) -> None:
        """What is replayed is open."""
        if self._replay.replay and self._replay.replay.folder.absolute() == take.absolute():
            self._replay.leave()


def _pictures(takes: Sequence[FinishedTake], tell: Tell) -> dict[Path, np.ndarray]:
    found = {}
    for done, take in enumerate(takes):
        tell(done / len(takes))
        try:
            found[take.folder] = picture_of(take.folder, HEIGHT * SHARPNESS)
        except SessionError:  # listed without one
            log.exception("No picture of a take")
    return found


def _ignore(_: str) -> None:
    """A list without pictures is still one."""
