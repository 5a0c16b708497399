"""An engine built in a child process, with progress, an end that can be waited for, and cancel.

Knows no TensorRT: the child does. What the program runs meanwhile goes on.
"""

from __future__ import annotations

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from engine.models.model_spec import ModelSpec
from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.tensorrt.cache import Engine, load, partial_file

log = logging.getLogger(__package__)


ROOT = Path(__file__).parents[2]
CHILD = (sys.executable, "-m", "engine.tensorrt_build.child")


class BuildCancelledError(RuntimeUnavailableError):
    """The build was cancelled."""


@dataclass(frozen=True)
class Progress:
    """How far a build is."""

    phase: str  # "building f16", "checking f16"
    done: float  # 0 … 1, of this precision


class EngineBuild:
    """A build under way; it starts at once. ``on_progress`` is called in a thread of its own."""

    def __init__(
        self, spec: ModelSpec, on_progress: Callable[[Progress], None] = lambda _: None
    ) -> None:
        self._spec, self._on_progress = spec, on_progress
        self._cancelled, self._last = False, dict[str, Any]()
        log.info("Building the TensorRT engine of '%s'", spec.name)
        self._child = subprocess.Popen(
            [*CHILD, str(spec.folder.resolve())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._thread = Thread(target=self._listen, name="build", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop the build and leave nothing behind; returns at once."""
        self._cancelled = True
        self._child.terminate()

    def wait(self) -> Engine:
        """The engine once it is kept. Raises BuildCancelledError after ``cancel``, and
        RuntimeUnavailableError in one line where it failed or its parity refuses it."""
        self._thread.join()
        if self._cancelled:
            log.info("Cancelled the build of '%s'", self._spec.name)
            raise BuildCancelledError(f"The build of '{self._spec.name}' was cancelled.")
        kept = load(Path(self._last["engine"])) if "engine" in self._last else None
        if kept is None:
            raise RuntimeUnavailableError(self._last.get("error") or self._crash())
        log.info("Built: %s", kept[0])
        if refusal := kept[0].parity.refusal:
            raise RuntimeUnavailableError(
                f"The TensorRT engine of '{self._spec.name}' is not used: {refusal}."
            )
        return kept[0]

    def _listen(self) -> None:
        assert self._child.stdout is not None
        try:
            with self._child.stdout as lines:
                for line in lines:
                    if not line.endswith("\n"):  # cut off by a signal
                        break
                    self._last = json.loads(line)
                    if "phase" in self._last and not self._cancelled:
                        self._on_progress(Progress(**self._last))
        finally:
            self._child.wait()
            partial_file(self._child.pid).unlink(missing_ok=True)

    def _crash(self) -> str:
        code = self._child.returncode
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        hint = " (out of memory?)" if -code == getattr(signal, "SIGKILL", None) else ""
        return f"The build of '{self._spec.name}' ended with {how}{hint}."
