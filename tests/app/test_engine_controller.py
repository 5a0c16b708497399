"""Choosing TensorRT: the engine is built beside the running backbone, which goes on."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from pytestqt.qtbot import QtBot

from app.controller import Controller
from app.engine_controller import BUTTON, CANCELLED, Engines
from engine.estimator import PoseEstimator
from engine.models.model_spec import ModelSpec
from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.parity import Parity
from engine.runtimes.tensorrt import Engine, Place
from engine.tensorrt_build import BuildCancelledError, Progress
from tests.app.conftest import BACKBONES, LIMIT
from tests.conftest import DotSource, dot_estimator

pytestmark = pytest.mark.gui

PARITY = Parity("px", median=0.02, p99=0.3, error=0.004, count=200, reference="openvino f32")


def engine_of(model: str) -> Engine:
    place = Place("tensorrt 11.0", "NVIDIA T4, compute capability 7.5", "CUDA 13.0")
    return Engine(model, "", "f16", place, PARITY, "2026-01-31T09:05:00+00:00", 60.0, 1)


class Workshop(Engines):
    """A GPU whose builds end when the test says so."""

    def __init__(self, *built: str) -> None:
        self.built, self.builds = set(built), list[StandInBuild]()

    def find(self, spec: ModelSpec) -> Engine | None:
        return engine_of(spec.name) if spec.name in self.built else None

    def build(self, spec: ModelSpec, on_progress: Callable[[Progress], None]) -> StandInBuild:
        on_progress(Progress("building f16", 0.4))
        self.builds.append(StandInBuild(self, spec))
        return self.builds[-1]


class StandInBuild:
    def __init__(self, workshop: Workshop, spec: ModelSpec) -> None:
        self._workshop, self._spec, self._ended = workshop, spec, Event()
        self.cancelled, self.error = False, ""

    def end(self, error: str = "") -> None:
        self.error = error
        self._ended.set()

    def wait(self) -> Engine:
        self._ended.wait()
        if self.cancelled:
            raise BuildCancelledError("cancelled")
        if self.error:
            raise RuntimeUnavailableError(self.error)
        self._workshop.built.add(self._spec.name)
        return engine_of(self._spec.name)

    def cancel(self) -> None:
        self.cancelled = True
        self._ended.set()


Opened = tuple[Controller, Workshop]


@pytest.fixture
def opened(qtbot: QtBot, open_window: Callable[..., Controller]) -> Opened:
    """On a machine with a GPU: ``first`` runs in OpenVINO, ``second`` has an engine."""
    workshop = Workshop("second")

    def open_estimator(name: str, runtime: str, *rest: object) -> PoseEstimator:
        estimator = dot_estimator(name)
        automatic = "tensorrt" if name in workshop.built else "openvino"
        estimator.backbone.runtime.name = automatic if runtime == "auto" else runtime
        return estimator

    controller = open_window(engines=workshop, open_estimator=open_estimator)
    controller.start(None, "first", "openvino")
    controller.pipeline.set_source(DotSource)
    runs(qtbot, controller, "first", "openvino")
    return controller, workshop


def runs(qtbot: QtBot, controller: Controller, backbone: str, runtime: str) -> None:
    """Waits until pipeline and panel say so."""

    def shown() -> bool:
        status, panel = controller.pipeline.status, controller.window.backbone
        return (status.backbone, status.runtime) == (backbone, runtime) and (
            panel.backbone,
            panel.runtime in ("auto", runtime),
        ) == (backbone, True)

    qtbot.waitUntil(shown, timeout=LIMIT)


def choose(controller: Controller, backbone: str, runtime: str) -> None:
    """As with the mouse."""
    panel = controller.window.backbone
    panel.runtimes.addItem(runtime, runtime)
    panel.select(backbone, runtime)
    panel.runtimes.activated.emit(0)


def begin(qtbot: QtBot, opened: Opened) -> None:
    """Choose TensorRT for ``first``, and wait until its engine is being built."""
    controller, workshop = opened
    choose(controller, "first", "tensorrt")
    bar = controller.window.backbone.progress
    qtbot.waitUntil(lambda: bool(workshop.builds) and bar.value() == 40, timeout=LIMIT)
    assert not bar.isHidden()


def test_a_missing_engine_is_built_while_the_old_runtime_goes_on_then_it_switches(
    qtbot: QtBot, opened: Opened
) -> None:
    controller, workshop = opened
    begin(qtbot, opened)
    with qtbot.waitSignal(controller.bridge.result_ready, timeout=LIMIT):
        pass
    assert controller.pipeline.status.runtime == "openvino"
    assert controller.window.backbone.runtime == "tensorrt"  # the wish stays shown
    workshop.builds[0].end()
    runs(qtbot, controller, "first", "tensorrt")
    assert controller.window.backbone.progress.isHidden()
    shown = controller.window.backbone.engine
    qtbot.waitUntil(lambda: "0.020 px median" in shown.text(), timeout=LIMIT)


def test_an_engine_that_is_there_is_used_at_once(qtbot: QtBot, opened: Opened) -> None:
    controller, workshop = opened
    choose(controller, "second", "tensorrt")
    runs(qtbot, controller, "second", "tensorrt")
    assert not workshop.builds


def test_a_failed_build_stays_on_the_previous_runtime_and_says_why(
    qtbot: QtBot, opened: Opened
) -> None:
    controller, workshop = opened
    begin(qtbot, opened)
    workshop.builds[0].end("The GPU's memory is full.")
    banner = controller.window.banner
    qtbot.waitUntil(lambda: banner.text == "The GPU's memory is full.", timeout=LIMIT)
    runs(qtbot, controller, "first", "openvino")
    assert controller.window.backbone.runtime == "openvino"
    qtbot.waitUntil(controller.window.backbone.progress.isHidden, timeout=LIMIT)


def test_cancel_ends_the_build_and_stays_on_the_previous_runtime(
    qtbot: QtBot, opened: Opened
) -> None:
    controller, workshop = opened
    begin(qtbot, opened)
    controller.window.backbone.cancel.click()
    assert workshop.builds[0].cancelled
    assert controller.window.banner.text == CANCELLED
    assert controller.window.backbone.runtime == "openvino"
    assert controller.window.backbone.progress.isHidden()


def test_another_choice_gives_the_build_up(qtbot: QtBot, opened: Opened) -> None:
    controller, workshop = opened
    begin(qtbot, opened)
    choose(controller, "second", "openvino")
    assert workshop.builds[0].cancelled
    runs(qtbot, controller, "second", "openvino")
    assert controller.window.banner.text != CANCELLED


def test_closing_the_window_ends_the_build(qtbot: QtBot, opened: Opened) -> None:
    controller, workshop = opened
    begin(qtbot, opened)
    controller.window.close()
    assert workshop.builds[0].cancelled


def test_automatic_runs_at_once_and_offers_the_engine(qtbot: QtBot, opened: Opened) -> None:
    controller, workshop = opened
    offer = controller.window.offer
    choose(controller, "second", "auto")
    runs(qtbot, controller, "second", "tensorrt")
    assert offer.text == ""
    choose(controller, "first", "auto")
    runs(qtbot, controller, "first", "openvino")
    qtbot.waitUntil(lambda: BACKBONES["first"].title in offer.text, timeout=LIMIT)
    assert offer.button.text() == BUTTON
    offer.button.click()
    qtbot.waitUntil(lambda: bool(workshop.builds), timeout=LIMIT)
    workshop.builds[0].end()
    runs(qtbot, controller, "first", "tensorrt")
    assert controller.window.backbone.runtime == "auto"


def test_without_a_gpu_the_reason_is_told_and_a_remembered_tensorrt_runs_otherwise(
    qtbot: QtBot, open_window: Callable[..., Controller]
) -> None:
    controller = open_window(runtime="tensorrt")
    controller.window.backbone.runtimes.addItem("TensorRT", "tensorrt")
    controller.start(None, "first", "auto")
    banner = controller.window.banner
    qtbot.waitUntil(lambda: "No GPU for TensorRT." in banner.text, timeout=LIMIT)
    qtbot.waitUntil(lambda: controller.pipeline.status.backbone == "first", timeout=LIMIT)
    assert controller.window.backbone.runtime == "auto"
    assert controller.window.offer.text == ""
