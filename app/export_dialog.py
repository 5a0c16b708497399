"""Asks what to export and where to; shows how far it is. Writes nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QCloseEvent, QTextOption
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.language import tr
from engine.session.export import FORMATS
from engine.session.export.take import take_name


class ExportDialog(QDialog):
    """Beside the window, not over it; stays open when the file is there, to say what was written.

    Enter exports. ``format`` and ``elsewhere`` are what it remembers.
    """

    export_wanted = pyqtSignal(str, Path, bool)  # format, target, whether it may be replaced
    folder_wanted = pyqtSignal(Path)  # to be shown
    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget, format: str, elsewhere: str) -> None:
        """format: the one suggested, where there is such a one; elsewhere: the folder that was
        chosen for exports, empty for each session's own."""
        super().__init__(parent)
        self.setWindowTitle(tr("Export the session"))
        self.setMinimumWidth(520)
        self._folder, self._name, self._written = Path(), "", Path()
        self.elsewhere = elsewhere
        self.formats, self._target, self._message = QComboBox(), _lines(2), _lines(4)
        self.formats.setAccessibleName(tr("Format"))
        self._target.setAccessibleName(tr("File to write"))
        self._message.setAccessibleName(tr("Outcome"))
        for name, kind in FORMATS.items():
            self.formats.addItem(f"{kind.title}  ({kind.suffix})", name)
        self.formats.setCurrentIndex(max(self.formats.findData(format), 0))
        self.formats.currentIndexChanged.connect(self._suggest)
        self.start, self._browse = QPushButton(tr("Export")), QPushButton(tr("Choose…"))
        self.start.setDefault(True)
        self.start.clicked.connect(self._ask)
        self._browse.setToolTip(tr("Choose the file to write"))
        self._browse.clicked.connect(self._choose_target)
        self.show_folder, self._away = QPushButton(tr("Show in folder")), QPushButton(tr("Close"))
        self.show_folder.clicked.connect(lambda: self.folder_wanted.emit(self._written.parent))
        self._away.clicked.connect(self.close)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress"))
        self.progress.setRange(0, 100)
        self._arrange()
        self.show_progress(None)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        where, buttons = QHBoxLayout(), QHBoxLayout()
        where.addWidget(self._target, stretch=1)
        where.addWidget(self._browse)
        buttons.addWidget(self.show_folder)
        buttons.addStretch(1)
        buttons.addWidget(self._away)
        buttons.addWidget(self.start)
        column.addWidget(self.formats)
        column.addLayout(where)
        column.addWidget(self.progress)
        column.addWidget(self._message)
        column.addLayout(buttons)

    @property
    def message(self) -> str:
        return self._message.toPlainText()

    @property
    def format(self) -> str:
        return str(self.formats.currentData())

    @property
    def target(self) -> Path:
        return Path(self._target.toPlainText())

    def set_target(self, path: Path) -> None:
        self._target.setPlainText(str(path))

    def open_for(self, session: Path, result: str | None, clean: bool) -> None:
        """Suggest a file beside the session's own, or where exports went before."""
        self._folder, self._name = session, take_name(session, result, clean)
        self._suggest()
        self.tell("")
        self.show()
        self.raise_()
        self.formats.setFocus()

    def tell(self, message: str) -> None:
        self._message.setPlainText(message)
        self.show_folder.hide()

    def tell_written(self, files: Sequence[Path]) -> None:
        self.tell("\n".join([tr("Written and read back:"), *map(str, files)]))
        self._written = files[0]
        self.show_folder.show()

    def show_progress(self, share: float | None) -> None:
        """None when nothing is under way."""
        running = share is not None
        self.progress.setEnabled(running)
        self.progress.setValue(round(100 * (share or 0)))
        for widget in (self.formats, self._target, self._browse, self.start):
            widget.setEnabled(not running)
        self._away.setText(tr("Cancel") if running else tr("Close"))

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802
        """While an export runs, closing cancels it."""
        self.cancelled.emit()
        super().closeEvent(event)

    def _suggest(self) -> None:
        there = Path(self.elsewhere) if self.elsewhere else Path()
        folder = there if self.elsewhere and there.is_dir() else self._folder
        self.set_target(folder / f"{self._name}{FORMATS[self.format].suffix}")

    def _choose_target(self) -> None:
        no_question = QFileDialog.Option.DontConfirmOverwrite  # asked when it is about to happen
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Export to"), str(self.target), options=no_question
        )
        if chosen:
            self.set_target(Path(chosen))
            parent = Path(chosen).parent
            self.elsewhere = "" if parent == self._folder.absolute() else str(parent)

    def _ask(self) -> None:
        target = self.target
        exists = target.exists()
        if exists and not self._may_replace(target):
            return
        self.tell("")
        self.export_wanted.emit(self.format, target, exists)

    def _may_replace(self, target: Path) -> bool:
        text = tr("{} exists. Replace it?").format(target)
        yes = QMessageBox.StandardButton.Yes
        return QMessageBox.question(self, tr("Replace?"), text) == yes


def _lines(count: int) -> QPlainTextEdit:
    """So many lines of text to read and copy, broken anywhere so that all of it is seen."""
    field = QPlainTextEdit()
    field.setReadOnly(True)
    field.setTabChangesFocus(True)
    field.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
    field.setFixedHeight(field.fontMetrics().lineSpacing() * count + 16)
    return field
