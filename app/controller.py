"""Connects window and pipeline: what a panel says is done, what the pipeline gives is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PyQt6.QtCore import QObject, QUrl
from PyQt6.QtGui import QDesktopServices

from app.main_window import MainWindow
from app.panels.source_panel import Source
from app.pipeline_bridge import PipelineBridge
from app.settings import Settings
from engine.capture import DEMO, Camera, list_cameras
from engine.estimator import DEFAULT_BACKBONE, EstimatorSettings
from engine.model_spec import ModelSpec, find_models
from engine.pipeline import Pipeline
from engine.runtimes import available_runtimes
from engine.session.journal import SessionError

NO_CAMERA = "No camera found: playing the demo clip."


def find_backbones() -> Mapping[str, ModelSpec]:
    return find_models("pose2d")


class Controller(QObject):
    """Owns the window and, through the bridge, the pipeline; closes the one with the other."""

    def __init__(
        self,
        settings: Settings,
        open_pipeline: Callable[..., Pipeline] = Pipeline,
        cameras: Callable[[], Sequence[Camera]] = list_cameras,
        backbones: Callable[[], Mapping[str, ModelSpec]] = find_backbones,
    ) -> None:
        super().__init__()
        self._remembered = settings
        self._find_cameras, self._find_backbones = cameras, backbones
        self.window = MainWindow(settings)
        estimator = EstimatorSettings(smoothing=settings.smoothing, threshold=settings.threshold)
        self.bridge = PipelineBridge(estimator, open_pipeline)
        self.pipeline = self.bridge.pipeline
        self._show_what_comes()
        self._do_what_is_asked()

    def start(self, source: Source | None, backbone: str | None, runtime: str) -> None:
        """Open the first source and the first backbone, in the background."""
        settings, models = self._remembered, self._find_backbones()
        self.window.backbone.set_choices(models, available_runtimes())
        known = settings.backbone if settings.backbone in models else DEFAULT_BACKBONE
        name = backbone or known
        chosen = settings.runtime if runtime == "auto" else runtime
        self.window.backbone.select(name, chosen)
        self.pipeline.set_backbone(name, chosen)
        self._list_cameras()
        self._open(self._first_source() if source is None else source)

    def settings(self) -> Settings:
        """What to remember of the present state."""
        window = self.window
        return Settings(
            theme=window.theme.name,
            mirror=window.actions_by_name["mirror"].isChecked(),
            smoothing=window.picture.smoothing.value,
            threshold=window.picture.threshold.value,
            backbone=window.backbone.backbone,
            runtime=window.backbone.runtime,
            camera=window.source.camera or self._remembered.camera,
            record_folder=str(window.recording.folder),
            record_video=window.recording.video.isChecked(),
            panels=window.actions_by_name["panels"].isChecked(),
            geometry=window.saveGeometry().toBase64().data().decode(),
        )

    def _show_what_comes(self) -> None:
        window = self.window
        for view in (window.video, window.skeleton):
            self.bridge.result_ready.connect(view.show_result)
        panels = (window.source, window.backbone, window.recording, window.performance)
        for panel in (window.banner, *panels):
            self.bridge.status_changed.connect(panel.show_status)

    def _do_what_is_asked(self) -> None:
        window, actions = self.window, self.window.actions_by_name
        window.source.source_chosen.connect(self._open)
        window.source.list_wanted.connect(self._list_cameras)
        window.backbone.backbone_chosen.connect(self.pipeline.set_backbone)
        window.picture.smoothing.value_changed.connect(self._set_estimator)
        window.picture.threshold.value_changed.connect(self._set_estimator)
        window.recording.folder_shown.connect(self._show_folder)
        actions["pause"].toggled.connect(self.bridge.set_paused)
        actions["record"].triggered.connect(self._record)
        actions["screenshot"].triggered.connect(self._save_picture)
        window.closing.connect(self.bridge.close)

    def _list_cameras(self) -> None:
        self.window.source.set_cameras(self._find_cameras())

    def _first_source(self) -> Source:
        """The remembered camera, else the first one, else the demo clip, and then say so."""
        cameras = self._find_cameras()
        if not cameras:
            self.window.banner.tell(NO_CAMERA)
            return DEMO
        remembered = [c.index for c in cameras if c.name == self._remembered.camera]
        return (remembered or [cameras[0].index])[0]

    def _open(self, source: Source) -> None:
        self.window.source.set_source(source)
        self.pipeline.set_source(source)

    def _set_estimator(self) -> None:
        picture = self.window.picture
        self.pipeline.settings = replace(
            self.pipeline.settings,
            smoothing=picture.smoothing.value,
            threshold=picture.threshold.value,
        )

    def _record(self) -> None:
        """Start a take in a folder of its own, or stop the one that runs."""
        recording = self.window.recording
        try:
            if self.pipeline.status.recording:
                folder = self.pipeline.stop_recording()
                self.window.banner.tell(f"Saved to {folder}.")
            else:
                folder = recording.folder / _now()
                self.pipeline.start_recording(folder, recording.video.isChecked())
        except SessionError as error:
            self.window.banner.tell(str(error))
        self.bridge.tell_status()

    def _save_picture(self) -> None:
        path = self.window.recording.folder / f"{_now()}.png"
        saved = _make_folder(path.parent) and self.window.grab().save(str(path))
        self.window.banner.tell(f"Saved {path}." if saved else f"{path} could not be written.")

    def _show_folder(self, folder: Path) -> None:
        if not (_make_folder(folder) and QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))):
            self.window.banner.tell(f"{folder} cannot be shown.")


def _make_folder(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True


def _now() -> str:
    return datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
