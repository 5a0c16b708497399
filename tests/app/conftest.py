"""The stand-ins of the window's tests: a person, a picture, a window on a camera of dots."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QImage, QMouseEvent
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.choice import Choice
from app.controller import Controller
from app.engine_controller import Engines
from app.settings import Settings
from engine.estimator import PoseEstimator
from engine.models.model_spec import ModelSpec
from engine.people.person_box import box_around
from engine.pipeline.pipeline import Pipeline
from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.tensorrt import Engine
from engine.skeleton import H36M17
from engine.sources.capture import Camera
from engine.types import Frame, Person, Pose2D, Pose3D, PoseResult, TrackState
from tests.conftest import DotSource, dot_estimator, dot_spec
from tests.engine.bodies import STANDING

WIDTH, HEIGHT, GREY = 320, 240, 88
IN_PICTURE = STANDING[:, :2] * np.float32(0.12) + (WIDTH / 2, HEIGHT / 2)  # frame pixels
LIMIT = 120_000  # ms, for what takes a second where nothing else runs
CHOICE = Choice("first", "Dots", {})  # where no backbone is named
BACKBONES = {name: dot_spec(name) for name in ("first", "second")}


def pytest_runtest_setup(item: pytest.Item) -> None:
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if item.get_closest_marker("gui") and sys.platform == "linux" and not display:
        pytest.skip("needs a display, or Xvfb to make one")


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """As in the program: the compiled shaders serve every OpenGL view."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    return QApplication


class NoGpu(Engines):
    def find(self, spec: ModelSpec) -> Engine | None:
        raise RuntimeUnavailableError("No GPU for TensorRT.")


def make_frame(timestamp: float | None = None) -> Frame:
    image = np.full((HEIGHT, WIDTH, 3), GREY, np.uint8)
    return Frame(image, 0, time.monotonic() if timestamp is None else timestamp)


def make_person(
    scores: np.ndarray | None = None,
    number: int = 0,
    aside: float = 0.0,
    state: TrackState = "tracking",
) -> Person:
    """Standing in the middle of the picture, or so many pixels to the right."""
    seen = np.ones(len(H36M17), np.float32) if scores is None else scores
    points = IN_PICTURE + np.array([aside, 0], np.float32)
    pose2d, pose3d = Pose2D(points, seen, H36M17), Pose3D(STANDING, seen, H36M17)
    return Person(box_around(points), pose2d, pose3d, number, state)


def make_result(*people: Person, frame: Frame | None = None, **facts: Any) -> PoseResult:
    """facts: subject_id, others, chosen."""
    return PoseResult(frame or make_frame(), people, "first", **facts)


def send_mouse(
    widget: QWidget,
    kind: QMouseEvent.Type,
    point: QPointF,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    """An event at a point of the widget."""
    no_key = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, point, widget.mapToGlobal(point), button, button, no_key)
    QApplication.sendEvent(widget, event)


def pixels(image: QImage) -> np.ndarray:
    """(H, W, 3) int, RGB."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB32)
    bits = rgb.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asstring(rgb.sizeInBytes()), np.uint8)
    bgra = rows.reshape(rgb.height(), rgb.width(), 4).astype(int)
    return np.asarray(bgra[..., 2::-1])


@pytest.fixture(scope="session")
def quick_collections() -> None:
    """What is there already, modules above all, is not looked through whenever a window goes."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def open_window(
    qtbot: QtBot, tmp_path: Path, quick_collections: None
) -> Iterator[Callable[..., Controller]]:
    """A function that shows the window on the real pipeline, with backbones that read dots."""
    opened = []
    gc.collect()  # Qt's objects must go in this thread, not where the next collection happens to be

    def open_it(
        cameras: tuple[Camera, ...] = (),
        engines: Engines | None = None,
        open_estimator: Callable[..., PoseEstimator] = dot_estimator,
        choice: Choice = CHOICE,
        **settings: object,
    ) -> Controller:
        remembered = {"record_folder": str(tmp_path / "takes")} | settings
        controller = Controller(
            Settings(**remembered),  # type: ignore[arg-type]
            open_pipeline=partial(Pipeline, open_estimator=open_estimator),
            cameras=lambda: cameras,
            backbones=lambda: BACKBONES,
            open_estimator=open_estimator,
            engines=engines or NoGpu(),
            choose=lambda _: choice,
        )
        opened.append(controller)
        qtbot.addWidget(controller.window)
        controller.window.show()
        return controller

    yield open_it
    for controller in opened:
        controller.window.close()
    opened.clear()
    gc.collect()


@pytest.fixture
def running(qtbot: QtBot, open_window: Callable[..., Controller]) -> tuple[Controller, DotSource]:
    """A window that shows a camera of dots, with the first backbone."""
    controller, camera = open_window(), DotSource()
    controller.start(None, "first", "auto")
    controller.pipeline.set_source(lambda: camera)
    with qtbot.waitSignal(controller.window.video.frame_painted, timeout=LIMIT):
        pass
    return controller, camera
