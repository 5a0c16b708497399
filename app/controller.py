"""Connects window and pipeline: what a panel says is done, what the pipeline gives is shown.

Takes and replays have controllers of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import QObject, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QFileDialog

from app.choice import Choice, choose
from app.choice_controller import ChoiceController
from app.engine_controller import EngineController, Engines
from app.job import Jobs
from app.language import later, tr
from app.logs import log_file
from app.main_window import MainWindow
from app.panels.source_panel import Source
from app.pipeline_bridge import PipelineBridge
from app.recording_controller import RecordingController
from app.replay_controller import ReplayController
from app.room_controller import RoomController
from app.session_controller import SessionController
from app.settings import Settings
from app.settings_controller import SettingsController
from app.takes_controller import TakesController
from app.wheel import let_wheel_scroll
from engine.estimator import (
    DEFAULT_LIFTER,
    EstimatorSettings,
    PoseEstimator,
    open_estimator,
)
from engine.live_out.sender import LiveOut, open_live_out
from engine.models.model_spec import ModelSpec, find_models, get_model
from engine.pipeline.pipeline import Pipeline
from engine.runtimes import available_runtimes
from engine.session.finish import unfinished_sessions
from engine.session.journal import JOURNAL
from engine.session.recording import SESSION
from engine.session.replay import Replay
from engine.sources.capture import DEMO, Camera, Mode, find_camera, list_cameras, list_modes
from engine.space.room import RoomSettings

NO_CAMERA = later("No camera found: playing the demo clip.")


def find_backbones() -> Mapping[str, ModelSpec]:
    return find_models("pose2d")


class Controller(QObject):
    """Owns the window and, through the bridge, the pipeline; closes the one with the other."""

    reopening = pyqtSignal()  # a window in another language is wanted instead
    _modes_found = pyqtSignal(object)  # of a camera, from the thread that opens it

    def __init__(
        self,
        settings: Settings,
        open_pipeline: Callable[..., Pipeline] = Pipeline,
        cameras: Callable[[], Sequence[Camera]] = list_cameras,
        backbones: Callable[[], Mapping[str, ModelSpec]] = find_backbones,
        open_estimator: Callable[..., PoseEstimator] = open_estimator,
        engines: Engines | None = None,
        choose: Callable[[bool], Choice] = choose,
        room: RoomSettings | None = None,
    ) -> None:
        """Everything but ``settings`` is what tests put in place of the real thing."""
        super().__init__()
        self._remembered = settings
        self._find_cameras, self._find_backbones = cameras, backbones
        self.window = MainWindow(settings)
        estimator = EstimatorSettings(
            smoothing=settings.smoothing,
            threshold=settings.threshold,
            people=settings.people,
        )
        self.bridge = PipelineBridge(estimator, open_pipeline)
        self.pipeline = self.bridge.pipeline
        self.room = RoomController(self.window, self.pipeline, settings.rooms, room)
        self.remembering = SettingsController(self.window, settings, self.room.remember)
        self.jobs = Jobs(self)
        self.replay = ReplayController(self.window, self.jobs)
        self.session = SessionController(
            self.window,
            self.jobs,
            self.replay,
            lambda name: open_estimator(
                name,
                self.window.backbone.runtime,
                lifter=self.window.lifter.lifter or DEFAULT_LIFTER,
            ),
        )
        self.engines = EngineController(
            self.window, self.pipeline, self.jobs, engines or Engines(), self._find_backbone
        )
        self.choice = ChoiceController(self.window, self.jobs, self.engines.choose, choose)
        self.recording = RecordingController(self.window, self.bridge, self.jobs, self.open_session)
        self.takes = TakesController(self.window, self.jobs, self.replay, self.open_session)
        self._begin: Callable[[], None] | None = None  # what the first live picture waits for
        self._show_what_comes()
        self._do_what_is_asked()
        let_wheel_scroll(self.window)  # and its dialogs

    def start(
        self,
        source: Source | None,
        backbone: str | None,
        runtime: str,
        session: Replay | None = None,
        lifter: str | None = None,
    ) -> None:
        """Open the first source, the first backbone and the first lifter, in the background.

        session: show this one first; camera and backbone then wait until it is left.
        """
        models = self._find_backbones()
        self.window.backbone.set_choices(models, available_runtimes())
        self.window.session.set_backbones({name: spec.title for name, spec in models.items()})
        self._choose_lifter(lifter)
        settings = self._remembered
        name = backbone or (settings.backbone if settings.backbone in models else "")
        self.window.backbone.select(name, settings.runtime if runtime == "auto" else runtime)
        self.remembering.begin()
        self._begin = lambda: self._start_live(source)
        if session:
            self.replay.show(session)
        else:
            self._go_live()
        self.recording.look_for_unfinished()

    def _start_live(self, source: Source | None) -> None:
        panel = self.window.backbone
        self.choice.choose(panel.backbone, panel.runtime)
        self._list_cameras()
        self._open(self._first_source() if source is None else source)

    def _choose_lifter(self, lifter: str | None) -> None:
        models = find_models("lift3d")
        remembered = self._remembered.lifter
        name = lifter or (remembered if remembered in models else DEFAULT_LIFTER)
        self.window.lifter.set_choices(models)
        self.window.lifter.select(name)
        self.pipeline.set_lifter(name)

    def _find_backbone(self, name: str) -> ModelSpec:
        return self._find_backbones().get(name) or get_model("pose2d", name)

    def settings(self) -> Settings:
        """What to remember of the present state."""
        return self.remembering.present()

    def _show_what_comes(self) -> None:
        window = self.window
        room = (window.room, self.room)
        for view in (*window.views, window.performance, window.guide, *room):
            self.bridge.result_ready.connect(view.show_result)
        panels = (
            window.source,
            window.backbone,
            window.lifter,
            window.recording,
            window.live_out,
        )
        others = (window.performance, self.engines, self.choice, self.remembering)
        for panel in (window.banner, window.guide, *panels, *others):
            self.bridge.status_changed.connect(panel.show_status)

    def _do_what_is_asked(self) -> None:
        window, actions = self.window, self.window.actions_by_name
        window.source.source_chosen.connect(self._open)
        window.source.list_wanted.connect(self._list_cameras)
        window.source.modes_wanted.connect(self._list_modes)
        window.source.mode_chosen.connect(self._choose_mode)
        self._modes_found.connect(window.source.set_modes)
        window.lifter.lifter_chosen.connect(self.pipeline.set_lifter)
        picture, pipeline = window.picture, self.pipeline
        for changed in (picture.smoothing.value_changed, picture.threshold.value_changed):
            changed.connect(self._set_estimator)
        picture.people.currentIndexChanged.connect(self._set_estimator)
        window.video.person_chosen.connect(pipeline.choose_subject)
        actions["dismiss"].triggered.connect(lambda: pipeline.choose_subject(None))
        window.recording.folder_shown.connect(self._show_folder)
        for dialog in (window.export_dialog, self.takes.dialog):
            dialog.folder_wanted.connect(self._show_folder)
        window.banner.log_wanted.connect(self._show_log)
        actions["pause"].toggled.connect(self.bridge.set_paused)
        actions["open_session"].triggered.connect(self._ask_session)
        actions["screenshot"].triggered.connect(self._save_picture)
        window.live_out.wanted.connect(self._send_live)
        window.dropped.connect(self._open_dropped)
        window.program.language_chosen.connect(self._change_language)
        self.replay.opened.connect(self._hold_live)
        self.replay.left.connect(self._go_live)
        for part in (self.replay, self.engines, self.jobs, self.bridge):
            window.closing.connect(part.close)

    def _list_cameras(self) -> None:
        self.window.source.set_cameras(self._find_cameras())

    def _list_modes(self) -> None:
        """Asked of the camera that is shown, which is closed for that and opened again."""
        camera = find_camera(self.window.source.camera)
        self.pipeline.set_source(
            camera.index, between=lambda: self._modes_found.emit(list_modes(camera))
        )

    def _choose_mode(self, mode: Mode) -> None:
        self.pipeline.ask_cameras(mode.size, mode.rate)
        self.pipeline.set_source(self.window.source.source, between=lambda: None)

    def _first_source(self) -> Source:
        """The remembered camera, else the first one, else the demo clip, and then say so."""
        cameras = self._find_cameras()
        if not cameras:
            self.window.banner.tell(tr(NO_CAMERA))
            return DEMO
        remembered = [c.index for c in cameras if c.name == self._remembered.camera]
        return (remembered or [cameras[0].index])[0]

    def _open(self, source: Source) -> None:
        self.replay.leave()
        self.window.source.set_source(source)
        self.room.open(self.window.source.camera)
        self.pipeline.set_source(source)

    def _set_estimator(self) -> None:
        picture = self.window.picture
        self.pipeline.settings = replace(
            self.pipeline.settings,
            smoothing=picture.smoothing.value,
            threshold=picture.threshold.value,
            people=picture.people.currentData(),
        )

    def _change_language(self) -> None:
        """Texts are made when the window is: it is opened again, as it is now."""
        if self.pipeline.status.recording:
            self.window.banner.tell(tr("A take is being recorded: stop it (R), then change this."))
            self.window.program.select_language(self._remembered.language)
        else:
            self.reopening.emit()

    # --- replay --------------------------------------------------------------------------------

    def open_session(self, folder: Path) -> None:
        """Replay the session in ``folder``; an unfinished one is offered to be finished."""
        if self.pipeline.status.recording or self.recording.countdown.running:
            self.window.banner.tell(
                tr("A take is being recorded: stop it (R), then open a session.")
            )
        elif folder in unfinished_sessions(folder.parent):
            self.recording.offer_to_finish([folder])
        else:
            self.replay.open(folder)

    def _ask_session(self) -> None:
        start = str(self.window.recording.folder)
        title = tr("Open a session (the folder of a take)")
        if chosen := QFileDialog.getExistingDirectory(self.window, title, start):
            self.open_session(Path(chosen))

    def _open_dropped(self, path: Path) -> None:
        """A session's folder or a file in one; else a video or a folder of pictures."""
        for folder in (path, path.parent):
            if (folder / SESSION).exists() or (folder / JOURNAL).exists():
                self.open_session(folder)
                return
        self._open(str(path))

    def _hold_live(self) -> None:
        self.pipeline.held = True
        self.bridge.set_paused(True)

    def _go_live(self) -> None:
        self.pipeline.held = False
        self.bridge.set_paused(False)
        if self._begin:
            begin, self._begin = self._begin, None
            begin()

    # --- other programs and files --------------------------------------------------------------

    def _send_live(self, osc: str | None, websocket: str | None) -> None:
        def work(_: object) -> LiveOut | None:
            self.pipeline.set_live_out(None)  # the ports must be free
            return open_live_out(osc, websocket)

        panel = self.window.live_out
        panel.setEnabled(False)
        job = self.jobs.run(work, self.pipeline.set_live_out, self._tell_not_sent)
        job.ended.connect(lambda: panel.setEnabled(True))

    def _tell_not_sent(self, message: str) -> None:
        self.window.banner.tell_error(message)
        self.window.live_out.show_addresses(None, None)

    def _save_picture(self) -> None:
        path = self.window.recording.folder / f"{_now()}.png"
        saved = _make_folder(path.parent) and self.window.grab().save(str(path))
        self.window.banner.tell(
            tr("Saved {}.").format(path) if saved else tr("{} could not be written.").format(path)
        )

    def _show_folder(self, folder: Path) -> None:
        if not (_make_folder(folder) and _show_outside(folder)):
            self.window.banner.tell(tr("{} cannot be shown.").format(folder))

    def _show_log(self) -> None:
        """The file, or its folder where the desktop has no program for it."""
        file = log_file()
        if not (file.is_file() and (_show_outside(file) or _show_outside(file.parent))):
            self.window.banner.tell(tr("{} cannot be shown.").format(file))


def _make_folder(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True


def _show_outside(path: Path) -> bool:
    """In the desktop's own program; whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _now() -> str:
    return datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
