"""The window as a whole: arrangement, language, undo and reset of settings."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction

from app.language import LANGUAGES, SYSTEM, tr
from app.panels.card import Card, Choices, action_button
from app.view_area import ARRANGEMENTS


class ProgramPanel(Card):
    arrangement_chosen = pyqtSignal(str)
    language_chosen = pyqtSignal(str)

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__(tr("Window"))
        self.arrangements = Choices()
        self.arrangements.setAccessibleName(tr("Arrangement of the views"))
        for name, title in ARRANGEMENTS.items():
            self.arrangements.addItem(tr(title), name)
        self.arrangements.currentIndexChanged.connect(
            lambda row: self.arrangement_chosen.emit(self.arrangements.itemData(row))
        )
        self.languages = Choices()
        self.languages.setAccessibleName(tr("Language"))
        self.languages.addItem(tr("System language"), SYSTEM)
        for name, title in LANGUAGES.items():
            self.languages.addItem(title, name)
        self.languages.activated.connect(
            lambda row: self.language_chosen.emit(self.languages.itemData(row))
        )
        self.add_row(self.arrangements)
        self.add_row(self.languages)
        self.add_row(
            action_button(actions["defaults"], tr("Reset to defaults")),
            action_button(actions["undo"], tr("Undo")),
        )

    @property
    def language(self) -> str:
        return str(self.languages.currentData())

    def select_language(self, name: str) -> None:
        """Show it without choosing it."""
        self.languages.setCurrentIndex(self.languages.findData(name))

    def select_arrangement(self, name: str) -> None:
        self.arrangements.setCurrentIndex(self.arrangements.findData(name))

    def next_arrangement(self) -> None:
        row = self.arrangements.currentIndex() + 1
        self.arrangements.setCurrentIndex(row % self.arrangements.count())
