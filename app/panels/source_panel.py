"""Where the pictures come from. Says what was chosen; opens nothing but dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFileDialog, QInputDialog, QPushButton

from app.panels.card import Card, ElidedLabel
from engine.pipeline.status import PipelineStatus
from engine.sources.capture import DEMO, Camera

Source = str | int  # as open_source takes it

VIDEOS = "Videos (*.mp4 *.mkv *.mov *.avi *.webm *.m4v *.mpg *.mpeg);;All files (*)"
_STATES = {
    "none": "No source",
    "opening": "Opening…",
    "lost": "Lost, reconnecting…",
    "ended": "Ended",
}


class _SourceList(QComboBox):
    about_to_open = pyqtSignal()

    def showPopup(self) -> None:  # noqa: N802
        self.about_to_open.emit()
        super().showPopup()


class SourcePanel(Card):
    source_chosen = pyqtSignal(object)  # Source
    list_wanted = pyqtSignal()  # the list is about to open: which cameras are there now?

    def __init__(self) -> None:
        super().__init__("Source")
        self._cameras: tuple[Camera, ...] = ()
        self._source: Source | None = None
        self._failed: Source | None = None
        self._address = ""  # typed last
        self.list = _SourceList()
        self.list.about_to_open.connect(self.list_wanted)
        self.list.setAccessibleName("Source")
        self._state, self._failure = ElidedLabel(), ElidedLabel()
        self._mark(self._failure, "warning", True)
        self._failure.hide()
        self.rows.addWidget(self.list)
        self.add_row(*self._buttons())
        self.rows.addWidget(self._state)
        self.rows.addWidget(self._failure)
        self.list.activated.connect(lambda row: self.source_chosen.emit(self.list.itemData(row)))
        self._fill()

    def _buttons(self) -> list[QPushButton]:
        buttons = []
        for title, tip, handler in (
            ("File…", "Open a video file", self.ask_file),
            ("Folder…", "Open a folder of pictures", self._ask_folder),
            ("Address…", "Open a network stream (RTSP, HTTP)", self._ask_address),
        ):
            button = QPushButton(title)
            button.setToolTip(tip)
            button.clicked.connect(handler)
            buttons.append(button)
        return buttons

    @property
    def camera(self) -> str:
        """The name of the camera that is shown, empty for any other source."""
        return next((c.name for c in self._cameras if c.index == self._source), "")

    def set_cameras(self, cameras: Sequence[Camera]) -> None:
        self._cameras = tuple(cameras)
        self._fill()

    def set_source(self, source: Source) -> None:
        """Show ``source`` as the chosen one; a camera may be given as people type it."""
        typed = str(source)
        found = (c.index for c in self._cameras if typed in (c.name, str(c.index)))
        self._source = next(found, source)
        self._fill()

    def show_status(self, status: PipelineStatus) -> None:
        self._state.set_text(_STATES.get(status.source_state, status.source))
        if status.failed != self._failed:
            self._failed = status.failed
            self._show_failure(status)

    def _show_failure(self, status: PipelineStatus) -> None:
        """What did not open stays in the list, to be tried again, and is not the chosen one."""
        self._failure.setVisible(self._failed is not None)
        if self._failed is not None:
            self._failure.set_text(f"Did not open: {self._failed}")
            self._source = status.given
        self._fill()

    def ask_file(self) -> None:
        self._chosen(QFileDialog.getOpenFileName(self, "Open a video", filter=VIDEOS)[0])

    def _ask_folder(self) -> None:
        self._chosen(QFileDialog.getExistingDirectory(self, "Open a folder of pictures"))

    def _ask_address(self) -> None:
        ask = "Address of the stream (rtsp://… or http://…):"
        text, confirmed = QInputDialog.getText(self, "Open a stream", ask, text=self._address)
        self._address = text.strip() or self._address
        self._chosen(text.strip() if confirmed else "")

    def _chosen(self, source: str) -> None:
        if source:
            self.source_chosen.emit(source)

    def _fill(self) -> None:
        choices: dict[Source, str] = {camera.index: camera.name for camera in self._cameras}
        choices[DEMO] = "Demo clip"
        for source in (self._source, self._failed):
            if source is not None:
                choices.setdefault(source, _title(source))
        if self._failed is not None:
            choices[self._failed] = f"✕ {choices[self._failed]}"
        with QSignalBlocker(self.list):
            self.list.clear()
            for source, title in choices.items():
                self.list.addItem(title, source)
            self.list.setCurrentIndex(
                -1 if self._source is None else list(choices).index(self._source)
            )


def _title(source: Source) -> str:
    if isinstance(source, int):
        return f"Camera {source}"
    return source if "://" in source else Path(source).name
