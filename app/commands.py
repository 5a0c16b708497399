"""All commands with their keys, in one table, from which actions and cheat sheet are made.

A key may mean one thing live and another in a replay: each command says in which mode it works.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QAction, QGuiApplication, QKeySequence, QShowEvent
from PyQt6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.language import later, tr
from app.theme import styled

Mode = Literal["live", "replay"]

SCREEN, BAR = 0.95, 20  # of the screen that the cheat sheet may fill; pixels of a scroll bar


@dataclass(frozen=True)
class Command:
    name: str
    keys: tuple[str, ...]
    title: str
    icon: str = ""
    checkable: bool = False
    icon_on: str = ""  # while checked, where that looks different
    mode: Mode | None = None  # None: in both


DISMISS = later("End a countdown, full screen, message, guide or choice of a person")
_BACKBONES = tuple(
    Command(f"backbone_{number}", (str(number),), "Backbone at that place in the list", mode="live")
    for number in range(1, 10)
)
_LIVE = (
    Command("record", ("R",), "Start or stop recording", mode="live"),
    Command("pause", ("P",), "Pause the live picture", "pause", checkable=True, mode="live"),
    Command(
        "level", ("H",), "Level the camera, after somebody stood straight for 2 s", mode="live"
    ),
    Command("next_person", ("N",), "Make the next person the subject", mode="live"),
    *_BACKBONES,
    Command("guide", ("G",), "Camera guide: permission, light, distance, framing", mode="live"),
    Command("reset_view_live", ("Home",), "Reset the 3D view", mode="live"),
)
_REPLAY = (
    Command("play", ("Space",), "Play or pause", "play", True, "pause", "replay"),
    Command("frame_back", ("Left",), "One frame back", "step_back", mode="replay"),
    Command("frame_forward", ("Right",), "One frame forward", "step_forward", mode="replay"),
    Command("second_back", ("Shift+Left",), "One second back", mode="replay"),
    Command("second_forward", ("Shift+Right",), "One second forward", mode="replay"),
    Command("mark_back", ("Ctrl+Left",), "To the previous mark", mode="replay"),
    Command("mark_forward", ("Ctrl+Right",), "To the next mark", mode="replay"),
    Command("zoom_in", ("Ctrl++", "Ctrl+="), "Zoom into the timeline", mode="replay"),
    Command("zoom_out", ("Ctrl+-",), "Zoom out of the timeline", mode="replay"),
    Command("first", ("Home",), "To the first frame", "first", mode="replay"),
    Command("last", ("End",), "To the last frame", "last", mode="replay"),
    Command("slower", ("[",), "Slower", mode="replay"),
    Command("faster", ("]",), "Faster", mode="replay"),
    Command("loop", ("L",), "Loop", "loop", checkable=True, mode="replay"),
    Command("export", ("Ctrl+E",), "Export the session", mode="replay"),
    Command("live", ("Ctrl+L",), "Back to the live picture", "live", mode="replay"),
)
_BOTH = (
    Command("mirror", ("M",), "Mirror the view", "mirror", checkable=True),
    Command("uncertainty", ("U",), "Joint uncertainty", checkable=True),
    Command("angles", ("A",), "Joint angles", "angles", checkable=True),
    Command("reset_view", ("0",), "Reset the 3D view", "reset"),
    Command("from_above", ("O",), "The 3D view from above"),
    Command("turn_left", ("Alt+Left",), "Turn the 3D view"),
    Command("turn_right", ("Alt+Right",), "Turn the 3D view"),
    Command("turn_up", ("Alt+Up",), "Tilt the 3D view"),
    Command("turn_down", ("Alt+Down",), "Tilt the 3D view"),
    Command("nearer", ("+", "="), "Zoom the 3D view"),
    Command("farther", ("-",), "Zoom the 3D view"),
    Command("arrangement", ("V",), "Next arrangement of the views", "arrangement"),
    Command("fullscreen", ("F",), "Video over the full screen", "fullscreen", checkable=True),
    Command("panels", ("B",), "Show or hide the panels", "panels", checkable=True),
    Command("theme", ("T",), "Switch between dark and light", "theme"),
    Command("screenshot", ("S",), "Save a picture of the window", "screenshot"),
    Command("open_file", ("Ctrl+O",), "Open a video file"),
    Command("takes", ("Ctrl+T",), "List of recorded takes", "takes"),
    Command("open_session", ("Ctrl+Shift+O",), "Open a recorded session", "session"),
    Command("dismiss", ("Esc",), DISMISS, "close"),
    Command("help", ("F1", "?"), "Keyboard shortcuts", "help"),
    Command("undo", ("Ctrl+Z",), "Undo the last change of a setting"),
    Command("defaults", ("Ctrl+R",), "Reset all settings to their defaults"),
    Command("quit", ("Ctrl+Q",), "Quit"),
)
COMMANDS = (*_LIVE, *_REPLAY, *_BOTH)
GESTURES = (  # and what they do
    (later("Click"), later("Make that person the subject")),
    (later("Drag"), later("Turn the 3D view; move the horizon of the picture")),
    (later("Wheel"), later("Zoom the 3D view; over the panels, scroll")),
    (later("Ctrl+drag"), later("Move the 3D view")),
    (later("Drop"), later("Replay a session; open a video or folder")),
    (later("Click, drag"), later("Go to that moment of the timeline")),
)


def make_actions(owner: QWidget) -> dict[str, QAction]:
    """One QAction for each command, by its name, listening in the owner's window."""
    actions = {}
    for command in COMMANDS:
        action = QAction(tr(command.title), owner)
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        action.setToolTip(f"{tr(command.title)} ({command.keys[0]})")
        action.setCheckable(command.checkable)
        owner.addAction(action)
        actions[command.name] = action
    return actions


