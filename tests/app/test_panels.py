"""Panels say what was chosen, show what really is, and never choose by themselves."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import (
    QFileDialog,
    QInputDialog,
    QLabel,
    QPushButton,
    QStyleOptionComboBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.choice import METRIC, Speed
from app.commands import make_actions
from app.panels.backbone_panel import BackbonePanel, describe
from app.panels.banner import Banner, Offer
from app.panels.card import Choices, ShareSlider
from app.panels.lifter_panel import LifterPanel
from app.panels.live_out_panel import LiveOutPanel
from app.panels.performance_strip import PerformanceStrip
from app.panels.recording_panel import RecordingPanel
from app.panels.source_panel import SourcePanel
from app.panels.transport import Transport
from engine.estimator import DEFAULT_BACKBONE
from engine.pipeline.status import PipelineStatus
from engine.session.disk import DiskSpace
from engine.sources.capture import DEMO, Camera, Mode
from tests.app.conftest import BACKBONES, CHOICE, make_result
from tests.conftest import dot_spec

pytestmark = pytest.mark.gui

CAMERAS = (Camera(0, "Integrated Camera"), Camera(3, "USB Video"))


@pytest.fixture
def source(qtbot: QtBot) -> SourcePanel:
    panel = SourcePanel()
    panel.set_cameras(CAMERAS)
    qtbot.addWidget(panel)
    return panel


def titles(panel: SourcePanel) -> list[str]:
    return [panel.list.itemText(row) for row in range(panel.list.count())]


def test_cameras_are_listed_by_name_and_chosen_by_index(qtbot: QtBot, source: SourcePanel) -> None:
    assert titles(source) == ["Integrated Camera", "USB Video", "Demo clip"]
    with qtbot.waitSignal(source.source_chosen) as chosen:
        source.list.activated.emit(1)
    assert chosen.args == [3]


@pytest.mark.parametrize(
    ("given", "shown", "camera"),
    [
        (3, "USB Video", "USB Video"),
        ("USB Video", "USB Video", "USB Video"),
        ("3", "USB Video", "USB Video"),
        (DEMO, "Demo clip", ""),
        ("/videos/dance.mp4", "dance.mp4", ""),
        ("rtsp://host/stream", "rtsp://host/stream", ""),
        (7, "Camera 7", ""),
    ],
)
def test_the_present_source_is_shown_whatever_it_is(
    source: SourcePanel, given: str | int, shown: str, camera: str
) -> None:
    source.set_source(given)
    assert source.list.currentText() == shown
    assert source.camera == camera


def test_a_camera_that_comes_later_is_listed_without_being_chosen(
    qtbot: QtBot, source: SourcePanel
) -> None:
    source.set_source(DEMO)
    with qtbot.assertNotEmitted(source.source_chosen):
        source.set_cameras([*CAMERAS, Camera(5, "Late")])
    assert "Late" in titles(source)
    assert source.list.currentText() == "Demo clip"


def test_a_file_dialog_that_is_cancelled_changes_nothing(
    qtbot: QtBot, source: SourcePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
    with qtbot.assertNotEmitted(source.source_chosen):
        source.ask_file()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("/a.mp4", ""))
    with qtbot.waitSignal(source.source_chosen) as chosen:
        source.ask_file()
    assert chosen.args == ["/a.mp4"]


def test_what_did_not_open_is_marked_and_kept_and_never_the_current_one(
    source: SourcePanel,
) -> None:
    address = "rtsp://studio/7"
    source.set_source(address)
    source.show_status(PipelineStatus(given=DEMO, opening=address))
    assert source.list.currentText() == address
    source.show_status(PipelineStatus(given=DEMO, failed=address))
    assert source.list.currentText() == "Demo clip"
    assert f"✕ {address}" in titles(source)
    source.set_source(address)  # tried again, and now it is there
    source.show_status(PipelineStatus(given=address))
    assert source.list.currentText() == address


def test_what_a_camera_offers_is_asked_for_and_chosen(qtbot: QtBot, source: SourcePanel) -> None:
    source.set_source(DEMO)
    assert source.modes.isHidden()
    source.set_source(3)
    assert not source.modes.isHidden()
    with qtbot.waitSignal(source.modes_wanted):
        source.modes.about_to_open.emit()
    modes = (Mode((640, 480), 30.0, "MJPG"), Mode((1280, 720), 60.0, "MJPG"))
    source.set_modes(modes)
    assert source.modes.itemText(2) == "1280x720 MJPG at 60 fps"
    with qtbot.assertNotEmitted(source.modes_wanted):
        source.modes.about_to_open.emit()
    with qtbot.waitSignal(source.mode_chosen) as chosen:
        source.modes.activated.emit(2)
    assert chosen.args == [modes[1]]
    source.set_source(0)
    assert source.modes.count() == 1  # another camera, that was not asked yet


def test_an_address_is_typed_once(
    qtbot: QtBot, source: SourcePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def get_text(*_: object, text: str) -> tuple[str, bool]:
        asked.append(text)
        return "rtsp://studio/7", True

    monkeypatch.setattr(QInputDialog, "getText", get_text)
    address = next(b for b in source.findChildren(QPushButton) if b.text() == "Address…")
    address.click()
    address.click()
    assert asked == ["", "rtsp://studio/7"]


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


def test_a_slider_says_its_share(qtbot: QtBot) -> None:
    slider = ShareSlider("Smoothing", 0.5, "")
    qtbot.addWidget(slider)
    assert slider.value == 0.5
    with qtbot.waitSignal(slider.value_changed) as changed:
        slider.set_value(0.25)
    assert changed.args == [0.25]


def test_the_record_button_turns_red_and_counts(qtbot: QtBot) -> None:
    panel = RecordingPanel(Path("takes"), False, 0, QAction())
    qtbot.addWidget(panel)
    assert panel.button.text() == "●  Record"
    panel.show_status(PipelineStatus(recording=Path("takes/1"), recorded_frames=42))
    assert panel.button.property("running")
    assert panel.button.text() == "■  Stop   00:00   42 frames"
    panel.show_status(PipelineStatus())
    assert not panel.button.property("running")
    assert panel.button.text() == "●  Record"


def test_while_recording_the_take_is_numbered_and_a_full_disk_is_seen_coming(qtbot: QtBot) -> None:
    panel = RecordingPanel(Path("takes"), True, 5, QAction())
    qtbot.addWidget(panel)
    panel.resize(500, 300)
    panel.show()
    assert (panel.video, panel.countdown) == (True, 5)
    take = PipelineStatus(recording=Path("2026-01-31_09-05-00_take-07"))
    for free, warning in ((9_000_000_000, False), (1_500_000_000, True)):
        panel.show_status(replace(take, disk=DiskSpace(free, seconds_left=750.0)))
        shown = [label for label in panel.findChildren(QLabel) if "Take 7" in label.text()]
        assert [label.property("warning") for label in shown] == [warning]
        assert "room for 12 min" in shown[0].text()
    panel.show_status(PipelineStatus())
    panel.show_free(9_000_000_000)
    assert shown[0].text() == "9 GB free"
    assert not shown[0].property("warning")


def test_an_offer_is_taken_or_left(qtbot: QtBot) -> None:
    offer, taken = Offer(QAction()), list[str]()
    qtbot.addWidget(offer)
    offer.make("2 unfinished takes found.", "Finish them", lambda: taken.append("yes"))
    assert offer.text == "2 unfinished takes found."
    offer.button.click()
    assert (taken, offer.text) == (["yes"], "")


def test_live_out_is_off_until_it_is_switched_on(qtbot: QtBot) -> None:
    panel = LiveOutPanel()
    qtbot.addWidget(panel)
    osc, websocket = panel.switches
    assert not osc.isChecked()
    assert not websocket.isChecked()
    with qtbot.waitSignal(panel.wanted) as wanted:
        osc.setChecked(True)
    assert wanted.args == ["9000", None]
    assert not panel.addresses[0].isEnabled()
    with qtbot.waitSignal(panel.wanted) as wanted:
        osc.setChecked(False)
    assert wanted.args == [None, None]


def test_a_message_that_was_put_away_stays_away_until_it_changes(qtbot: QtBot) -> None:
    dismiss = QAction()
    banner = Banner(dismiss)
    qtbot.addWidget(banner)
    lost = PipelineStatus(message="Camera lost.")
    banner.show_status(lost)
    assert banner.text == "Camera lost."
    dismiss.trigger()
    banner.show_status(lost)
    assert banner.text == ""
    banner.show_status(PipelineStatus(message="Still lost."))
    assert banner.text == "Still lost."
    banner.show_status(PipelineStatus())
    assert banner.text == ""


def test_an_error_offers_the_log_and_news_do_not(qtbot: QtBot) -> None:
    banner = Banner(QAction())
    qtbot.addWidget(banner)
    banner.show_status(PipelineStatus(message="Camera lost."))
    assert banner.show_log.isVisible()
    with qtbot.waitSignal(banner.log_wanted):
        banner.show_log.click()
    banner.tell("Saved.")
    assert not banner.show_log.isVisible()
    banner.tell_error("The notes cannot be written.")
    assert banner.show_log.isVisible()


def test_what_the_window_says_itself_outlasts_a_silent_pipeline(qtbot: QtBot) -> None:
    banner = Banner(QAction())
    qtbot.addWidget(banner)
    banner.tell("No camera found.")
    banner.show_status(PipelineStatus())
    assert banner.text == "No camera found."


def test_the_strip_shows_rates_and_the_age_of_painted_frames(qtbot: QtBot) -> None:
    strip = PerformanceStrip()
    qtbot.addWidget(strip)
    strip.show_status(PipelineStatus())
    assert strip.age.text() == "   – /   – ms"
    strip.show()
    for age in (0.02, 0.02, 0.02, 0.2):
        strip.frame_painted(time.monotonic() - age)
    strip.show_status(PipelineStatus(capture_fps=30, inference_fps=28.5, dropped=7))
    assert strip.capture.text().split() == ["30.0", "fps"]
    assert strip.inference.text().split() == ["28.5", "fps"]
    assert strip.dropped.text().strip() == "7"
    median, _, high, _ = strip.age.text().replace("/", " / ").split()
    assert 20 <= int(median) < 60
    assert int(high) > 100


def test_the_strip_counts_how_often_the_sides_were_put_right(qtbot: QtBot) -> None:
    strip = PerformanceStrip()
    qtbot.addWidget(strip)
    strip.show_result(make_result(swaps=3))
    assert strip.swaps.text().strip() == "3"


def test_figures_without_room_are_left_out(qtbot: QtBot) -> None:
    strip = PerformanceStrip()
    qtbot.addWidget(strip)
    strip.setMinimumWidth(1)
    strip.show()
    strip.resize(1200, 40)
    qtbot.waitUntil(strip.swaps.isVisible)
    strip.resize(400, 40)
    qtbot.waitUntil(lambda: not strip.swaps.isVisible())
    assert strip.capture.isVisible()


def test_figures_keep_their_width(qtbot: QtBot) -> None:
    strip = PerformanceStrip()
    qtbot.addWidget(strip)
    strip.show_status(PipelineStatus())
    before = strip.sizeHint()
    strip.show_status(PipelineStatus(capture_fps=119.9, inference_ms=999.9, dropped=99_999))
    assert strip.sizeHint() == before
    for figure in (strip.capture, strip.backbone, strip.dropped):
        assert figure.fontMetrics().horizontalAdvance(figure.text()) <= figure.width()


@pytest.mark.parametrize(("width", "shown"), [(400, "A network of a long name"), (100, "A net")])
def test_an_entry_that_does_not_fit_ends_in_an_ellipsis(
    qtbot: QtBot, width: int, shown: str
) -> None:
    choices, option = Choices(), QStyleOptionComboBox()
    qtbot.addWidget(choices)
    choices.addItem("A network of a long name")
    choices.resize(width, 30)
    choices.initStyleOption(option)
    text = option.currentText or ""
    assert text.startswith(shown)
    assert text.endswith("…") == (width == 100)


def test_a_narrow_transport_leaves_the_frames_out(qtbot: QtBot) -> None:
    owner = QWidget()
    transport = Transport(make_actions(owner))
    for widget in (owner, transport):
        qtbot.addWidget(widget)
    transport.set_position(1.0, 2.0, 30, 60, 30)
    transport.setMinimumWidth(1)
    transport.show()
    place = transport.findChild(QLabel)
    assert place is not None
    for width, shown in (
        (2000, "00:01.00 / 00:02.00   frame 30 / 60"),
        (500, "00:01.00 / 00:02.00"),
    ):
        transport.resize(width, 40)
        assert place.text() == shown
