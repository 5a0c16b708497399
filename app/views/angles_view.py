"""The joint angles of the subject, as figures; a dash where a joint is unseen.

Takes a PoseResult and draws it.
"""

from __future__ import annotations

import numpy as np
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from app.language import tr
from app.theme import set_figure_size, styled
from engine.skeleton import kind_of, side_of
from engine.space.horizon import up_before
from engine.space.joint_angles import ANGLES, joint_angles
from engine.types import PoseResult

NONE = "   –"


def kinds() -> tuple[str, ...]:
    """The angles without their sides: ``knee_flexion``, …, each once."""
    return tuple(dict.fromkeys(map(kind_of, ANGLES)))


def title(kind: str) -> str:
    """``knee_flexion`` → Knee flexion."""
    return tr(kind.replace("_", " ").capitalize())


class AnglesView(QWidget):
    """Nothing is kept from one result to the next, so no figure is ever a stale one."""

    def __init__(self, threshold: float) -> None:
        super().__init__()
        self._threshold = threshold
        self._figures = {name: QLabel(NONE) for name in ANGLES}
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        columns = {"left": 1, "right": 2, "middle": 1}
        for side in ("left", "right"):
            grid.addWidget(styled(QLabel(tr(side)), "legend"), 0, columns[side])
        for row, kind in enumerate(kinds(), start=1):
            grid.addWidget(styled(QLabel(title(kind)), "legend"), row, 0)
        for name, figure in self._figures.items():
            set_figure_size(figure, len(NONE))
            row = 1 + kinds().index(kind_of(name))
            grid.addWidget(styled(figure, "legend"), row, columns[side_of(name)])

    def set_threshold(self, threshold: float) -> None:
        self._threshold = threshold

    def show_result(self, result: PoseResult) -> None:
        """Figures of the subject."""
        if self.isHidden():
            return
        pose = result.subject.pose3d if result.subject else None
        values = np.full(len(ANGLES), np.nan)
        if pose is not None:
            seen, up = pose.scores >= self._threshold, up_before(result.camera)
            values = joint_angles(pose.keypoints, seen, up)
        for figure, value in zip(self._figures.values(), values.tolist(), strict=True):
            figure.setText(NONE if np.isnan(value) else f"{value:3.0f}°")
