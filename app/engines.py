"""``main.py models engine``: builds, lists and deletes TensorRT engines, in the terminal.

How an engine is built and checked is in engine.tensorrt_build.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from contextlib import suppress

from app.signals import BAD_INPUT, Ended
from app.table import table
from engine.models.model_spec import ModelSpec, find_models
from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.tensorrt import Engine, delete_engines, find_engine, find_place, list_engines
from engine.tensorrt_build import BuildCancelledError, EngineBuild, Progress

log = logging.getLogger(__package__)


ALL = "all"
BUILT = ("pose2d", "lift3d")  # tasks; a finder is small and stays on the CPU, beside the backbone


def build(names: Sequence[str]) -> int:
    """Build the engines of those models, of all where none or ``all`` is named; the exit code.

    One that fails is told, and the next is tried. Raises ValueError for an unknown model,
    RuntimeUnavailableError where none can be built.
    """
    failed = False
    for spec in _models(names):
        if engine := find_engine(spec):
            print(f"{spec.name}: an engine is there already, {describe(engine)}")
            continue
        try:
            print(f"{spec.name}: {_facts(build_engine(spec))}")
        except RuntimeUnavailableError as error:
            log.exception("No engine of '%s'", spec.name)
            print(f"sandglass: {error}", file=sys.stderr)
            failed = True
    return BAD_INPUT if failed else 0


def build_engine(spec: ModelSpec) -> Engine:
    """Build with progress in the terminal; Ctrl-C ends the child first, then this.

    Raises RuntimeUnavailableError with one line where it fails or its answers are refused.
    """
    line = BuildLine(spec.name)
    building = EngineBuild(spec, line.show)
    try:
        return building.wait()
    except Ended:
        building.cancel()
        with suppress(BuildCancelledError):
            building.wait()
        raise
    finally:
        line.end()


class BuildLine:
    """Progress of a build on stderr: one line, written over; without a terminal a line a phase."""

    def __init__(self, title: str) -> None:
        self._title, self._phase = title, ""
        self._over = sys.stderr.isatty()

    def show(self, progress: Progress) -> None:
        if self._over:
            text = f"\r\033[K{self._title}: {progress.phase}, {100 * progress.done:.0f} %"
            print(text, end="", file=sys.stderr, flush=True)
        elif progress.phase != self._phase:
            self._phase = progress.phase
            print(f"{self._title}: {progress.phase}", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._over:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def listing() -> str:
    """The engines in the cache as a table, whatever machine they are for."""
    engines = list_engines()
    if not engines:
        return "No TensorRT engine is built yet: python main.py models engine build"
    return "\n".join(table([_row(engine) for engine in engines]))


def summaries() -> list[str]:
    """A line for each engine in the cache: whose it is and whether it is used here."""
    return [f"{engine.model}: {_state(engine)}" for engine in list_engines()]


def delete(names: Sequence[str]) -> str:
    """Delete the engines of those models, or all; says what was deleted.

    Raises ValueError where a named model has none.
    """
    chosen = [name for name in names if name != ALL]
    known = {engine.model for engine in list_engines()}
    if unknown := [name for name in chosen if name not in known]:
        raise ValueError(
            f"No engine of '{unknown[0]}'. There are: {', '.join(sorted(known)) or 'none'}."
        )
    return f"Deleted: {', '.join(delete_engines(*chosen)) or 'nothing, there was none'}."


def _models(names: Sequence[str]) -> list[ModelSpec]:
    models = {name: spec for task in BUILT for name, spec in find_models(task).items()}
    if unknown := [name for name in names if name not in (*models, ALL)]:
        raise ValueError(f"Unknown model '{unknown[0]}'. Known: {', '.join(models)}.")
    everything = not names or ALL in names
    return [spec for name, spec in models.items() if everything or name in names]


def _row(engine: Engine) -> dict[str, object]:
    return {
        "model": engine.model,
        "type": engine.precision,
        "built (UTC)": engine.built[:16].replace("T", " "),
        "MB": round(engine.size / 1e6, 1),
        "for": str(engine.place),
        "state": _state(engine),
    }


def _state(engine: Engine) -> str:
    """Whether it is used on this machine, and if not, why."""
    said = describe(engine)
    return said if _is_for_here(engine) else f"for another GPU, driver or TensorRT; {said}"


def _is_for_here(engine: Engine) -> bool:
    try:
        return engine.place == find_place()
    except RuntimeUnavailableError:
        return False


def describe(engine: Engine) -> str:
    """Its parity, and whether it is refused for that."""
    refused = engine.parity.refusal
    return f"refused: {refused}" if refused else str(engine.parity)


def _facts(engine: Engine) -> str:
    size = f"{engine.size / 1e6:.1f} MB, {engine.precision}"
    return f"built in {engine.seconds:.0f} s, {size}, {engine.parity}"
