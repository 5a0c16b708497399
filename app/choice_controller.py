"""Runs the backbone that the user chose, or, for *Automatic*, the one that `app.choice` chooses.

Speeds that are not known yet are measured in the background.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

from app.choice import Choice
from app.job import Jobs
from app.main_window import MainWindow
from engine.estimator import DEFAULT_BACKBONE
from engine.pipeline.status import PipelineStatus


class ChoiceController(QObject):
    def __init__(
        self,
        window: MainWindow,
        jobs: Jobs,
        use: Callable[[str, str], None],
        choose: Callable[[bool], Choice],
    ) -> None:
        """use: runs a backbone in a runtime; choose: see app.choice."""
        super().__init__()
        self._panel, self._banner, self._jobs = window.backbone, window.banner, jobs
        self._use, self._choose = use, choose
        self.choosing = False  # a choice is under way, and a backbone will be loaded after it
        self._wishes = 0  # the newest wins
        self._running = ("", "")  # backbone and precision that ran when last looked at
        self._panel.backbone_chosen.connect(self.choose)

    def choose(self, backbone: str, runtime: str) -> None:
        """Run this backbone; an empty name is *Automatic*."""
        self._wishes += 1
        wish, self.choosing = self._wishes, not backbone

        def done(choice: Choice) -> None:
            if wish == self._wishes:
                self.choosing = False
                self._panel.show_choice(choice)
                self._use(choice.backbone, runtime)

        def failed(reason: str) -> None:
            self._banner.tell(reason)
            done(Choice(DEFAULT_BACKBONE, DEFAULT_BACKBONE, {}))

        self._panel.show_choice(None)
        if backbone:
            self._use(backbone, runtime)
        else:
            self._jobs.run(lambda _: self._choose(True), done, failed)

    def show_status(self, status: PipelineStatus) -> None:
        """Show speeds anew when another backbone runs, which may have been measured meanwhile."""
        running = (status.backbone, status.precision)
        if running != self._running and status.backbone and not status.loading:
            self._running = running
            show = self._panel.show_speeds
            self._jobs.run(
                lambda _: self._choose(False), lambda c: show(c.speeds), self._banner.tell
            )
