"""The steps in the window: the real one on the real networks, with clicks and keys; its camera is a
stand-in that can be unplugged.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QComboBox, QPushButton, QSlider, QWidget
from trial_steps import Table, full_disk
from webcam import Webcam

from app.application import qt_application
from app.controller import Controller
from app.language import ENGLISH, install
from app.settings import Settings
from app.source_controller import NO_CAMERA
from engine.sources.capture import SourceError
from engine.types import Frame

PATIENCE = 60.0  # seconds
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Camera(Webcam):
    plugged = True

    def read(self) -> Frame:
        if not Camera.plugged:
            raise SourceError("The stand-in was unplugged.")
        return super().read()


def open_camera() -> Camera:
    if not Camera.plugged:
        raise SourceError("There is no stand-in.")
    return Camera((640, 480))


class Trial:
    """A window, and hands for it."""

    def __init__(self, table: Table, folder: Path, pictures: Path | None) -> None:
        self.table, self.folder, self.pictures = table, folder, pictures
        self.controller = self.open(Settings(record_folder=str(folder / "takes"), language=ENGLISH))

    def open(self, settings: Settings) -> Controller:
        install(qt_application(), settings.language)
        controller = Controller(settings, cameras=lambda: ())
        controller.window.show()
        controller.window.activateWindow()
        QTest.qWaitForWindowActive(controller.window)
        return controller

    def expects(self, tried: str, expected: str, seen: Callable[[], object]) -> None:
        """One step: what was done, and what is to be seen before long."""
        end = time.monotonic() + PATIENCE
        while not (good := bool(seen())) and time.monotonic() < end:
            QTest.qWait(50)
        self.table.add(tried, expected, "" if good else self.banner or "nothing came")

    def picture(self, name: str) -> None:
        if self.pictures:
            QTest.qWait(400)
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.controller.window.grab().save(str(self.pictures / f"{name}.png"))

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.controller.window, key, held)

    @staticmethod
    def click(widget: QWidget) -> None:
        QTest.mouseClick(widget, LEFT)

    @staticmethod
    def wheel(widget: QWidget) -> None:
        middle, down = QPointF(5, 5), QPoint(0, -120)
        buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        turn = QWheelEvent(middle, middle, QPoint(), down, buttons, NONE, phase, False)
        QApplication.sendEvent(widget, turn)

    @property
    def banner(self) -> str:
        return self.controller.window.banner.text


def try_window(table: Table, folder: Path, pictures: Path | None) -> None:
    trial = Trial(table, folder, pictures)
    for part in (_begins, _sets, _arranges, _loses_its_source, _records, _replays, _speaks):
        part(trial)
    trial.controller.window.close()


def _begins(trial: Trial) -> None:
    controller, window = trial.controller, trial.controller.window
    window.guide.begin()
    controller.start(None, "hourglass_1_small", "auto")
    trial.expects("start without a camera", NO_CAMERA, lambda: trial.banner == NO_CAMERA)
    trial.expects("look", "the focus is on the source", window.source.list.hasFocus)
    trial.expects("look", "the camera guide, step 1 of 3", lambda: window.guide.text[:3] == "1/3")
    trial.expects(
        "wait", "somebody is tracked", lambda: window.video.message == "" and _seen(trial)
    )
    trial.picture("01_guide")
    trial.click(window.guide.following)
    trial.expects(
        "click *Next step*", "step 2, light", lambda: "Bright enough" in window.guide.text
    )
    trial.click(window.guide.skip)
    trial.expects("click *Skip the guide*", "it is gone", window.guide.isHidden)
    trial.key(Qt.Key.Key_Escape)
    trial.expects("Esc", "the message is gone", lambda: trial.banner == "")


def _seen(trial: Trial) -> bool:
    return trial.controller.pipeline.frames_with_person > 0


def _sets(trial: Trial) -> None:
    controller, window = trial.controller, trial.controller.window
    controls = [*window.findChildren(QComboBox), *window.findChildren(QSlider)]
    before = controller.settings()
    for control in controls:
        trial.wheel(control)
    same = replace(controller.settings(), geometry=before.geometry) == before
    trial.expects(f"wheel over all {len(controls)} controls", "nothing is set", lambda: same)
    slider = window.picture.threshold.findChild(QSlider)
    assert slider is not None
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    trial.expects(
        "End on the score threshold", "100 %", lambda: window.picture.threshold.value == 1
    )
    QTest.qWait(1500)
    trial.expects("wait", "not “Nobody in view”", lambda: "Nobody" not in window.video.message)
    trial.key(Qt.Key.Key_R, CTRL)
    usual = Settings().threshold
    trial.expects("Ctrl+R", "30 % again", lambda: window.picture.threshold.value == usual)
    trial.key(Qt.Key.Key_Z, CTRL)
    trial.expects("Ctrl+Z", "100 % again", lambda: window.picture.threshold.value == 1)
    trial.key(Qt.Key.Key_Z, CTRL)
    trial.expects("Ctrl+Z", "as in the beginning", lambda: window.picture.threshold.value == usual)
    trial.key(Qt.Key.Key_M)
    trial.expects("M", "mirrored", lambda: controller.settings().mirror)
    trial.key(Qt.Key.Key_T)
    trial.expects("T", "light", lambda: controller.settings().theme == "light")
    trial.picture("02_light")
    trial.key(Qt.Key.Key_T)


def _arranges(trial: Trial) -> None:
    window = trial.controller.window
    for number, name in ((3, "beside"), (4, "stacked"), (5, "inset"), (6, "space")):
        trial.key(Qt.Key.Key_V)
        trial.expects("V", f"arranged: {name}", lambda name=name: window.area.shown == name)
        trial.picture(f"{number:02}_{name}")
    trial.key(Qt.Key.Key_V)
    trial.key(Qt.Key.Key_B)
    trial.expects("B", "no panels", lambda: not window.recording.isVisible())
    trial.key(Qt.Key.Key_F)
    trial.expects("F", "the video alone", lambda: not window.skeleton.isVisible())
    trial.key(Qt.Key.Key_Escape)
    trial.expects("Esc", "the 3D view too", window.skeleton.isVisible)
    trial.key(Qt.Key.Key_B)
    window.resize(800, 600)
    trial.expects("make it 800x600", "it fits", lambda: window.width() == 800)
    trial.picture("07_800x600")
    window.resize(1280, 800)


def _loses_its_source(trial: Trial) -> None:
    controller, window = trial.controller, trial.controller.window
    page = trial.folder / "web page.mp4"
    page.write_text("<html>")
    window.dropped.emit(page)
    trial.expects("drop a web page named .mp4", "told", lambda: "web page.mp4" in trial.banner)
    marked = lambda: window.source.list.findText("✕ web page.mp4") >= 0  # noqa: E731
    trial.expects("look at the sources", "marked ✕", marked)
    trial.expects("look at the sources", "the demo is the current one",
                  lambda: window.source.list.currentText() == "Demo clip")  # fmt: skip
    controller.pipeline.set_source(open_camera)
    state = lambda: controller.pipeline.status  # noqa: E731
    trial.expects("plug a camera in", "it is shown", lambda: "Stand-in" in state().source)
    Camera.plugged = False
    trial.expects("unplug it", "“Reconnecting…”", lambda: "Reconnecting" in trial.banner)
    trial.picture("08_unplugged")
    Camera.plugged = True
    trial.expects("plug it in", "the message goes", lambda: trial.banner == "")
    trial.expects("look", "it runs", lambda: state().source_state == "running")


def _records(trial: Trial) -> None:
    controller, window = trial.controller, trial.controller.window
    state = lambda: controller.pipeline.status  # noqa: E731
    trial.click(window.recording.tool)
    trial.expects("click *Record*", "the title counts", lambda: window.windowTitle()[:2] == "● ")
    trial.expects("wait", "frames are recorded", lambda: state().recorded_frames > 20)
    trial.picture("09_recording")
    Camera.plugged = False
    trial.expects("unplug the camera", "told", lambda: "Reconnecting" in trial.banner)
    trial.expects("look", "the take goes on", lambda: state().recording is not None)
    Camera.plugged, before = True, state().recorded_frames
    trial.expects("plug it in", "more frames", lambda: state().recorded_frames > before + 10)
    trial.key(Qt.Key.Key_R)
    trial.expects("R", "a verdict with *Replay*", lambda: "Take 1" in window.offer.text)
    window.recording.choose(trial.folder / "takes", False, 10)
    trial.key(Qt.Key.Key_R)
    trial.expects("R with a countdown", "it counts", lambda: controller.recording.countdown.running)
    trial.key(Qt.Key.Key_Escape)
    going = lambda: controller.recording.countdown.running or state().recording  # noqa: E731
    trial.expects("Esc", "cancelled, nothing recorded", lambda: not going())
    blocked = trial.folder / "a file"
    blocked.touch()
    window.recording.choose(blocked, False, 0)
    trial.key(Qt.Key.Key_R)
    trial.expects(
        "R into a file", "“Cannot record into …”", lambda: "Cannot record" in trial.banner
    )
    with full_disk(trial.folder / "full disk") as full:
        window.recording.choose(full, False, 0)
        trial.key(Qt.Key.Key_R)
        trial.expects("R on a full disk (1 MiB)", "told", lambda: "GB free" in trial.banner)
    window.recording.choose(trial.folder / "takes", False, 0)
    trial.key(Qt.Key.Key_Escape)


def _replays(trial: Trial) -> None:
    controller, window = trial.controller, trial.controller.window
    trial.click(window.offer.button)
    trial.expects("click *Replay*", "the take is shown", lambda: controller.replay.replay)
    trial.picture("10_replay")
    trial.key(Qt.Key.Key_Space)
    trial.expects("Space", "it plays", window.actions_by_name["play"].isChecked)
    trial.key(Qt.Key.Key_End)
    trial.expects("End", "it stops at the end",
                  lambda: not window.actions_by_name["play"].isChecked())  # fmt: skip
    trial.key(Qt.Key.Key_E, CTRL)
    dialog = controller.session.dialog
    trial.expects("Ctrl+E", "the export dialog", dialog.isVisible)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    trial.expects("Enter", "written and read back", lambda: "read back" in dialog.message)
    dialog.close()
    buttons = window.session.findChildren(QPushButton)
    trial.click(next(button for button in buttons if button.text() == "Back to live"))
    trial.expects(
        "click *Back to live*", "the live picture", lambda: controller.replay.replay is None
    )


def _speaks(trial: Trial) -> None:
    """Another language is another window."""
    before, wanted = trial.controller, list[str]()
    languages = before.window.program.languages
    before.reopening.connect(lambda: wanted.append(before.settings().language))
    languages.setFocus()
    QTest.keyClick(languages, Qt.Key.Key_End)
    QTest.keyClick(languages, Qt.Key.Key_Up)
    trial.expects("choose 한국어", "a window in Korean is asked for", lambda: wanted[-1:] == ["ko"])
    settings = before.settings()
    before.window.close()
    trial.controller = trial.open(settings)
    window = trial.controller.window
    trial.expects("look", "●  녹화", lambda: window.recording.tool.text() == "●  녹화")
    install(qt_application(), ENGLISH)
