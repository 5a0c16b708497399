"""One line under the toolbar that says what happened. Never modal; can be put away."""

from __future__ import annotations

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton

from engine.pipeline import PipelineStatus


class Banner(QFrame):
    def __init__(self, dismiss: QAction) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._from_pipeline = ""
        self._label = QLabel()
        self._label.setWordWrap(True)
        button = QToolButton()
        button.setDefaultAction(dismiss)
        dismiss.triggered.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(self._label, stretch=1)
        row.addWidget(button)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown, empty when nothing is."""
        return "" if self.isHidden() else self._label.text()

    def tell(self, message: str) -> None:
        """Show one line; empty puts the banner away."""
        self._label.setText(message)
        self.setVisible(bool(message))

    def show_status(self, status: PipelineStatus) -> None:
        """Follow the pipeline's message; one that was put away stays away until it changes."""
        if status.message != self._from_pipeline:
            self._from_pipeline = status.message
            self.tell(status.message)
