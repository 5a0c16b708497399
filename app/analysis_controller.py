"""Every frame of the file that is shown becomes a take, in the background. The live picture waits
meanwhile: both would share the same cores.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

from app.job import Job, Jobs, Tell
from app.language import tr
from app.main_window import MainWindow
from app.replay_controller import ReplayController
from engine.estimator import PoseEstimator
from engine.pipeline.pipeline import Pipeline
from engine.pipeline.whole_file import record_whole
from engine.session.takes import new_take_folder


class AnalysisController(QObject):
    def __init__(
        self,
        window: MainWindow,
        pipeline: Pipeline,
        jobs: Jobs,
        replay: ReplayController,
        open_estimator: Callable[[str], PoseEstimator],
    ) -> None:
        """replay: shows the take; open_estimator: of the backbone of that name."""
        super().__init__()
        self._window, self._pipeline, self._jobs, self._replay = window, pipeline, jobs, replay
        self._open_estimator = open_estimator
        self._job: Job | None = None
        window.source.analysis_wanted.connect(self._begin)
        window.source.analysis_cancelled.connect(self._cancel)

    def _begin(self, source: str) -> None:
        status, recording = self._pipeline.status, self._window.recording
        if status.recording or not status.backbone:
            self._window.banner.tell(tr("First let the backbone load and the running take end."))
            return
        settings, video, notes = self._pipeline.settings, recording.video, recording.notes

        def work(tell: Tell) -> object:
            estimator = self._open_estimator(status.backbone)
            folder = new_take_folder(recording.folder)
            record_whole(
                source, folder, estimator, settings, video=video, notes=notes, progress=tell
            )
            return folder

        self._pipeline.held = True
        self._window.source.show_analysis(0.0)
        self._job = self._jobs.run(work, self._replay.open, self._window.banner.tell_error)
        self._job.progressed.connect(self._window.source.show_analysis)
        self._job.ended.connect(self._end)

    def _cancel(self) -> None:
        if self._job:
            self._job.cancel()
            self._window.banner.tell(tr("The take keeps what was analysed so far."))

    def _end(self) -> None:
        self._job = None
        self._window.source.show_analysis(None)
        self._pipeline.held = self._replay.replay is not None
