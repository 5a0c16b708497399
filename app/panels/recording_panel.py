"""The record button, where takes go, and how the present one goes on. Writes nothing."""

from __future__ import annotations

import time
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QCheckBox, QFileDialog, QPushButton

from app.panels.card import Card, ElidedLabel
from app.theme import styled
from engine.pipeline import PipelineStatus


class RecordingPanel(Card):
    folder_shown = pyqtSignal(Path)

    def __init__(self, folder: Path, video: bool, record: QAction) -> None:
        super().__init__("Record")
        self.folder = folder
        self._since: float | None = None
        self.button = styled(QPushButton(), "record")
        self.button.clicked.connect(record.trigger)
        self.video = QCheckBox("With video")
        self.video.setChecked(video)
        self._path = ElidedLabel()
        self._path.set_text(str(folder))
        self.rows.addWidget(self.button)
        self.rows.addWidget(self.video)
        self.add_row(self._path, *self._folder_buttons())
        self._dress(running=False)

    def _folder_buttons(self) -> list[QPushButton]:
        change, show = QPushButton("Change…"), QPushButton("Show")
        change.setToolTip("Choose where takes are written")
        show.setToolTip("Show the folder in the file manager")
        change.clicked.connect(self._ask_folder)
        show.clicked.connect(lambda: self.folder_shown.emit(self.folder))
        return [change, show]

    def show_status(self, status: PipelineStatus) -> None:
        running = status.recording is not None
        if running != (self._since is not None):
            self._since = time.monotonic() if running else None
            self._dress(running)
        if self._since is not None:
            minutes, seconds = divmod(int(time.monotonic() - self._since), 60)
            frames = f"{status.recorded_frames} frames"
            self.button.setText(f"■  Stop   {minutes:02d}:{seconds:02d}   {frames}")

    def _dress(self, running: bool) -> None:
        self.button.setText("●  Record")
        self.button.setProperty("running", running)
        self.video.setEnabled(not running)
        style = self.button.style()
        assert style is not None
        style.polish(self.button)  # the style sheet looks at the property only when told to

    def _ask_folder(self) -> None:
        title = "Where takes are written"
        if chosen := QFileDialog.getExistingDirectory(self, title, str(self.folder)):
            self.folder = Path(chosen)
            self._path.set_text(chosen)
