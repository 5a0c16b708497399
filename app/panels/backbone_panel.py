"""Which network runs, in which runtime: what was chosen and what really runs. Loads nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLabel, QProgressBar, QPushButton

from app.panels.card import Card, ElidedLabel
from app.theme import styled
from engine.models.model_spec import ModelSpec
from engine.pipeline.status import PipelineStatus
from engine.tensorrt_build import Progress

RUNTIME_TITLES = {
    "auto": "Automatic runtime",
    "tensorrt": "TensorRT",
    "openvino": "OpenVINO",
    "onnxruntime": "ONNX Runtime",
}


class BackbonePanel(Card):
    backbone_chosen = pyqtSignal(str, str)  # backbone, runtime
    build_cancelled = pyqtSignal()  # of an engine

    def __init__(self) -> None:
        super().__init__("Backbone")
        self.backbones, self.runtimes = QComboBox(), QComboBox()
        self.backbones.setAccessibleName("Backbone")
        self.runtimes.setAccessibleName("Runtime")
        self._running, self._device = styled(QLabel(), "muted"), ElidedLabel()
        self.engine, self._phase = styled(QLabel(), "muted"), ElidedLabel()
        self.engine.setWordWrap(True)
        self.progress, self.cancel = QProgressBar(), QPushButton("Cancel")
        self.progress.setRange(0, 100)
        self.cancel.clicked.connect(self.build_cancelled)
        shown = (self.backbones, self.runtimes, self._running, self._device, self.engine)
        for widget in (*shown, self._phase):
            self.rows.addWidget(widget)
        self.add_row(self.progress, self.cancel)
        self.show_engine("")
        self.show_build(None)
        for box in (self.backbones, self.runtimes):
            box.activated.connect(self._choose)

    @property
    def backbone(self) -> str:
        return str(self.backbones.currentData() or "")

    @property
    def runtime(self) -> str:
        return str(self.runtimes.currentData() or "auto")

    def set_choices(self, models: Mapping[str, ModelSpec], runtimes: Sequence[str]) -> None:
        for name, spec in models.items():
            self.backbones.addItem(spec.title, name)
            row = self.backbones.count() - 1
            self.backbones.setItemData(row, describe(spec), Qt.ItemDataRole.ToolTipRole)
        for name in ("auto", *runtimes):
            self.runtimes.addItem(RUNTIME_TITLES.get(name, name), name)

    def select(self, backbone: str, runtime: str) -> None:
        """Show a choice without making it."""
        for box, name in ((self.backbones, backbone), (self.runtimes, runtime)):
            with QSignalBlocker(box):
                box.setCurrentIndex(max(box.findData(name), 0))
        tip = self.backbones.currentData(Qt.ItemDataRole.ToolTipRole)
        self.backbones.setToolTip(str(tip or ""))

    def choose_row(self, row: int) -> None:
        """Make the choice of that row, as a click would."""
        if row < self.backbones.count():
            self.backbones.setCurrentIndex(row)
            self._choose()

    def show_status(self, status: PipelineStatus) -> None:
        if status.loading:
            self._running.setText(f"Loading {self.title(status.loading)}…")
            self._device.set_text("")
        elif status.backbone:
            title = RUNTIME_TITLES.get(status.runtime, status.runtime)
            self._running.setText(f"{title} · {status.precision}")
            self._device.set_text(status.device)
            runtime = self.runtime if self.runtime in ("auto", status.runtime) else status.runtime
            real = (status.backbone, runtime)
            if self.progress.isHidden() and real != (self.backbone, self.runtime):
                self.select(*real)
        else:
            self._running.setText("No backbone runs")

    def show_engine(self, text: str) -> None:
        """What was measured of the TensorRT engine, or why it is not used; empty for none."""
        self.engine.setText(text)
        self.engine.setVisible(bool(text))

    def show_build(self, progress: Progress | None) -> None:
        """Of an engine, while the old backbone runs; None when none is under way."""
        for widget in (self._phase, self.progress, self.cancel):
            widget.setVisible(progress is not None)
        if progress:
            self._phase.set_text(f"TensorRT engine: {progress.phase}, {progress.done:.0%}")
            self.progress.setValue(round(100 * progress.done))

    def title(self, name: str) -> str:
        """Of a backbone, as the list shows it."""
        return self.backbones.itemText(self.backbones.findData(name)) or name

    def _choose(self) -> None:
        self.select(self.backbone, self.runtime)
        self.backbone_chosen.emit(self.backbone, self.runtime)


def describe(spec: ModelSpec) -> str:
    """A tooltip: size, cost, and the measured metrics."""
    height, width = spec.input_size
    lines = [
        f"{spec.architecture}, {width} × {height}",
        f"{spec.params / 1e6:.2f} M parameters, {spec.gmacs:.2f} GMACs",
        *_figures(spec.metrics),
    ]
    return "\n".join(lines)


def _figures(metrics: Mapping[str, Any]) -> Iterator[str]:
    """What was measured, and by the first metric one figure for each set of pictures."""
    if "what" in metrics:
        yield f"{metrics['what']}:"
    headlines = ((metric, _headlines(rows)) for metric, rows in metrics.items())
    metric, figures = next((found for found in headlines if found[1]), ("", {}))
    yield from (f"{metric} {name} {figure}" for name, figure in figures.items())


def _headlines(rows: object) -> dict[str, object]:
    """Set → figure, of one metric's rows; nothing where that is no table."""
    table = rows.items() if isinstance(rows, Mapping) else ()
    return {name: row["all"] for name, row in table if isinstance(row, Mapping) and "all" in row}
