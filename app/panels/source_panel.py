"""The source and the camera's mode. Emits what was chosen; opens nothing but dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QInputDialog, QProgressBar, QPushButton

from app.language import later, tr
from app.panels.card import Card, Choices, ElidedLabel
from engine.pipeline.status import PipelineStatus
from engine.sources.capture import DEMO, Camera, Mode

Source = str | int  # as open_source takes it

VIDEOS = later(
    "Videos and pictures (*.mp4 *.mkv *.mov *.avi *.webm *.m4v *.mpg *.mpeg *.jpg *.jpeg *.png "
    "*.bmp *.webp *.tif *.tiff);;All files (*)"
)
_STATES = {
    "none": later("No source"),
    "opening": later("Opening…"),
    "lost": later("Lost, reconnecting…"),
    "ended": later("Ended"),
}


EVERY_FRAME = later(
    "Records a take of all frames of this file, as fast as it goes; live, those that come too late "
    "are dropped"
)
ASK_MODES = later("Size and rate…")
ALL_MODES = later("Size and rate: choose")


class _AskingList(Choices):
    about_to_open = pyqtSignal()

    def showPopup(self) -> None:  # noqa: N802
        self.about_to_open.emit()
        super().showPopup()


class SourcePanel(Card):
    source_chosen = pyqtSignal(object)  # Source
    modes_wanted = pyqtSignal()  # that list is about to open, and is empty
    mode_chosen = pyqtSignal(object)  # Mode
    analysis_wanted = pyqtSignal(str)  # of every frame of that file
    analysis_cancelled = pyqtSignal()
    list_wanted = pyqtSignal()  # the list is about to open: which cameras are there now?

    def __init__(self) -> None:
        super().__init__(tr("Source"))
        self._cameras: tuple[Camera, ...] = ()
        self._source: Source | None = None
        self._failed: Source | None = None
        self._address = ""  # typed last
        self._modes: tuple[Mode, ...] = ()  # that were asked for
        self._mode: Mode | None = None  # that is chosen
        self.list, self.modes = _AskingList(), _AskingList()
        self.list.about_to_open.connect(self.list_wanted)
        self.list.setAccessibleName(tr("Source"))
        self._state, self._failure = ElidedLabel(), ElidedLabel()
        self._mark(self._failure, "warning", True)
        self._failure.hide()
        self.modes.setAccessibleName(tr("Size and rate of the camera"))
        self.modes.about_to_open.connect(self._ask_modes)
        self.modes.activated.connect(self._choose_mode)
        self.rows.addWidget(self.list)
        self.rows.addWidget(self.modes)
        self.add_row(*self._buttons())
        self.analyse, self._progress = QPushButton(), QProgressBar()
        self.analyse.setToolTip(tr(EVERY_FRAME))
        self.analyse.clicked.connect(self._ask_analysis)
        self._progress.setAccessibleName(tr("Progress"))
        self._progress.setRange(0, 100)
        for widget in (self.analyse, self._progress, self._state):
            self.rows.addWidget(widget)
        self.show_analysis(None)
        self.rows.addWidget(self._failure)
        self.list.activated.connect(lambda row: self.source_chosen.emit(self.list.itemData(row)))
        self._fill()
        self._fill_modes()

    def _buttons(self) -> list[QPushButton]:
        buttons = []
        for title, tip, handler in (
            (tr("File…"), tr("Open a video file or a picture"), self.ask_file),
            (tr("Folder…"), tr("Open a folder of pictures"), self._ask_folder),
            (tr("Address…"), tr("Open a network stream (RTSP, HTTP)"), self._ask_address),
        ):
            button = QPushButton(title)
            button.setToolTip(tip)
            button.clicked.connect(handler)
            buttons.append(button)
        return buttons

    @property
    def source(self) -> Source:
        """The one that is shown; the demo where there is none."""
        return DEMO if self._source is None else self._source

    @property
    def camera(self) -> str:
        """The name of the camera that is shown, empty for any other source."""
        return next((c.name for c in self._cameras if c.index == self._source), "")

    def set_cameras(self, cameras: Sequence[Camera]) -> None:
        self._cameras = tuple(cameras)
        self._fill()
        self.modes.setVisible(bool(self.camera))

    def set_modes(self, modes: Sequence[Mode]) -> None:
        """What the camera that is shown offers."""
        self._modes = tuple(modes)
        self._fill_modes()

    def show_mode(self, mode: Mode | None) -> None:
        """The chosen one of the camera that is shown; None: as the camera likes."""
        self._mode = mode
        self._fill_modes()

    def set_source(self, source: Source) -> None:
        """Show ``source`` as the chosen one; a camera may be given as people type it."""
        typed = str(source)
        found = (c.index for c in self._cameras if typed in (c.name, str(c.index)))
        before, self._source = self._source, next(found, source)
        if self._source != before:
            self._modes, self._mode = (), None
            self._fill_modes()
        self._fill()

    def show_status(self, status: PipelineStatus) -> None:
        self._state.set_text(tr(_STATES.get(status.source_state, status.source)))
        if status.failed != self._failed:
            self._failed = status.failed
            self._show_failure(status)

    def _show_failure(self, status: PipelineStatus) -> None:
        """What did not open stays in the list, to be tried again, and is not the chosen one."""
        self._failure.setVisible(self._failed is not None)
        if self._failed is not None:
            self._failure.set_text(tr("Did not open: {}").format(self._failed))
            self._source = status.given
        self._fill()

    def show_analysis(self, share: float | None) -> None:
        """How far every frame of a file is analysed; None when none is."""
        self._progress.setVisible(share is not None)
        self._progress.setValue(round(100 * (share or 0)))
        self.analyse.setText(tr("Analyse every frame") if share is None else tr("Cancel"))

    def _ask_analysis(self) -> None:
        if self._progress.isHidden():
            self.analysis_wanted.emit(str(self.source))
        else:
            self.analysis_cancelled.emit()

    def _fill_modes(self) -> None:
        self.modes.clear()
        self.modes.addItem(tr(ALL_MODES if self._modes else ASK_MODES))
        shown = self._modes or ((self._mode,) if self._mode else ())
        for mode in shown:
            self.modes.addItem(str(mode), mode)
        self.modes.setCurrentIndex(shown.index(self._mode) + 1 if self._mode in shown else 0)
        self.modes.setVisible(bool(self.camera))

    def _ask_modes(self) -> None:
        if not self._modes:
            self.modes_wanted.emit()

    def _choose_mode(self, row: int) -> None:
        if mode := self.modes.itemData(row):
            self.mode_chosen.emit(mode)

    def ask_file(self) -> None:
        self._chosen(QFileDialog.getOpenFileName(self, tr("Open a video"), filter=tr(VIDEOS))[0])

    def _ask_folder(self) -> None:
        self._chosen(QFileDialog.getExistingDirectory(self, tr("Open a folder of pictures")))

    def _ask_address(self) -> None:
        ask = tr("Address of the stream (rtsp://… or http://…):")
        text, confirmed = QInputDialog.getText(self, tr("Open a stream"), ask, text=self._address)
        self._address = text.strip() or self._address
        self._chosen(text.strip() if confirmed else "")

    def _chosen(self, source: str) -> None:
        if source:
            self.source_chosen.emit(source)

    def _fill(self) -> None:
        choices: dict[Source, str] = {camera.index: camera.name for camera in self._cameras}
        choices[DEMO] = tr("Demo clip")
        for source in (self._source, self._failed):
            if source is not None:
                choices.setdefault(source, _title(source))
        if self._failed is not None:
            choices[self._failed] = f"✕ {choices[self._failed]}"
        is_file = isinstance(self._source, str) and "://" not in self._source
        self.analyse.setVisible(is_file or not self._progress.isHidden())
        with QSignalBlocker(self.list):
            self.list.clear()
            for source, title in choices.items():
                self.list.addItem(title, source)
            self.list.setCurrentIndex(
                -1 if self._source is None else list(choices).index(self._source)
            )


def _title(source: Source) -> str:
    if isinstance(source, int):
        return tr("Camera {}").format(source)
    return source if "://" in source else Path(source).name
