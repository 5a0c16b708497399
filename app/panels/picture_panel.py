"""How many are followed, and how skeletons are shown: smoothing, threshold, mirror."""

from __future__ import annotations

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QCheckBox

from app.language import tr
from app.panels.card import Card, Choices, ShareSlider
from engine.types import MOST_PEOPLE


class PicturePanel(Card):
    def __init__(
        self,
        people: int,
        smoothing: float,
        threshold: float,
        mirror: QAction,
        uncertainty: QAction,
    ) -> None:
        super().__init__(tr("Skeleton"))
        self.people = Choices()
        self.people.setAccessibleName(tr("How many people are followed"))
        self.people.setToolTip(tr("Others are seen, and can be clicked, but not followed"))
        for count in range(1, MOST_PEOPLE + 1):
            title = tr("Follow {} people").format(count) if count > 1 else tr("Follow one person")
            self.people.addItem(title, count)
        self.people.setCurrentIndex(self.people.findData(people))
        self.add_row(self.people)
        self.smoothing = ShareSlider(
            tr("Smoothing"), smoothing, tr("Less jitter to the right, less lag to the left")
        )
        self.threshold = ShareSlider(
            tr("Score threshold"), threshold, tr("A joint that scores less counts as unseen")
        )
        tip = tr("Show the view as a mirror does; recordings are not mirrored")
        mirrored = _box(mirror, tr("Mirror the view"), tip)
        tip = tr("One standard deviation around each joint in 3D, where the lifter estimates it")
        unsure = _box(uncertainty, tr("Joint uncertainty"), tip)
        for widget in (self.smoothing, self.threshold, mirrored, unsure):
            self.rows.addWidget(widget)


def _box(action: QAction, title: str, tip: str) -> QCheckBox:
    box = QCheckBox(title)
    box.setToolTip(tip)
    box.setChecked(action.isChecked())
    box.toggled.connect(action.setChecked)
    action.toggled.connect(box.setChecked)
    return box
