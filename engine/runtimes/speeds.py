"""How fast this machine computes the forms of a model: measured once, kept in the user's cache.

A form is a precision: ``auto`` is model.onnx as the CPU likes it, ``int8`` the file beside it.
Knows no runtime: it is told how a form is opened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Lock

import platformdirs

from engine.models.model_spec import ModelSpec
from engine.runtimes import AUTO, INT8, Runtime, example_inputs
from engine.timing import shortest_ms

SECONDS = 0.1  # of a measurement
GAIN = 0.9  # of the time of model.onnx; an int8 form that takes more is not worth its half a point
FORMS = (AUTO, INT8)

OpenForm = Callable[[ModelSpec, str], Runtime]
Stopwatch = Callable[[Callable[[], object], float], float]

_writing = Lock()


class Speeds:
    """Milliseconds a picture, of every form that was measured here."""

    def __init__(self, place: str, open_form: OpenForm, stopwatch: Stopwatch = shortest_ms) -> None:
        """place: all that a figure depends on besides the form: the CPU, the runtime's version."""
        self._place, self._open, self._stopwatch = place, open_form, stopwatch
        self._here: dict[str, float] = {}  # measured by this process, whether or not it was written

    def known(self, spec: ModelSpec, form: str) -> float | None:
        """As it was kept; None where it is to be measured."""
        key = self._key(spec, form)
        kept = self._here.get(key) or _read().get(key)
        return float(kept) if isinstance(kept, int | float) and kept > 0 else None

    def keep(self, spec: ModelSpec, form: str, milliseconds: float) -> None:
        with _writing:
            self._here[self._key(spec, form)] = milliseconds
            _write(_read() | self._here)

    def forget(self, spec: ModelSpec) -> None:
        """Measure that model anew when it is next asked for."""
        with _writing:
            gone = {self._key(spec, form) for form in FORMS}
            self._here = {key: kept for key, kept in self._here.items() if key not in gone}
            _write({key: kept for key, kept in _read().items() if key not in gone})

    def time(self, spec: ModelSpec, form: str) -> float:
        """Open a form and measure it; nothing is kept. Raises as `open_form` does."""
        with closing(self._open(spec, form)) as runtime:
            return self._time(spec, runtime)

    def open_faster(self, spec: ModelSpec) -> Runtime:
        """The form that this machine computes faster; what is not known is measured, and kept."""
        opened: dict[str, Runtime] = {}
        for form in FORMS:
            if self.known(spec, form) is None:
                opened[form] = self._open(spec, form)
                self.keep(spec, form, self._time(spec, opened[form]))
        wanted = INT8 if self.gain(spec) < GAIN else AUTO
        for form in opened.keys() - {wanted}:
            opened[form].close()
        return opened.get(wanted) or self._open(spec, wanted)

    def gain(self, spec: ModelSpec) -> float:
        """What int8 takes of the time that model.onnx takes; 1 where either is not known."""
        plain, int8 = (self.known(spec, form) for form in FORMS)
        return int8 / plain if plain and int8 else 1.0

    def _time(self, spec: ModelSpec, runtime: Runtime) -> float:
        inputs = example_inputs(spec)
        return self._stopwatch(lambda: runtime.run(inputs), SECONDS)

    def _key(self, spec: ModelSpec, form: str) -> str:
        sha256 = spec.int8.sha256 if spec.int8 and form == INT8 else spec.sha256
        return f"{sha256} {form}, {self._place}"


def speeds_file() -> Path:
    return platformdirs.user_cache_path("sandglass") / "speeds.json"


def _read() -> dict[str, object]:
    """What was kept; nothing where there is no file, or one that makes no sense."""
    try:
        content = json.loads(speeds_file().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(speeds: dict[str, object]) -> None:
    """Whole or not at all; where nothing can be written, it is measured again next time."""
    file = speeds_file()
    partial = file.with_name(f".{os.getpid()}.speeds")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(speeds, indent=1) + "\n", "utf-8")
        partial.replace(file)
    except OSError:
        return
