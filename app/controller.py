"""Connects the window with the pipeline. Sources, takes, replays and the like have controllers of
their own, which this one makes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QFileDialog

from app.analysis_controller import AnalysisController
from app.choice import Choice, choose
from app.choice_controller import ChoiceController
from app.controls import let_space_press, let_wheel_scroll
from app.engine_controller import EngineController, Engines
from app.job import Jobs
from app.language import tr
from app.main_window import MainWindow
from app.output_controller import OutputController
from app.panels.source_panel import Source
from app.pipeline_bridge import PipelineBridge
from app.recording_controller import RecordingController
from app.replay_controller import ReplayController
from app.room_controller import RoomController
from app.session_controller import SessionController
from app.settings import Settings
from app.settings_controller import SettingsController
from app.source_controller import SourceController
from app.takes_controller import TakesController
from engine.estimator import (
    DEFAULT_LIFTER,
    EstimatorSettings,
    PoseEstimator,
    open_estimator,
)
from engine.models.model_spec import ModelSpec, find_models, get_model
from engine.pipeline.pipeline import Pipeline
from engine.runtimes import AUTO, available_runtimes
from engine.session.finish import unfinished_sessions
from engine.session.journal import JOURNAL
from engine.session.recording import SESSION
from engine.session.replay import Replay
from engine.sources.capture import Camera, list_cameras
from engine.space.room import RoomSettings


def find_backbones() -> Mapping[str, ModelSpec]:
    return find_models("pose2d")


class Controller(QObject):
    """Owns the window and, through the bridge, the pipeline; closes the one with the other."""

    reopening = pyqtSignal()  # the window is to be reopened, in another language

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
        mode_typed: bool = False,
    ) -> None:
        """room: what was typed of it; mode_typed: cameras are asked for what was typed, not for
        what is remembered. The rest is what tests put in place of the real thing.
        """
        super().__init__()
        self._remembered = settings
        self._find_backbones = backbones
        self.window = MainWindow(settings)
        estimator = EstimatorSettings(
            smoothing=settings.smoothing,
            threshold=settings.threshold,
            people=settings.people,
        )
        self.bridge = PipelineBridge(estimator, open_pipeline)
        self.pipeline = self.bridge.pipeline
        self.room = RoomController(self.window, self.pipeline, settings.rooms, room)
        self.sources = SourceController(
            self.window, self.pipeline, self.room, cameras, settings, mode_typed
        )
        self.remembering = SettingsController(
            self.window, settings, self.room.remember, self.sources.remember
        )
        self.jobs = Jobs(self)
        self.replay = ReplayController(self.window, self.jobs)
        self._open_estimator = open_estimator
        self.session = SessionController(self.window, self.jobs, self.replay, self._open_as_chosen)
        self.analysis = AnalysisController(
            self.window, self.pipeline, self.jobs, self.replay, self._open_as_chosen
        )
        self.engines = EngineController(
            self.window, self.pipeline, self.jobs, engines or Engines(), self._find_backbone
        )
        self.choice = ChoiceController(self.window, self.jobs, self.engines.choose, choose)
        self.recording = RecordingController(self.window, self.bridge, self.jobs, self.open_session)
        self.takes = TakesController(self.window, self.jobs, self.replay, self.open_session)
        dialogs = (self.window.export_dialog, self.takes.dialog)
        self.output = OutputController(self.window, self.pipeline, self.jobs, dialogs)
        self._begin: Callable[[], None] | None = None  # what the first live picture waits for
        self._show_what_comes()
        self._do_what_is_asked()
        let_wheel_scroll(self.window)  # and its dialogs
        let_space_press(self.window)

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
        self.window.backbone.select(name, settings.runtime if runtime == AUTO else runtime)
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
        self.sources.begin(source)

    def _choose_lifter(self, lifter: str | None) -> None:
        models = find_models("lift3d")
        remembered = self._remembered.lifter
        name = lifter or (remembered if remembered in models else DEFAULT_LIFTER)
        self.window.lifter.set_choices(models)
        self.window.lifter.select(name)
        self.pipeline.set_lifter(name)

    def _open_as_chosen(self, backbone: str) -> PoseEstimator:
        """An estimator of its own, with the runtime and the lifter that are chosen."""
        lifter = self.window.lifter.lifter or DEFAULT_LIFTER
        return self._open_estimator(backbone, self.window.backbone.runtime, lifter=lifter)

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
        others = (window.performance, self.sources, self.engines, self.choice, self.remembering)
        for panel in (window.banner, window.guide, *panels, *others):
            self.bridge.status_changed.connect(panel.show_status)

    def _do_what_is_asked(self) -> None:
        window, actions = self.window, self.window.actions_by_name
        window.lifter.lifter_chosen.connect(self.pipeline.set_lifter)
        picture, pipeline = window.picture, self.pipeline
        for changed in (picture.smoothing.value_changed, picture.threshold.value_changed):
            changed.connect(self._set_estimator)
        picture.people.currentIndexChanged.connect(self._set_estimator)
        window.video.person_chosen.connect(pipeline.choose_subject)
        actions["dismiss"].triggered.connect(self._dismiss)
        actions["pause"].toggled.connect(self.bridge.set_paused)
        actions["open_session"].triggered.connect(self._ask_session)
        window.dropped.connect(self._open_dropped)
        window.program.language_chosen.connect(self._change_language)
        self.sources.opening.connect(self.replay.leave)
        actions["record"].triggered.connect(self.replay.forget)
        self.replay.opened.connect(self._hold_live)
        self.replay.left.connect(self._go_live)
        for part in (self.replay, self.engines, self.jobs, self.bridge):
            window.closing.connect(part.close)

    def _dismiss(self) -> None:
        """Take back one thing, what is most urgent."""
        window, countdown = self.window, self.recording.countdown
        fullscreen = window.actions_by_name["fullscreen"]
        for is_there, end in (
            (countdown.running, countdown.stop),
            (fullscreen.isChecked(), fullscreen.toggle),
            (window.banner.isVisible(), window.banner.hide),
            (window.offer.isVisible(), window.offer.hide),
            (window.guide.isVisible(), window.guide.end),
            (True, lambda: self.pipeline.choose_subject(None)),
        ):
            if is_there:
                end()
                return

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
        self.sources.open(str(path))

    def _hold_live(self) -> None:
        self.pipeline.held = True
        self.bridge.set_paused(True)

    def _go_live(self) -> None:
        self.pipeline.held = False
        self.bridge.set_paused(False)
        if self._begin:
            begin, self._begin = self._begin, None
            begin()
