"""Backbone and runtime: what is chosen, and what really runs. Loads nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QLabel, QProgressBar, QPushButton

from app.choice import Choice, Speed, accuracies, headlines
from app.engine_texts import translated
from app.language import later, tr
from app.panels.card import Card, Choices, ElidedLabel
from app.theme import styled
from engine.models.model_spec import ModelSpec
from engine.pipeline.status import PipelineStatus
from engine.runtimes import AUTO
from engine.tensorrt_build import Progress

AUTOMATIC = ""  # the name of no backbone: the program chooses
RUNTIME_TITLES = {
    AUTO: later("Automatic runtime"),
    "tensorrt": "TensorRT",
    "openvino": "OpenVINO",
    "onnxruntime": "ONNX Runtime",
}


class BackbonePanel(Card):
    backbone_chosen = pyqtSignal(str, str)  # backbone, runtime
    build_cancelled = pyqtSignal()  # of an engine

    def __init__(self) -> None:
        super().__init__(tr("Backbone"))
        self.backbones, self.runtimes = Choices(), Choices()
        self.backbones.setAccessibleName(tr("Backbone"))
        self.runtimes.setAccessibleName(tr("Runtime"))
        self._titles: dict[str, str] = {}
        self._accuracies: dict[str, float] = {}  # percent
        self._choice: Choice | None = None  # what AUTOMATIC stands for, once that is known
        self.choice = styled(QLabel(), "muted")
        self.choice.setWordWrap(True)
        self._running, self._device = ElidedLabel(), ElidedLabel()
        self.engine, self._phase = styled(QLabel(), "muted"), ElidedLabel()
        self.engine.setWordWrap(True)
        self.progress, self.cancel = QProgressBar(), QPushButton(tr("Cancel"))
        self.progress.setRange(0, 100)
        self.progress.setAccessibleName(tr("Progress of the engine"))
        self.cancel.clicked.connect(self.build_cancelled)
        self.add_row(self.backbones)
        shown = (self.choice, self.runtimes, self._running, self._device, self.engine, self._phase)
        for widget in shown:
            self.rows.addWidget(widget)
        self.add_row(self.progress, self.cancel)
        self.show_engine("")
        self.show_build(None)
        for box in (self.backbones, self.runtimes):
            box.activated.connect(lambda: self.choose(self.backbone, self.runtime))

    @property
    def backbone(self) -> str:
        return str(self.backbones.currentData() or "")

    @property
    def runtime(self) -> str:
        return str(self.runtimes.currentData() or AUTO)

    def set_choices(self, models: Mapping[str, ModelSpec], runtimes: Sequence[str]) -> None:
        self._titles = {name: spec.title for name, spec in models.items()}
        self._accuracies = accuracies(models)
        self.backbones.addItem(tr("Automatic"), AUTOMATIC)
        for row, (name, spec) in enumerate(models.items(), start=1):
            self.backbones.addItem(spec.title, name)
            self.backbones.setItemData(row, describe(spec), Qt.ItemDataRole.ToolTipRole)
        self.show_speeds({})
        for name in (AUTO, *runtimes):
            self.runtimes.addItem(tr(RUNTIME_TITLES.get(name, name)), name)

    def select(self, backbone: str, runtime: str) -> None:
        """Show a choice without making it. runtime: as `open_runtime` takes it."""
        kind, _, device = runtime.partition(":")
        if device and self.runtimes.findData(runtime) < 0 <= self.runtimes.findData(kind):
            self.runtimes.addItem(f"{tr(RUNTIME_TITLES.get(kind, kind))} · {device}", runtime)
        for box, name in ((self.backbones, backbone), (self.runtimes, runtime)):
            with QSignalBlocker(box):
                box.setCurrentIndex(max(box.findData(name), 0))
        tip = self.backbones.currentData(Qt.ItemDataRole.ToolTipRole)
        self.backbones.setToolTip(str(tip or ""))
        self._show_choice()

    def choose_row(self, row: int) -> None:
        """Make the choice of that row, as a click would."""
        if row < self.backbones.count():
            self.choose(str(self.backbones.itemData(row)), self.runtime)

    def show_status(self, status: PipelineStatus) -> None:
        if status.loading:
            self._running.set_text(tr("Loading {}…").format(self.title(status.loading)))
            self._device.set_text("")
        elif status.backbone:
            title = tr(RUNTIME_TITLES.get(status.runtime, status.runtime))
            self._running.set_text(f"{title} · {status.precision}")
            self._device.set_text(status.device)
            same = self.runtime.split(":")[0] in (AUTO, status.runtime)
            runtime = self.runtime if same else status.runtime
            real = (status.backbone, runtime)
            chosen = self.backbone or (self._choice.backbone if self._choice else status.backbone)
            if self.progress.isHidden() and real != (chosen, self.runtime):
                self.select(*real)
        else:
            self._running.set_text(tr("No backbone runs"))

    def show_choice(self, choice: Choice | None) -> None:
        """What *Automatic* stands for; None while that is being measured."""
        self._choice = choice
        if choice:
            self.show_speeds(choice.speeds)
        self._show_choice()

    def _show_choice(self) -> None:
        measuring = tr("Measuring how fast this machine is…")
        self.choice.setText(translated(str(self._choice)) if self._choice else measuring)
        self.choice.setVisible(self.backbone == AUTOMATIC)

    def show_speeds(self, speeds: Mapping[str, Speed]) -> None:
        """Put each backbone's speed and accuracy behind its title."""
        for row in range(1, self.backbones.count()):
            name = str(self.backbones.itemData(row))
            right = [f"PCK {self._accuracies[name]:.0f}"] if name in self._accuracies else []
            figures = [str(speeds[name])] if name in speeds else []
            self.backbones.setItemText(row, " · ".join([self._titles[name], *figures, *right]))
        if view := self.backbones.view():
            view.setMinimumWidth(view.sizeHintForColumn(0))  # the open list, wider than the box

    def show_engine(self, text: str) -> None:
        """What was measured of the TensorRT engine, or why it is not used; empty for none."""
        self.engine.setText(text)
        self.engine.setVisible(bool(text))

    def show_build(self, progress: Progress | None) -> None:
        """The progress of an engine build; None when none is under way."""
        for widget in (self._phase, self.progress, self.cancel):
            widget.setVisible(progress is not None)
        if progress:
            self._phase.set_text(
                tr("TensorRT engine: {}, {:.0%}").format(progress.phase, progress.done)
            )
            self.progress.setValue(round(100 * progress.done))

    def title(self, name: str) -> str:
        """The title of a backbone."""
        return self._titles.get(name, name)

    def choose(self, backbone: str, runtime: str) -> None:
        """Make a choice, as clicks would."""
        self.select(backbone, runtime)
        self.backbone_chosen.emit(self.backbone, self.runtime)


def describe(spec: ModelSpec) -> str:
    """A tooltip: size, cost, and the measured metrics."""
    height, width = spec.input_size
    lines = [
        f"{spec.architecture}, {width} × {height}",
        tr("{:.2f} M parameters, {:.2f} GMACs").format(spec.params / 1e6, spec.gmacs),
        *_figures(spec.metrics),
    ]
    return "\n".join(lines)


def _figures(metrics: Mapping[str, Any]) -> Iterator[str]:
    """What was measured, and by the first metric one figure for each set of pictures."""
    if "what" in metrics:
        yield f"{metrics['what']}:"
    tables = ((metric, headlines(rows)) for metric, rows in metrics.items())
    metric, figures = next((found for found in tables if found[1]), ("", {}))
    yield from (f"{metric} {name} {figure}" for name, figure in figures.items())
