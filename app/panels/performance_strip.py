"""The figures along the bottom: rates, inference time, age of frames when painted, drops, swaps."""

from __future__ import annotations

import time
from collections import deque

import numpy as np
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel

from app.language import tr
from app.theme import fixed_font, styled
from engine.pipeline.status import PipelineStatus
from engine.types import PoseResult

MARGIN, GAP = 16, 14  # pixels
WINDOW = 3.0  # s, over which the ages are taken


class PerformanceStrip(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("strip")
        self._ages: deque[tuple[float, float]] = deque()  # when painted, age then; seconds
        self._pairs: list[tuple[QLabel, QLabel]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(MARGIN, 5, MARGIN, 5)
        self._row.setSpacing(6)
        self.capture = self._figure(tr("Capture"), 9)
        self.inference = self._figure(tr("Inference"), 9)
        self.backbone = self._figure(tr("Backbone"), 9)
        self.age = self._figure(tr("Frame age p50 / p95"), 13)
        self.dropped = self._figure(tr("Dropped"), 6)
        self.swaps = self._figure(tr("Left/right swaps"), 5)
        self.swaps.setToolTip(tr("How often left and right were swapped and corrected"))
        self._row.addStretch(1)

    def _figure(self, title: str, characters: int) -> QLabel:
        """A label of fixed width behind its title."""
        if self._row.count():
            self._row.addSpacing(GAP)
        words = styled(QLabel(title), "muted")
        self._row.addWidget(words)
        figure = QLabel()
        figure.setFont(fixed_font())
        figure.setFixedWidth(figure.fontMetrics().horizontalAdvance("0" * characters))
        self._row.addWidget(figure)
        self._pairs.append((words, figure))
        return figure

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802
        """What has no room is not shown, from the right on."""
        super().resizeEvent(event)
        right = MARGIN
        for title, figure in self._pairs:
            right += GAP + title.sizeHint().width() + figure.width() + 2 * self._row.spacing()
            for part in (title, figure):
                part.setVisible(right <= self.width())

    def frame_painted(self, timestamp: float) -> None:
        """A frame captured at ``timestamp`` is on the screen now; a replay's has no age."""
        if self.isHidden():
            return
        now = time.monotonic()
        self._ages.append((now, now - timestamp))

    def ages(self) -> np.ndarray:
        """Seconds from capture to paint of the frames of the last WINDOW seconds."""
        while self._ages and self._ages[0][0] < time.monotonic() - WINDOW:
            self._ages.popleft()
        return np.array([age for _, age in self._ages])

    def show_result(self, result: PoseResult) -> None:
        self.swaps.setText(f"{result.swaps:5d}")

    def show_status(self, status: PipelineStatus) -> None:
        self.capture.setText(f"{status.capture_fps:5.1f} fps")
        self.inference.setText(f"{status.inference_fps:5.1f} fps")
        self.backbone.setText(f"{status.inference_ms:5.1f} ms")
        self.dropped.setText(f"{status.dropped:6d}")
        ages = self.ages() * 1e3
        if len(ages):
            median, high = np.percentile(ages, (50, 95))
            self.age.setText(f"{median:4.0f} /{high:4.0f} ms")
        else:
            self.age.setText("   – /   – ms")
