"""What concerns the program as a whole: settings undone, or reset. Knows no setting."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtGui import QAction

from app.panels.card import Card, action_button


class ProgramPanel(Card):
    def __init__(self, actions: Mapping[str, QAction]) -> None:
        super().__init__("Settings")
        self.add_row(
            action_button(actions["defaults"], "Reset to defaults"),
            action_button(actions["undo"], "Undo"),
        )
