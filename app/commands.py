"""Everything a key does, in one table; it makes the actions and the cheat sheet alike."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QWidget

from app.theme import styled


@dataclass(frozen=True)
class Command:
    name: str
    keys: tuple[str, ...]
    title: str
    icon: str = ""
    checkable: bool = False


BACKBONES = tuple(
    Command(f"backbone_{number}", (str(number),), "Backbone of that place in the list")
    for number in range(1, 10)
)
COMMANDS = (
    Command("record", ("R",), "Start or stop recording"),
    Command("pause", ("P",), "Hold the picture still", "pause", checkable=True),
    Command("mirror", ("M",), "Mirror the view", "mirror", checkable=True),
    *BACKBONES,
    Command("reset_view", ("0", "Home"), "Reset the 3D view", "reset"),
    Command("fullscreen", ("F",), "Video over the full screen", "fullscreen", checkable=True),
    Command("panels", ("B",), "Show or hide the panels", "panels", checkable=True),
    Command("theme", ("T",), "Dark or light", "theme"),
    Command("screenshot", ("S",), "Save a picture of the window", "screenshot"),
    Command("open_file", ("Ctrl+O",), "Open a video file"),
    Command("dismiss", ("Esc",), "Put the message away, leave the full screen", "close"),
    Command("help", ("F1", "?"), "Keyboard shortcuts", "help"),
    Command("quit", ("Ctrl+Q",), "Quit"),
)


def make_actions(owner: QWidget) -> dict[str, QAction]:
    """One QAction for each command, by its name, listening in the owner's window."""
    actions = {}
    for command in COMMANDS:
        action = QAction(command.title, owner)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setToolTip(f"{command.title} ({command.keys[0]})")
        action.setCheckable(command.checkable)
        owner.addAction(action)
        actions[command.name] = action
    return actions


class CheatSheet(QDialog):
    """The table, to read beside the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 20, 28, 22)
        grid.setHorizontalSpacing(20)
        for row, (title, group) in enumerate(groupby(COMMANDS, key=lambda c: c.title)):
            keys = [key for command in group for key in command.keys]
            shown = keys if len(keys) <= 2 else [keys[0], "…", keys[-1]]
            grid.addWidget(_keys(shown), row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(QLabel(title), row, 1)


def _keys(keys: list[str]) -> QWidget:
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    for key in keys:
        row.addWidget(styled(QLabel(key), "muted" if key == "…" else "key"))
    return widget
