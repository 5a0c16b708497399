"""Reads all settings from the window's controls and puts them back: for saving, undo and reset.

Knows every control that is remembered, and no pipeline.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QObject

from app.language import later, tr
from app.main_window import MainWindow
from app.settings import Settings
from app.settings_history import UNTOUCHED, SettingsHistory
from engine.estimator import DEFAULT_LIFTER

KEPT = (*UNTOUCHED, "record_folder")  # when all else is reset
NOTHING = later("Nothing to undo.")


class SettingsController(QObject):
    def __init__(
        self,
        window: MainWindow,
        remembered: Settings,
        rooms: Callable[[], str],
        modes: Callable[[], str],
    ) -> None:
        """rooms, modes: tell what to remember of them."""
        super().__init__()
        self._rooms, self._modes = rooms, modes
        self._window, self._remembered = window, remembered
        self._history = SettingsHistory(remembered)
        window.actions_by_name["undo"].triggered.connect(self._undo)
        window.actions_by_name["defaults"].triggered.connect(self._reset)

    def begin(self) -> None:
        """Make the present settings those at which undoing ends."""
        self._history = SettingsHistory(self.present())

    def show_status(self, _: object) -> None:
        """Called a few times a second: take note of what was changed."""
        self._history.look(self.present(), time.monotonic())

    def present(self) -> Settings:
        """What to remember of the present state."""
        window = self._window
        return Settings(
            theme=window.theme.name,
            mirror=window.actions_by_name["mirror"].isChecked(),
            smoothing=window.picture.smoothing.value,
            threshold=window.picture.threshold.value,
            people=window.picture.people.currentData(),
            backbone=window.backbone.backbone,
            lifter=window.lifter.lifter,
            runtime=window.backbone.runtime,
            camera=window.source.camera or self._remembered.camera,
            record_folder=str(window.recording.folder),
            record_video=window.recording.video,
            countdown=window.recording.countdown,
            rooms=self._rooms(),
            modes=self._modes(),
            export_format=window.export_dialog.format,
            export_folder=window.export_dialog.elsewhere,
            uncertainty=window.actions_by_name["uncertainty"].isChecked(),
            angles=window.actions_by_name["angles"].isChecked(),
            panels=window.actions_by_name["panels"].isChecked(),
            guided=window.guided,
            language=window.program.language,
            arrangement=window.area.arrangement,
            geometry=window.saveGeometry().toBase64().data().decode(),
        )

    def put(self, settings: Settings) -> None:
        """Set all of it, as if by hand."""
        window, before = self._window, self.present()
        window.set_theme(settings.theme)
        for name in ("mirror", "uncertainty", "angles", "panels"):
            window.actions_by_name[name].setChecked(getattr(settings, name))
        picture = window.picture
        picture.smoothing.set_value(settings.smoothing)
        picture.threshold.set_value(settings.threshold)
        picture.people.setCurrentIndex(picture.people.findData(settings.people))
        folder = Path(settings.record_folder)
        window.recording.choose(folder, settings.record_video, settings.countdown)
        window.program.select_arrangement(settings.arrangement)
        if settings.lifter != before.lifter:
            window.lifter.choose(settings.lifter)
        if (settings.backbone, settings.runtime) != (before.backbone, before.runtime):
            window.backbone.choose(settings.backbone, settings.runtime)

    def _undo(self) -> None:
        self.show_status(None)
        if before := self._history.back():
            self.put(before)
        else:
            self._window.banner.tell(tr(NOTHING))

    def _reset(self) -> None:
        now = self.present()
        kept = {name: getattr(now, name) for name in KEPT}
        self.put(replace(Settings(), lifter=DEFAULT_LIFTER, **kept))
        self._window.banner.tell(tr("Settings are as at first; Ctrl+Z takes that back."))
