"""How the skeleton follows and how it is shown: smoothing, score threshold, mirror."""

from __future__ import annotations

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QCheckBox

from app.panels.card import Card, ShareSlider


class PicturePanel(Card):
    def __init__(self, smoothing: float, threshold: float, mirror: QAction) -> None:
        super().__init__("Skeleton")
        self.smoothing = ShareSlider(
            "Smoothing", smoothing, "Less jitter to the right, less lag to the left"
        )
        self.threshold = ShareSlider(
            "Score threshold", threshold, "A joint that scores less counts as unseen"
        )
        box = QCheckBox("Mirror the view")
        box.setToolTip("Like a looking-glass; what is recorded stays as it is")
        box.setChecked(mirror.isChecked())
        box.toggled.connect(mirror.setChecked)
        mirror.toggled.connect(box.setChecked)
        for widget in (self.smoothing, self.threshold, box):
            self.rows.addWidget(widget)
