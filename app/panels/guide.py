"""The camera guide over the live picture: one step after the other, each can be skipped."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.camera_guide import STEPS
from app.language import tr
from app.theme import styled
from engine.pipeline.status import PipelineStatus
from engine.types import PoseResult

GOOD, NOT_YET = "✓", "…"


class Guide(QFrame):
    left = pyqtSignal()  # at the end, or before

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self._step = 0
        self._result: PoseResult | None = None
        self._title, self._finding = styled(QLabel(), "title"), QLabel()
        for label in (self._title, self._finding):
            label.setWordWrap(True)
        self.following, self.skip = QPushButton(tr("Next step")), QPushButton(tr("Skip the guide"))
        self.following.clicked.connect(self._go_on)
        self.skip.clicked.connect(self.end)
        row, words, buttons = QHBoxLayout(self), QVBoxLayout(), QVBoxLayout()
        row.setContentsMargins(16, 8, 8, 8)
        for column, parts in (
            (words, (self._title, self._finding)),
            (buttons, (self.following, self.skip)),
        ):
            column.setSpacing(4)
            for part in parts:
                column.addWidget(part)
        row.addLayout(words, stretch=1)
        row.addLayout(buttons)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown, empty when nothing is."""
        return "" if self.isHidden() else f"{self._title.text()}: {self._finding.text()}"

    def begin(self) -> None:
        self._step = 0
        self.show_status(PipelineStatus())
        self.show()

    def end(self) -> None:
        self.hide()
        self.left.emit()

    def show_result(self, result: PoseResult) -> None:
        self._result = result

    def show_status(self, status: PipelineStatus) -> None:
        """A few times a second: judge the present step."""
        title, judge = STEPS[self._step]
        finding = judge(status, self._result)
        self._title.setText(f"{self._step + 1}/{len(STEPS)}  {tr(title)}")
        self._finding.setText(f"{GOOD if finding.good else NOT_YET} {finding.text}")
        last = self._step == len(STEPS) - 1
        self.following.setText(tr("Done") if last else tr("Next step"))
        self.skip.setVisible(not last)

    def _go_on(self) -> None:
        if self._step == len(STEPS) - 1:
            self.end()
        else:
            self._step += 1
            self.show_status(PipelineStatus(source_state="opening"))
