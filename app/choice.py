"""The default backbone: the most accurate one that keeps 25 results a second on this machine.

Measured for at most three seconds, smaller ones first, and remembered by engine.runtimes.speeds.
Knows no window and no network's name but the default's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import fmean

from app.table import table
from engine.estimator import DEFAULT_BACKBONE
from engine.models.model_spec import ModelSpec, find_models
from engine.runtimes import AUTO
from engine.runtimes.speeds import FORMS, Speeds

RATE = 25.0  # results a second
REST = 10.0  # ms of a result that are not the backbone's, crop to paint: docs/performance.md
LIMIT = 1e3 / RATE - REST  # ms
FAR = 1.5  # times LIMIT: a backbone that is expected to take more is not measured
SECONDS = 3.0  # for all that is measured
METRIC = "PCK@0.2"
WHOLE = "full_"  # begins the names of sets of whole pictures


@dataclass(frozen=True)
class Speed:
    """The speed of a backbone on this machine."""

    milliseconds: float  # a picture
    measured: bool  # else expected, from what others take

    def __str__(self) -> str:
        digits = 1 if self.milliseconds < 10 else 0
        return f"{'' if self.measured else '≈ '}{self.milliseconds:.{digits}f} ms"


@dataclass(frozen=True)
class Choice:
    """What runs where no backbone is named, and what is known of all of them."""

    backbone: str
    title: str
    speeds: Mapping[str, Speed]

    def __str__(self) -> str:
        speed = self.speeds.get(self.backbone)
        if speed is None:
            return f"{self.title}: how fast backbones are here is not known."
        rate = f"{RATE:.0f} results a second here"
        if speed.milliseconds > LIMIT:
            return f"{self.title}: the fastest, no backbone keeps {rate} ({speed} a picture)."
        return f"{self.title}: the most accurate that keeps {rate} ({speed} a picture)."


def choose(measure: bool = True) -> Choice:
    """Choose among all backbones, in OpenVINO; measure: time those whose speed is not known yet."""
    from engine.runtimes.openvino import speeds

    return look(find_models("pose2d"), speeds(), measure=measure)


def choose_anew() -> int:
    """Forget what was measured, measure again and print what came of it; returns the exit code."""
    from engine.runtimes.openvino import speeds

    specs, known = find_models("pose2d"), speeds()
    for spec in specs.values():
        known.forget(spec)
    choice, right = look(specs, known), accuracies(specs)
    rows: list[dict[str, object]] = [
        {"backbone": name, "here": choice.speeds.get(name), METRIC: _percent(right.get(name))}
        for name in specs
    ]
    print("\n".join([*table(rows), "", str(choice)]))
    return 0


def look(
    specs: Mapping[str, ModelSpec],
    speeds: Speeds,
    measure: bool = True,
    clock: Callable[[], float] = time.monotonic,
) -> Choice:
    """Choose among ``specs``; without ``measure`` by the speeds known so far."""
    looking = _Looking(speeds, clock, SECONDS if measure else 0.0)
    right, best = accuracies(specs), ""
    for spec in sorted(specs.values(), key=lambda spec: spec.gmacs):
        better = right.get(spec.name, 0.0) > right.get(best, 0.0)
        if looking.keeps_up(spec, worth_measuring=better) and better:
            best = spec.name
    found = looking.close()
    name = best or min(found, key=lambda name: found[name].milliseconds, default=DEFAULT_BACKBONE)
    return Choice(name, specs[name].title if name in specs else name, found)


class _Looking:
    """The speed of each backbone, from the smallest up: known, measured while time is
    left, or estimated from the ms per GMAC of the one before. An int8 form takes long to open, so
    the gain of the first one stands for all that were never opened.
    """

    def __init__(self, speeds: Speeds, clock: Callable[[], float], seconds: float) -> None:
        self._speeds, self._clock, self._until = speeds, clock, clock() + seconds
        self._rate = self._gain = 0.0  # ms a GMAC, share of the time that int8 takes; 0: not known
        self._found: dict[str, Speed] = {}
        self._pool = ThreadPoolExecutor(1, "measure")

    def keeps_up(self, spec: ModelSpec, worth_measuring: bool) -> bool:
        """Whether a backbone is known to be fast enough; measures it if that is worth it."""
        if worth_measuring and self._rate * spec.gmacs <= FAR * LIMIT:
            self._measure(spec)
        plain, int8 = (self._speeds.known(spec, form) for form in FORMS)
        if plain is None:
            if self._rate:
                self._found[spec.name] = Speed(self._rate * spec.gmacs, measured=False)
            return False
        if int8:
            self._gain = min(int8 / plain, 1.0)
        share = self._gain if spec.int8 and self._gain else 1.0
        speed = Speed(plain * share, measured=bool(int8) or spec.int8 is None)
        self._found[spec.name] = speed
        if spec.gmacs:
            self._rate = speed.milliseconds / spec.gmacs
        return speed.milliseconds <= LIMIT

    def _measure(self, spec: ModelSpec) -> None:
        """Time the forms whose speed is unknown, as long as there is time."""
        for form in FORMS if spec.int8 and not self._gain else (AUTO,):
            left = self._until - self._clock()
            if left <= 0 or self._speeds.known(spec, form):
                continue
            try:
                milliseconds = self._pool.submit(self._speeds.time, spec, form).result(left)
            except (TimeoutError, OSError, RuntimeError, ValueError):
                return  # it does not run here, or not soon: another is chosen
            self._speeds.keep(spec, form, milliseconds)

    def close(self) -> Mapping[str, Speed]:
        """What was found."""
        self._pool.shutdown(wait=False)
        return self._found


def accuracies(specs: Mapping[str, ModelSpec]) -> dict[str, float]:
    """METRIC by backbone, the mean over the sets of crops that DEFAULT_BACKBONE was measured on.
    Backbones that were not measured on all of these cannot be compared and are left out.
    """
    tables = {name: of_crops(headlines(spec.metrics.get(METRIC))) for name, spec in specs.items()}
    sets = tables.get(DEFAULT_BACKBONE) or {}
    return {
        name: fmean(found[key] for key in sets)
        for name, found in tables.items()
        if sets and found.keys() >= sets.keys()
    }


def of_crops(figures: Mapping[str, float]) -> dict[str, float]:
    """Leave out the sets of whole pictures, whose figures depend on the finder as well."""
    return {name: figure for name, figure in figures.items() if not name.startswith(WHOLE)}


def headlines(rows: object) -> dict[str, float]:
    """Set → figure, of one metric's rows; nothing where that is no table."""
    table = rows.items() if isinstance(rows, Mapping) else ()
    figures = ((name, row.get("all")) for name, row in table if isinstance(row, Mapping))
    return {name: figure for name, figure in figures if isinstance(figure, int | float)}


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1f}"
