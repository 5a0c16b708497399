"""The composition root: settings → window and pipeline, and the life of the program around them."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import cast

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QApplication

from app.controller import Controller
from app.language import install
from app.panels.source_panel import Source
from app.photographer import Photographer
from app.qt_log import qt_logged, uncaught_told
from app.settings import SETTINGS_FILE, load_settings, save_settings
from app.signals import ENDING, exit_code
from app.theme import icon
from engine.estimator import open_estimator
from engine.live_out.sender import open_live_out
from engine.pipeline.pipeline import Pipeline
from engine.runtimes import AUTO
from engine.session.replay import Replay
from engine.sources.capture import check_source
from engine.space.room import RoomSettings

AGAIN = 1000  # exit code of the event loop when the window is to be reopened (another language)


@qt_logged()
def run(
    source: Source | None,
    backbone: str | None,
    lifter: str | None,
    runtime: str,
    screenshot: Path | None = None,
    after: int = 0,
    settings_file: Path | None = None,
    size: tuple[int, int] | None = None,
    fps: float | None = None,
    osc: str | None = None,
    websocket: str | None = None,
    people: int | None = None,
    session: Path | None = None,
    room: RoomSettings | None = None,
    precision: str = AUTO,
) -> int:
    """Show the window until it is closed; returns the exit code.

    source: None for the remembered camera, else the first one, else the demo clip. backbone,
    lifter, people: None for what is remembered. screenshot: save the window there after ``after``
    painted results and end with 0, or with 2 and one line on stderr where there can be none.
    osc, websocket: where to send results. size, fps: asked of cameras. room: what is typed of it.
    session: replay this one first. precision: see open_runtime. Raises SourceError where nothing of
    that name is here, LiveOutError, SessionError.
    """
    if source is not None:
        check_source(source)
    replay = Replay(session) if session else None
    live_out = open_live_out(osc, websocket)
    app = qt_application()
    path = settings_file or SETTINGS_FILE
    opening, settings = partial(open_estimator, precision=precision), load_settings(path)
    ended: list[int] = []  # by these signals
    begin = partial(Controller.start, source=source, backbone=backbone, runtime=runtime)
    begin = partial(begin, session=replay, lifter=lifter)
    settings = replace(settings, people=people or settings.people)
    while True:
        install(app, settings.language)
        controller = Controller(
            settings,
            open_pipeline=partial(Pipeline, size=size, rate=fps, open_estimator=opening),
            open_estimator=opening,
            room=room,
            mode_typed=bool(size or fps),
        )
        controller.pipeline.set_live_out(live_out)
        controller.window.live_out.show_addresses(osc, websocket)
        app.setWindowIcon(icon("sandglass", controller.window.theme.text))
        if screenshot:
            Photographer(controller, screenshot, after, leave=app.exit)
        else:
            controller.window.closing.connect(partial(_save, path, controller))
            if not (settings.guided or replay):
                controller.window.guide.begin()
        controller.reopening.connect(partial(app.exit, AGAIN))
        controller.window.show()
        QTimer.singleShot(0, partial(begin, controller))
        code = _execute(app, controller, ended)
        if code != AGAIN or ended:
            return exit_code(ended[0]) if ended else code
        window, shown = controller.window, controller.replay.replay
        settings, (osc, websocket) = controller.settings(), window.live_out.chosen
        begin = partial(
            Controller.start,
            source=window.source.source,
            backbone=None,
            runtime=AUTO,
            session=Replay(shown.folder) if shown else None,
        )
        window.close()
        live_out = open_live_out(osc, websocket)


def _save(path: Path, controller: Controller) -> None:
    save_settings(path, controller.settings())


def _execute(app: QApplication, controller: Controller, ended: list[int]) -> int:
    """Run until the window closes or is to be reopened; signals received are added to ``ended``.

    Python handles a signal only when it runs, which the bridge's timer makes four times a second. A
    signal may come while the program still starts: the window closes once it has.
    """

    def end(number: int, _: object) -> None:
        ended.append(number)
        QTimer.singleShot(0, controller.window.close)

    before = {number: signal.signal(number, end) for number in ENDING}
    code = 0
    try:
        with uncaught_told(controller.window.banner.tell_error):
            code = app.exec()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if code != AGAIN:
            controller.window.close()
    return code


@cache
def qt_application() -> QApplication:
    """Kept until the interpreter ends: Qt's widgets must not outlive it."""
    if running := QApplication.instance():
        return cast(QApplication, running)
    # pyqtgraph keeps its compiled shaders for ever: they must be good in every context.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Sandglass")
    app.setDesktopFileName("sandglass")
    return app
