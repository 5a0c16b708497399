"""The list of takes: picture, name, date, length, share of the frames that were tracked.

Emits what was asked for; reads, renames and deletes nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QSignalBlocker, QSize, Qt, pyqtBoundSignal, pyqtSignal
from PyQt6.QtGui import QIcon, QImage, QPixmap
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.language import later, tr
from app.theme import styled
from app.views.time_axis import clock
from engine.session.finished_takes import FinishedTake

COLUMNS = (later("Take"), later("Recorded"), later("Length"), later("Tracked"))
HEIGHT = 54  # pixels, of a picture
NO_TAKES = later("No takes yet in {}.")


class TakesDialog(QDialog):
    replay_wanted = pyqtSignal(Path)
    folder_wanted = pyqtSignal(Path)  # to be shown
    delete_wanted = pyqtSignal(Path)
    renamed = pyqtSignal(Path, str)  # a take, and the name it is to have

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Takes"))
        self.resize(760, 480)
        self.list = QTreeWidget()
        self.list.setAccessibleName(tr("Takes"))
        self.list.setHeaderLabels([tr(title) for title in COLUMNS])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setIconSize(QSize(HEIGHT * 2, HEIGHT))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)  # F2
        header = self.list.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._none = styled(QLabel(), "muted")
        self.replay, self.rename = QPushButton(tr("Replay")), QPushButton(tr("Rename"))
        self.folder, self.delete = QPushButton(tr("Show in folder")), QPushButton(tr("Delete…"))
        self.replay.setDefault(True)
        self.delete.setShortcut("Del")
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        column, buttons = QVBoxLayout(self), QHBoxLayout()
        for button in (self.folder, self.rename, self.delete):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.replay)
        column.addWidget(self.list)
        column.addWidget(self._none)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.replay.clicked.connect(lambda: self._say(self.replay_wanted))
        self.list.itemDoubleClicked.connect(lambda: self._say(self.replay_wanted))
        self.folder.clicked.connect(lambda: self._say(self.folder_wanted))
        self.delete.clicked.connect(lambda: self._say(self.delete_wanted))
        self.rename.clicked.connect(lambda: self.list.editItem(self.list.currentItem(), 0))
        self.list.itemChanged.connect(self._tell_name)
        self.list.currentItemChanged.connect(self._enable)

    @property
    def current(self) -> Path | None:
        item = self.list.currentItem()
        return item.data(0, Qt.ItemDataRole.UserRole) if item else None

    def show_takes(self, folder: Path, takes: Sequence[FinishedTake]) -> None:
        """folder: where they are; the one that was chosen stays chosen."""
        before = self.current
        with QSignalBlocker(self.list):
            self.list.clear()
            for take in takes:
                self.list.addTopLevelItem(_item(take))
        self._none.setText(tr(NO_TAKES).format(folder))
        self._none.setVisible(not takes)
        items = {item.data(0, Qt.ItemDataRole.UserRole): item for item in self._items()}
        chosen = items.get(before) or self.list.topLevelItem(0)
        self.list.setCurrentItem(chosen)
        self._enable()

    def show_pictures(self, pictures: Mapping[Path, np.ndarray]) -> None:
        """(H, W, 3) uint8 RGB, of takes that are listed."""
        with QSignalBlocker(self.list):
            for item in self._items():
                picture = pictures.get(item.data(0, Qt.ItemDataRole.UserRole))
                if picture is not None:
                    item.setIcon(0, _icon(picture))

    def _items(self) -> list[QTreeWidgetItem]:
        rows = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        return [item for item in rows if item]

    def _say(self, signal: pyqtBoundSignal) -> None:
        if (take := self.current) is not None:
            signal.emit(take)

    def _tell_name(self, item: QTreeWidgetItem) -> None:
        take = item.data(0, Qt.ItemDataRole.UserRole)
        if item.text(0) != take.name:
            self.renamed.emit(take, item.text(0))

    def _enable(self) -> None:
        for button in (self.replay, self.rename, self.folder, self.delete):
            button.setEnabled(self.current is not None)


def _item(take: FinishedTake) -> QTreeWidgetItem:
    when = take.started[:16].replace("T", " ")
    tracked = "–" if take.tracked is None else f"{100 * take.tracked:.0f} %"
    item = QTreeWidgetItem([take.folder.name, when, clock(take.seconds), tracked])
    item.setData(0, Qt.ItemDataRole.UserRole, take.folder)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    item.setToolTip(0, str(take.folder))
    return item


def _icon(picture: np.ndarray) -> QIcon:
    rows = np.ascontiguousarray(picture)
    height, width = rows.shape[:2]
    image = QImage(rows.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    icon = QIcon(QPixmap.fromImage(image))
    icon.addPixmap(QPixmap.fromImage(image), QIcon.Mode.Selected)  # Qt would tint it
    return icon
