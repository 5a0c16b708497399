"""The estimator that runs and its replacement, loaded and warmed in the background.

Knows no source: the estimating thread calls `Backbones.swap` between two frames.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from engine.estimator import DEFAULT_LIFTER, EstimatorSettings, PoseEstimator
from engine.pipeline.status import SharedStatus
from engine.runtimes import AUTO

log = logging.getLogger(__package__)

LOADING = 30.0  # seconds that `close` waits for a load: OpenVINO aborts a process that exits in one


class Backbones:
    """`swap` and ``running`` belong to one thread; the rest may be called from any."""

    def __init__(
        self,
        shared: SharedStatus,
        open_estimator: Callable[..., PoseEstimator],
        settings: Callable[[], EstimatorSettings],
    ) -> None:
        self.running: PoseEstimator | None = None
        self._shared, self._open, self._settings = shared, open_estimator, settings
        self._loaded: PoseEstimator | None = None  # waits to be swapped in
        self._lock = threading.Lock()  # of _loaded
        self._wish = 0  # the number of the newest call of `set`, which wins
        self._wished = ("", AUTO)  # backbone and runtime of the newest call
        self._granted = 0  # the call whose estimator was loaded last
        self._lifter = DEFAULT_LIFTER  # that goes with the next backbone
        self._loaders: list[threading.Thread] = []
        self._closing = False

    @property
    def newest(self) -> PoseEstimator | None:
        """The one that will run next, else the one that runs."""
        return self._loaded or self.running

    def set(self, name: str, runtime: str) -> None:
        """See `Pipeline.set_backbone`."""
        self._wish += 1
        wish, self._wished = self._wish, (name, runtime)
        self._shared.update(loading=name)
        loader = threading.Thread(
            target=self._load, args=(name, runtime, wish), name="load", daemon=True
        )
        self._loaders = [other for other in self._loaders if other.is_alive()] + [loader]
        loader.start()

    def set_lifter(self, name: str) -> None:
        """See `Pipeline.set_lifter`."""
        self._lifter = name
        if self._wished[0]:
            self.set(*self._wished)

    def _load(self, name: str, runtime: str, wish: int) -> None:
        try:
            estimator = self._open(name, runtime, self._settings(), self._lifter)
        except Exception as error:  # whatever a runtime raises: the one that runs goes on
            if wish == self._wish:
                log.exception("'%s' is not loaded", name)
                self._lifter = self._shared.status.lifter or DEFAULT_LIFTER
                self._shared.update(loading="", message=str(error))
            return
        if wish == self._wish and not self._closing:
            self._granted = wish
            self.use(estimator)
        else:
            estimator.close()

    def use(self, estimator: PoseEstimator) -> None:
        """See `Pipeline.use`."""
        with self._lock:
            unwanted, self._loaded = self._loaded, estimator
        if unwanted:
            unwanted.close()

    def swap(self) -> None:
        """Run what was loaded meanwhile."""
        with self._lock:
            new, self._loaded = self._loaded, None
        if new is None:
            return
        old, self.running = self.running, new
        if old:
            new.carry_on(old)
        runtime = new.backbone.runtime
        self._shared.update(
            backbone=new.backbone.spec.name,
            lifter=new.lifter.spec.name if new.lifter else "",
            runtime=runtime.name,
            device=runtime.device,
            precision=runtime.precision,
            note=new.note,
            loading="" if self._granted == self._wish else self._shared.status.loading,
        )
        log.info("Running '%s' in %s", new.backbone.spec.name, runtime.name)
        if old:
            old.close()

    def close(self) -> None:
        """Wait for what still loads; the one that runs is closed by who runs it."""
        self._closing = True
        for loader in self._loaders:
            loader.join(LOADING)
        if self._loaded:
            self._loaded.close()
