"""The lifter: what is chosen, and what really runs. Loads nothing."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal

from app.language import tr
from app.panels.card import Card, Choices
from engine.models.model_spec import ModelSpec
from engine.pipeline.status import PipelineStatus


class LifterPanel(Card):
    lifter_chosen = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__(tr("Lifter"))
        self.lifters = Choices()
        self.lifters.setAccessibleName(tr("Lifter"))
        self.lifters.activated.connect(lambda: self.choose(self.lifter))
        self.add_row(self.lifters)

    @property
    def lifter(self) -> str:
        return str(self.lifters.currentData() or "")

    def set_choices(self, models: Mapping[str, ModelSpec]) -> None:
        for name, spec in models.items():
            self.lifters.addItem(spec.title, name)
            row = self.lifters.count() - 1
            self.lifters.setItemData(row, describe(spec), Qt.ItemDataRole.ToolTipRole)

    def select(self, lifter: str) -> None:
        """Show a choice without making it."""
        with QSignalBlocker(self.lifters):
            self.lifters.setCurrentIndex(max(self.lifters.findData(lifter), 0))
        self.lifters.setToolTip(str(self.lifters.currentData(Qt.ItemDataRole.ToolTipRole) or ""))

    def choose(self, lifter: str) -> None:
        """Make a choice, as a click would."""
        self.select(lifter)
        self.lifter_chosen.emit(lifter)

    def show_status(self, status: PipelineStatus) -> None:
        if status.lifter and not status.loading and status.lifter != self.lifter:
            self.select(status.lifter)


def describe(spec: ModelSpec) -> str:
    """A tooltip: the network, its size, and its error on each held-out set."""
    errors = [
        f"{name.replace('_', ' ')}: P1 {row['p1']} mm"
        for name, row in spec.metrics.items()
        if name.endswith("held_out") and isinstance(row, Mapping) and "p1" in row
    ]
    return "\n".join(
        [spec.architecture, tr("{:.2f} M parameters").format(spec.params / 1e6), *errors]
    )
