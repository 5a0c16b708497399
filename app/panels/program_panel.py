"""What concerns the window as a whole: its arrangement; settings undone, or reset."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QComboBox

from app.panels.card import Card, action_button
from app.view_area import ARRANGEMENTS


class ProgramPanel(Card):
    arrangement_chosen = pyqtSignal(str)

    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("Window")
        self.arrangements = QComboBox()
        self.arrangements.setAccessibleName("Arrangement of the views")
        for name, title in ARRANGEMENTS.items():
            self.arrangements.addItem(title, name)
        self.arrangements.currentIndexChanged.connect(
            lambda row: self.arrangement_chosen.emit(self.arrangements.itemData(row))
        )
        self.add_row(self.arrangements)
        self.add_row(
            action_button(actions["defaults"], "Reset to defaults"),
            action_button(actions["undo"], "Undo"),
        )

    def select_arrangement(self, name: str) -> None:
        self.arrangements.setCurrentIndex(self.arrangements.findData(name))

    def next_arrangement(self) -> None:
        row = self.arrangements.currentIndex() + 1
        self.arrangements.setCurrentIndex(row % self.arrangements.count())