def set_mode(actions: Mapping[str, QAction], mode: Mode) -> None:
    """Enable and show only the commands that work in this mode."""
    for command in COMMANDS:
        works = command.mode in (mode, None)
        actions[command.name].setVisible(works)  # first: Qt enables no hidden action
        actions[command.name].setEnabled(works)


class CheatSheet(QDialog):
    """The table, to read beside the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        table, scrolled, whole = QWidget(), QScrollArea(), QVBoxLayout(self)
        columns = QHBoxLayout(table)
        columns.setContentsMargins(24, 20, 28, 22)
        columns.setSpacing(36)
        left = {tr("Live"): _rows(_LIVE), tr("Everywhere"): _rows(_BOTH)}
        mouse = [([tr(gesture)], tr(does)) for gesture, does in GESTURES]
        right = {tr("Replay"): _rows(_REPLAY), tr("Mouse"): mouse}
        for parts in (left, right):
            column = QVBoxLayout()
            column.setSpacing(8)
            for title, rows in parts.items():
                column.addWidget(styled(QLabel(title.upper()), "card_title"))
                column.addLayout(_table(rows))
                column.addSpacing(16)
            column.addStretch(1)
            columns.addLayout(column)
        scrolled.setWidget(table)
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        self._table = table
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled)

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802
        """As large as it has to be, as far as the screen has room."""
        super().showEvent(event)
        screen = self.screen() or QGuiApplication.primaryScreen()
        assert screen is not None
        room, bar = screen.availableSize() * SCREEN, QSize(BAR, BAR)
        self.resize((self._table.sizeHint() + bar).boundedTo(room))


def _rows(commands: Iterable[Command]) -> list[tuple[list[str], str]]:
    """Keys and what they do; commands with one title share a row, by their first keys."""
    rows = []
    for title, commands_of in groupby(commands, key=lambda command: command.title):
        group = list(commands_of)
        keys = list(group[0].keys) if len(group) == 1 else [command.keys[0] for command in group]
        rows.append((keys, tr(title)))
    return rows


def _table(rows: Iterable[tuple[list[str], str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    for row, (keys, title) in enumerate(rows):
        shown = keys if len(keys) <= 2 else [keys[0], "…", keys[-1]]
        grid.addWidget(_keys(shown), row, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(title), row, 1)
    return grid


def _keys(keys: list[str]) -> QWidget:
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    for key in keys:
        row.addWidget(styled(QLabel(key), "muted" if key == "…" else "key"))
    return widget
