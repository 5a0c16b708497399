"""Which networks and runtime run, what each takes here and how often it is right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QLabel,
)
from pytestqt.qtbot import QtBot

from app.choice import METRIC, Speed
from app.panels.backbone_panel import BackbonePanel, describe
from app.panels.lifter_panel import LifterPanel
from engine.estimator import DEFAULT_BACKBONE
from engine.pipeline.status import PipelineStatus
from tests.app.conftest import BACKBONES, CHOICE
from tests.conftest import dot_spec

pytestmark = pytest.mark.gui


@pytest.fixture
def backbone(qtbot: QtBot) -> BackbonePanel:
    panel = BackbonePanel()
    panel.set_choices(BACKBONES, ("openvino", "onnxruntime"))
    panel.select("first", "auto")
    qtbot.addWidget(panel)
    return panel


def test_a_lifter_is_chosen_and_the_one_that_runs_is_shown(qtbot: QtBot) -> None:
    metrics = {"unit": "mm", "actor_held_out": {"p1": 61.5}, "tr_kick": {"p1": 70.0}}
    spec = replace(BACKBONES["first"], task="lift3d", title="Flat", params=1_105_456)
    panel = LifterPanel()
    qtbot.addWidget(panel)
    panel.set_choices({"flat": spec, "tall": replace(spec, metrics=metrics)})
    panel.lifters.setCurrentIndex(1)
    with qtbot.waitSignal(panel.lifter_chosen) as chosen:
        panel.lifters.activated.emit(1)
    assert chosen.args == ["tall"]
    panel.show_status(PipelineStatus(lifter="flat", loading="first"))
    assert panel.lifter == "tall"  # it is on its way
    panel.show_status(PipelineStatus(lifter="flat", message="tall is damaged"))
    assert panel.lifter == "flat"
    tip = panel.lifters.itemData(1, Qt.ItemDataRole.ToolTipRole).splitlines()
    assert tip == ["dots", "1.11 M parameters", "actor held out: P1 61.5 mm"]


def test_choosing_a_runtime_keeps_the_backbone(qtbot: QtBot, backbone: BackbonePanel) -> None:
    backbone.select("second", "auto")
    backbone.runtimes.setCurrentIndex(2)
    with qtbot.waitSignal(backbone.backbone_chosen) as chosen:
        backbone.runtimes.activated.emit(2)
    assert chosen.args == ["second", "onnxruntime"]


def test_the_list_says_what_each_takes_here_and_how_often_it_is_right(qtbot: QtBot) -> None:
    metrics = {METRIC: {"lsp": {"all": 61.5}}}
    panel = BackbonePanel()
    qtbot.addWidget(panel)
    panel.set_choices(
        BACKBONES | {DEFAULT_BACKBONE: dot_spec(DEFAULT_BACKBONE, metrics=metrics)}, ()
    )
    rows = panel.backbones
    assert [rows.itemText(row) for row in range(rows.count())] == [
        *("Automatic", "Dots", "Dots", "Dots · PCK 62"),
    ]
    panel.show_speeds({"first": Speed(24.6, False), DEFAULT_BACKBONE: Speed(5.44, True)})
    assert rows.itemText(1) == "Dots · ≈ 25 ms"
    assert rows.itemText(3) == "Dots · 5.4 ms · PCK 62"
    assert panel.title("first") == "Dots"


def test_automatic_stays_chosen_while_what_it_stands_for_runs(backbone: BackbonePanel) -> None:
    backbone.select("", "auto")
    backbone.show_choice(None)
    assert backbone.choice.text() == "Measuring how fast this machine is…"
    backbone.show_status(PipelineStatus(backbone="second"))  # what ran before
    assert backbone.backbone == ""
    backbone.show_choice(CHOICE)
    backbone.show_status(PipelineStatus(backbone="first"))
    assert (backbone.backbone, backbone.choice.text()) == ("", str(CHOICE))
    assert not backbone.choice.isHidden()
    backbone.show_status(PipelineStatus(backbone="second", message="first is damaged"))
    assert backbone.backbone == "second"
    assert backbone.choice.isHidden()


def test_a_number_beyond_the_list_chooses_nothing(qtbot: QtBot, backbone: BackbonePanel) -> None:
    with qtbot.assertNotEmitted(backbone.backbone_chosen):
        backbone.choose_row(8)


def test_the_panel_returns_to_the_backbone_that_still_runs(backbone: BackbonePanel) -> None:
    backbone.select("second", "auto")
    backbone.show_status(PipelineStatus(backbone="first", loading="second"))
    assert backbone.backbone == "second"
    backbone.show_status(PipelineStatus(backbone="first", message="second is damaged"))
    assert backbone.backbone == "first"


def test_a_device_of_a_runtime_is_a_choice_of_its_own(backbone: BackbonePanel) -> None:
    backbone.select("first", "openvino:GPU")
    assert (backbone.runtime, backbone.runtimes.currentText()) == ("openvino:GPU", "OpenVINO · GPU")
    count = backbone.runtimes.count()
    for runtime in ("auto", "openvino:GPU", "tensorrt:0", "tensorrt"):
        backbone.select("first", runtime)
    assert (backbone.runtime, backbone.runtimes.count()) == ("auto", count)


def test_the_running_runtime_its_precision_and_device_are_named(backbone: BackbonePanel) -> None:
    status = PipelineStatus(
        backbone="first", runtime="openvino", precision="bf16", device="AMD EPYC"
    )
    backbone.resize(300, 200)
    backbone.show()
    backbone.show_status(status)
    shown = " ".join(label.text() for label in backbone.findChildren(QLabel))
    assert "OpenVINO · bf16" in shown
    assert "AMD EPYC" in shown


def test_the_tooltip_has_size_cost_and_measured_figures() -> None:
    lsp = {"n": 166, "all": 61.5}
    metrics = {"command": "x", "what": "percent", "PCK@0.2": {"lsp": lsp}, "PCKh@0.5": {"lsp": lsp}}
    spec = replace(BACKBONES["first"], params=910_480, gmacs=1.554, metrics=metrics)
    assert describe(spec).splitlines() == [
        "dots, 256 × 256",
        "0.91 M parameters, 1.55 GMACs",
        "percent:",
        "PCK@0.2 lsp 61.5",
    ]
