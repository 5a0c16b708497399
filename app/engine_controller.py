"""Runs the chosen backbone in the chosen runtime. A TensorRT engine that is missing is built first,
while the old backbone runs on; with the automatic runtime the build is offered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PyQt6.QtCore import QObject, pyqtSignal

from app.engines import describe
from app.job import Cancelled, Job, Jobs, Tell
from app.language import later, tr
from app.main_window import MainWindow
from engine.models.model_spec import ModelSpec
from engine.pipeline.pipeline import Pipeline
from engine.pipeline.status import PipelineStatus
from engine.runtimes import AUTO, RuntimeUnavailableError
from engine.runtimes.tensorrt import Engine, find_engine
from engine.tensorrt_build import EngineBuild, Progress

TENSORRT = "tensorrt"
CANCELLED = later("The TensorRT engine was not built: cancelled.")
BUTTON = later("Build the TensorRT engine")


class Building(Protocol):
    """A build that is under way, as `EngineBuild`."""

    def wait(self) -> Engine: ...

    def cancel(self) -> None: ...


class Engines:
    """The engines of this machine, as the controller asks for them."""

    def find(self, spec: ModelSpec) -> Engine | None:
        """Raises RuntimeUnavailableError where there can be none."""
        return find_engine(spec)

    def build(self, spec: ModelSpec, on_progress: Callable[[Progress], None]) -> Building:
        return EngineBuild(spec, on_progress)


class EngineController(QObject):
    _progressed = pyqtSignal(object)  # Progress, from a thread of the build

    def __init__(
        self,
        window: MainWindow,
        pipeline: Pipeline,
        jobs: Jobs,
        engines: Engines,
        find_spec: Callable[[str], ModelSpec],
    ) -> None:
        """find_spec: the backbone of that name. Raises ModelError."""
        super().__init__()
        self._offer, self._banner, self._panel = window.offer, window.banner, window.backbone
        self._pipeline, self._jobs = pipeline, jobs
        self._engines, self._find_spec = engines, find_spec
        self._choice = ("", AUTO)  # backbone and runtime that the pipeline was last given
        self._looked_at = ("", "")  # backbone and runtime that ran when last looked at
        self._to_offer = ""  # a backbone, while another offer is shown
        self._offered: set[str] = set()
        self._job: Job | None = None  # the build
        self._begun: list[Building] = []  # what that job has begun: one, or none yet
        self._panel.build_cancelled.connect(lambda: self._give_up(self._banner.tell, tr(CANCELLED)))
        self._progressed.connect(self._show_progress)

    def choose(self, backbone: str, runtime: str) -> None:
        """Run this, as soon as its engine is there; until then the old backbone goes on."""
        if runtime != TENSORRT:
            self.close()
            self._use(backbone, runtime)
            return
        status = self._pipeline.status
        if not (status.backbone or status.loading):
            self._use(backbone, AUTO)
        self._build(backbone, TENSORRT)

    def show_status(self, status: PipelineStatus) -> None:
        """Look for the engine of what begins to run, and make the offer that waits."""
        running = (status.backbone, status.runtime)
        if self._to_offer and not self._offer.text:
            self._make_offer(self._to_offer)
        if running != self._looked_at and status.backbone and not status.loading:
            self._looked_at = running
            self._panel.show_engine("")
            if self._choice[1] in (AUTO, TENSORRT):
                self._look(status.backbone)

    def close(self) -> None:
        """End the build that is under way, if it has not ended."""
        if self._job:
            self._job.cancel()
        for building in self._begun:
            building.cancel()
        self._job, self._begun = None, []
        self._panel.show_build(None)

    def _use(self, backbone: str, runtime: str) -> None:
        self._choice, self._looked_at = (backbone, runtime), ("", "")
        self._pipeline.set_backbone(backbone, runtime)

    # --- building ------------------------------------------------------------------------------

    def _build(self, backbone: str, runtime: str) -> None:
        """Build the engine unless it is there, then run the backbone."""

        self.close()
        begun: list[Building] = []

        def work(tell: Tell) -> None:
            spec = self._find_spec(backbone)
            if self._engines.find(spec) is None:
                building = self._engines.build(spec, self._progressed.emit)
                begun.append(building)
                try:
                    tell(0.0)  # nobody may want it any more
                    building.wait()
                except Cancelled:
                    building.cancel()
                    raise

        def done(_: object) -> None:
            if self._job is job:
                self.close()
                self._use(backbone, runtime)

        def failed(reason: str) -> None:
            if self._job is job:
                self._give_up(self._banner.tell_error, reason)

        self._panel.show_build(Progress(tr("looking for it"), 0.0))
        self._begun = begun
        self._job = job = self._jobs.run(work, done, failed)

    def _show_progress(self, progress: Progress) -> None:
        if self._job:
            self._panel.show_build(progress)

    def _give_up(self, tell: Callable[[str], None], reason: str) -> None:
        self.close()
        tell(reason)
        self._panel.select(*self._choice)

    # --- what there is -------------------------------------------------------------------------

    def _look(self, backbone: str) -> None:
        def work(_: Tell) -> tuple[bool, Engine | None]:
            """Whether there can be an engine here, and the one there is."""
            try:
                return True, self._engines.find(self._find_spec(backbone))
            except RuntimeUnavailableError:
                return False, None

        def done(found: tuple[bool, Engine | None]) -> None:
            possible, engine = found
            if self._looked_at[0] != backbone:
                return
            if engine:
                self._panel.show_engine(tr("TensorRT engine: {}").format(describe(engine)))
            elif possible and backbone not in self._offered and not self._job:
                self._to_offer = backbone

        self._jobs.run(work, done, self._banner.tell_error)

    def _make_offer(self, backbone: str) -> None:
        self._offered.add(backbone)
        self._to_offer = ""
        text = tr("This GPU can run {} through TensorRT.").format(self._panel.title(backbone))
        self._offer.make(text, tr(BUTTON), lambda: self._build(backbone, AUTO))
