"""Asks what to export and where to; shows how far it is. Writes nothing itself."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import styled
from engine.session.export import FORMATS


class ExportDialog(QDialog):
    """Beside the window, not over it; stays open until the file is there."""

    export_wanted = pyqtSignal(str, Path, bool)  # format, target, whether it may be replaced
    cancelled = pyqtSignal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export the session")
        self.setMinimumWidth(520)
        self._folder, self._name = Path(), ""
        self.formats, self.target = QComboBox(), QLineEdit()
        for name, kind in FORMATS.items():
            self.formats.addItem(f"{kind.title}  ({kind.suffix})", name)
        self.formats.currentIndexChanged.connect(self._suggest)
        self.start, self._browse = QPushButton("Export"), QPushButton("Browse…")
        self.start.setDefault(True)
        self.start.clicked.connect(self._ask)
        self._browse.clicked.connect(self._choose_target)
        self._away = QPushButton("Close")
        self._away.clicked.connect(self.close)
        self.progress, self._message = QProgressBar(), styled(QLabel(), "muted")
        self.progress.setRange(0, 100)
        self._message.setWordWrap(True)
        self._arrange()
        self.show_progress(None)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        where, buttons = QHBoxLayout(), QHBoxLayout()
        where.addWidget(self.target, stretch=1)
        where.addWidget(self._browse)
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
        return self._message.text()

    def open_for(self, session: Path, result: str | None) -> None:
        """Suggest a file beside the session's own."""
        self._folder = session
        self._name = session.resolve().name + (f"-{result}" if result else "")
        self._suggest()
        self.tell("")
        self.show()
        self.raise_()

    def tell(self, message: str) -> None:
        self._message.setText(message)

    def show_progress(self, share: float | None) -> None:
        """None when nothing is under way."""
        running = share is not None
        self.progress.setEnabled(running)
        self.progress.setValue(round(100 * (share or 0)))
        for widget in (self.formats, self.target, self._browse, self.start):
            widget.setEnabled(not running)
        self._away.setText("Cancel" if running else "Close")

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802
        """While an export runs, closing cancels it."""
        self.cancelled.emit()
        super().closeEvent(event)

    def _suggest(self) -> None:
        kind = FORMATS[self.formats.currentData()]
        self.target.setText(str(self._folder / f"{self._name}{kind.suffix}"))

    def _choose_target(self) -> None:
        no_question = QFileDialog.Option.DontConfirmOverwrite  # asked when it is about to happen
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Export to", self.target.text(), options=no_question
        )
        if chosen:
            self.target.setText(chosen)

    def _ask(self) -> None:
        target = Path(self.target.text().strip()).expanduser()
        exists = target.exists()
        if exists and not self._may_replace(target):
            return
        self.tell("")
        self.export_wanted.emit(self.formats.currentData(), target, exists)

    def _may_replace(self, target: Path) -> bool:
        text = f"{target} exists. Replace it?"
        yes = QMessageBox.StandardButton.Yes
        return QMessageBox.question(self, "Replace?", text) == yes
