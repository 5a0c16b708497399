"""The session that is replayed: what it is, its notes, its results, and what can be done with it.

Says what was asked for; reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QComboBox, QLabel, QLineEdit, QProgressBar, QPushButton

from app.panels.card import Card, ElidedLabel, action_button
from app.theme import styled


class SessionPanel(Card):
    result_chosen = pyqtSignal(object)  # its name, None for the one that was recorded
    notes_changed = pyqtSignal(str)
    rerun_wanted = pyqtSignal(str)  # backbone
    rerun_cancelled = pyqtSignal()

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("Session")
        self._name, self._facts = ElidedLabel(), styled(QLabel(), "muted")
        self._facts.setWordWrap(True)
        self.results, self.backbones, self.notes = QComboBox(), QComboBox(), QLineEdit()
        self.results.setAccessibleName("Result shown")
        self.results.activated.connect(
            lambda row: self.result_chosen.emit(self.results.itemData(row))
        )
        self.notes.setPlaceholderText("Notes")
        self.notes.editingFinished.connect(self._tell_notes)
        self._known_notes = ""
        self.backbones.setAccessibleName("Backbone to run again with")
        self.rerun = QPushButton("Run again")
        self.rerun.setToolTip("Run the recorded video through this backbone; both results are kept")
        self.rerun.clicked.connect(self._ask_rerun)
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.hide()
        for widget in (self._name, self._facts, self.notes, self.results):
            self.rows.addWidget(widget)
        self.add_row(self.backbones, self.rerun)
        self.rows.addWidget(self.progress)
        self.add_row(
            action_button(actions["export"], "Export…"),
            action_button(actions["live"], "Back to live"),
        )

    def show_session(
        self, name: str, facts: Sequence[str], notes: str, results: Mapping[str | None, str]
    ) -> None:
        """results: name → title; None is the recorded one."""
        self._tell_notes()  # of the session that was shown before
        self._name.set_text(name)
        self._facts.setText("\n".join(facts))
        self._known_notes = notes
        self.notes.setText(notes)
        self.results.clear()
        for result, title in results.items():
            self.results.addItem(title, result)

    def select(self, result: str | None) -> None:
        """Show a result as the chosen one, without choosing it."""
        with QSignalBlocker(self.results):
            self.results.setCurrentIndex(max(self.results.findData(result), 0))

    def set_backbones(self, titles: Mapping[str, str]) -> None:
        self.backbones.clear()
        for name, title in titles.items():
            self.backbones.addItem(title, name)

    def show_progress(self, share: float | None) -> None:
        """Of a run; None when none is under way."""
        self.progress.setVisible(share is not None)
        self.progress.setValue(round(100 * (share or 0)))
        self.rerun.setText("Run again" if share is None else "Cancel")
        self.backbones.setEnabled(share is None)

    def _ask_rerun(self) -> None:
        if not self.progress.isHidden():
            self.rerun_cancelled.emit()
        elif name := self.backbones.currentData():
            self.rerun_wanted.emit(name)

    def _tell_notes(self) -> None:
        if (notes := self.notes.text().strip()) != self._known_notes:
            self._known_notes = notes
            self.notes_changed.emit(notes)
