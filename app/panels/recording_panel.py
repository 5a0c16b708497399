"""The record button, the folder of takes, and the state of the running take. Writes nothing."""

from __future__ import annotations

import time
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QPushButton

from app.countdown import COUNTDOWNS
from app.engine_texts import translated
from app.language import later, tr
from app.panels.card import Card, Choices, ElidedLabel
from app.theme import styled
from engine.pipeline.status import PipelineStatus
from engine.session.disk import WARN
from engine.session.takes import take_number

_VIDEO = {False: later("Poses only"), True: later("With video")}


RECORD = later("●  Record")


class RecordingPanel(Card):
    folder_shown = pyqtSignal(Path)
    take_shown = pyqtSignal(str)  # how long it has run, mm:ss; empty when there is none

    def __init__(self, folder: Path, video: bool, countdown: int, record: QAction) -> None:
        super().__init__(tr("Record"))
        self._since: float | None = None
        self.button = styled(QPushButton(), "record")
        self.tool = styled(QPushButton(), "record")  # the same, for the toolbar
        for button in (self.button, self.tool):
            button.setToolTip(record.toolTip())
            button.clicked.connect(record.trigger)
        self._video = Choices()
        for choice, title in _VIDEO.items():
            self._video.addItem(tr(title), choice)
        self._video.setAccessibleName(tr("What is recorded"))
        self._countdown = QComboBox()
        for seconds in COUNTDOWNS:
            self._countdown.addItem(
                tr("In {} s").format(seconds) if seconds else tr("At once"), seconds
            )
        self._countdown.setAccessibleName(tr("Countdown"))
        self._notes = QLineEdit()
        self._notes.setAccessibleName(tr("Notes"))
        self._notes.returnPressed.connect(self._notes.clearFocus)
        self._notes.setPlaceholderText(tr("Notes, kept with the take"))
        self._path, self._disk = ElidedLabel(), ElidedLabel()
        self.choose(folder, video, countdown)
        self.rows.addWidget(self.button)
        self.add_row(self._video, self._countdown)
        self.rows.addWidget(self._notes)
        self.add_row(self._path, *self._folder_buttons())
        self.rows.addWidget(self._disk)
        self._dress(running=False)

    def _folder_buttons(self) -> list[QPushButton]:
        change, show = QPushButton(tr("Change…")), QPushButton(tr("Show"))
        change.setToolTip(tr("Choose where takes are written"))
        show.setToolTip(tr("Show the folder in the file manager"))
        change.clicked.connect(self._ask_folder)
        show.clicked.connect(lambda: self.folder_shown.emit(self.folder))
        return [change, show]

    def choose(self, folder: Path, video: bool, countdown: int) -> None:
        """Where takes go, whether they keep the pictures, seconds before each."""
        self.folder = folder
        self._path.set_text(str(folder))
        self._video.setCurrentIndex(self._video.findData(video))
        self._countdown.setCurrentIndex(COUNTDOWNS.index(countdown))

    @property
    def video(self) -> bool:
        """Whether a take keeps the pictures too."""
        return bool(self._video.currentData())

    @property
    def countdown(self) -> int:
        """Seconds."""
        return int(self._countdown.currentData())

    @property
    def notes(self) -> str:
        return self._notes.text().strip()

    def show_status(self, status: PipelineStatus) -> None:
        running = status.recording is not None
        if running != (self._since is not None):
            self._since = time.monotonic() if running else None
            self._dress(running)
        if self._since is not None:
            minutes, seconds = divmod(int(time.monotonic() - self._since), 60)
            clock = f"{minutes:02d}:{seconds:02d}"
            self.button.setText(
                tr("■  Stop   {}   {} frames").format(clock, status.recorded_frames)
            )
            self.tool.setText(tr("■  Stop   {}").format(clock))
            self.take_shown.emit(clock)
            self._show_disk(status)

    def show_countdown(self, left: int) -> None:
        if self._since is None:
            self._say(tr("■  Cancel   in {} s").format(left) if left else tr(RECORD))

    def show_free(self, free: int) -> None:
        """Bytes, where takes go, while none is running."""
        if self._since is None:
            self._disk.set_text(tr("{:.0f} GB free").format(free / 1e9))
            self._mark(self._disk, "warning", free < WARN)

    def _say(self, text: str) -> None:
        for button in (self.button, self.tool):
            button.setText(text)

    def _show_disk(self, status: PipelineStatus) -> None:
        """The take's number, how long the disk lasts, and whether that is little."""
        number = take_number(status.recording) if status.recording else None
        parts = [tr("Take {}").format(number)] if number else []
        if status.disk:
            parts.append(
                (tr("Disk nearly full: ") if status.disk.low else "") + translated(str(status.disk))
            )
        self._disk.set_text(" · ".join(parts))
        self._mark(self._disk, "warning", status.disk is not None and status.disk.low)

    def _dress(self, running: bool) -> None:
        self._say(tr(RECORD))
        for choice in (self._video, self._notes):
            choice.setEnabled(not running)
        for button in (self.button, self.tool):
            self._mark(button, "running", running)
        if not running:
            self._disk.set_text("")
            self.take_shown.emit("")

    def _ask_folder(self) -> None:
        title = tr("Where takes are written")
        if chosen := QFileDialog.getExistingDirectory(self, title, str(self.folder)):
            self.choose(Path(chosen), self.video, self.countdown)
