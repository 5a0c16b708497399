"""The backbone that runs where none is named: the most accurate that this machine keeps up with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app import choice
from app.choice import LIMIT, METRIC, Choice, Speed, accuracies, look
from app.cli import main
from engine.estimator import DEFAULT_BACKBONE
from engine.models.model_spec import Int8Form, ModelSpec
from engine.runtimes import AUTO, INT8, RuntimeUnavailableError
from engine.runtimes.speeds import Speeds
from tests.conftest import dot_spec

SMALL = DEFAULT_BACKBONE


def backbone(name: str, gmacs: float, right: float, int8: bool = True) -> ModelSpec:
    form = Int8Form(Path(), f"{name} in int8") if int8 else None
    metrics = {METRIC: {"lsp": {"all": right - 10}, "coco": {"all": right + 10}}}
    spec = dot_spec(name)
    return replace(spec, title=name, gmacs=gmacs, sha256=name, int8=form, metrics=metrics)


SPECS = {
    spec.name: spec
    for spec in (
        backbone(SMALL, 1.0, 60.0),
        backbone("odd", 2.0, 55.0),
        backbone("middle", 6.0, 65.0),
        backbone("large", 10.0, 70.0),
    )
}


class Machine(Speeds):
    """A machine of so many ms a GMAC, twice as fast in int8, with a clock of its own: opening and
    measuring a form takes a second.
    """

    def __init__(self, rate: float, seconds: float = 0.1) -> None:
        super().__init__("here", lambda *_: pytest.fail("nothing is opened"))
        self._rate, self._seconds, self.now = rate, seconds, 0.0
        self.kept: dict[tuple[str, str], float] = {}
        self.timed: list[tuple[str, str]] = []

    def known(self, spec: ModelSpec, form: str) -> float | None:
        return self.kept.get((spec.name, form))

    def keep(self, spec: ModelSpec, form: str, milliseconds: float) -> None:
        self.kept[spec.name, form] = milliseconds

    def forget(self, spec: ModelSpec) -> None:
        self.kept = {key: kept for key, kept in self.kept.items() if key[0] != spec.name}

    def time(self, spec: ModelSpec, form: str) -> float:
        self.timed.append((spec.name, form))
        self.now += self._seconds
        return self._rate * spec.gmacs / (2 if form == INT8 else 1)

    def look(self, specs: Mapping[str, ModelSpec] = SPECS, measure: bool = True) -> Choice:
        return look(specs, self, measure, clock=lambda: self.now)


@pytest.mark.parametrize(
    ("rate", "wanted"),
    [
        (1.0, "large"),
        (2 * LIMIT / 10, "large"),  # just fast enough, in int8
        (2 * LIMIT / 10 + 0.1, "middle"),
        (2 * LIMIT / 6 + 0.1, SMALL),
        (1000.0, SMALL),  # nothing keeps up: the fastest
    ],
)
def test_the_most_accurate_that_keeps_up_is_chosen(rate: float, wanted: str) -> None:
    assert Machine(rate).look().backbone == wanted


def test_int8_is_opened_once_and_its_gain_stands_for_the_others() -> None:
    machine = Machine(4.0)
    chosen = machine.look()
    assert machine.timed == [(SMALL, AUTO), (SMALL, INT8), ("middle", AUTO), ("large", AUTO)]
    assert chosen.speeds["large"] == Speed(20.0, measured=False)
    assert chosen.speeds[SMALL] == Speed(2.0, measured=True)


def test_what_would_not_be_chosen_is_not_measured_but_expected() -> None:
    """The less accurate, and those far too slow: by their GMACs, as the last that was measured."""
    machine = Machine(40.0)
    chosen = machine.look()
    assert {name for name, _ in machine.timed} == {SMALL}
    assert chosen.speeds["odd"] == Speed(40.0, measured=False)
    assert chosen.speeds["large"] == Speed(200.0, measured=False)


def test_after_its_time_it_is_chosen_among_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "SECONDS", 300.0)
    machine = Machine(1.0, seconds=110.0)
    assert machine.look().backbone == "middle"
    assert len(machine.timed) == 3
    assert machine.look().backbone == "large"  # the next time the rest is measured
    assert len(machine.timed) == 4


def test_what_is_known_is_not_measured_again() -> None:
    machine = Machine(1.0)
    first, count = machine.look(), len(machine.timed)
    assert machine.look() == first
    assert len(machine.timed) == count


def test_looking_without_measuring_measures_nothing() -> None:
    machine = Machine(1.0)
    machine.keep(SPECS["middle"], AUTO, 12.0)
    assert set(machine.look(measure=False).speeds) == {"middle", "large"}
    assert machine.timed == []


def test_a_network_without_an_int8_form_is_taken_as_it_is() -> None:
    specs = SPECS | {"large": replace(SPECS["large"], int8=None)}
    assert Machine(2 * LIMIT / 10).look(specs).backbone == "middle"


def test_a_network_that_does_not_run_here_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(1.0)

    def time(spec: ModelSpec, form: str) -> float:
        if spec.name == "large":
            raise RuntimeUnavailableError("too large")
        return Machine.time(machine, spec, form)

    monkeypatch.setattr(machine, "time", time)
    assert machine.look().backbone == "middle"


def test_only_those_measured_on_the_same_pictures_compete() -> None:
    own = replace(SPECS["large"], name="own", metrics={METRIC: {"lsp": {"all": 99.0}}})
    specs = SPECS | {"own": own, "none": replace(own, name="none", metrics={METRIC: "good"})}
    assert accuracies(specs) == {SMALL: 60, "odd": 55, "middle": 65, "large": 70}
    assert Machine(1.0).look(specs).backbone == "large"


def test_where_nothing_is_known_it_is_the_default() -> None:
    specs = {SMALL: replace(SPECS[SMALL], metrics={})}
    assert Machine(1.0).look(specs).backbone == SMALL
    assert Machine(1.0).look({}).backbone == SMALL


@pytest.mark.parametrize(
    ("speeds", "said"),
    [
        (
            {"a": Speed(24.6, False)},
            "A: the most accurate that keeps 25 results a second here",
        ),
        ({"a": Speed(LIMIT + 1, True)}, "A: the fastest, no backbone keeps 25 results"),
        ({}, "A: how fast backbones are here is not known."),
    ],
)
def test_the_choice_is_told_in_one_line(speeds: dict[str, Speed], said: str) -> None:
    line = str(Choice("a", "A", speeds))
    assert line.startswith(said)
    assert "\n" not in line


def test_a_speed_says_whether_it_was_measured() -> None:
    assert [str(Speed(5.44, True)), str(Speed(24.6, False))] == ["5.4 ms", "≈ 25 ms"]


def test_bench_choose_measures_anew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = Machine(2.0)
    machine.look()
    machine.timed.clear()
    monkeypatch.setattr(choice, "find_models", lambda _: SPECS)
    monkeypatch.setattr("engine.runtimes.openvino.speeds", lambda: machine)
    assert main(["bench", "--choose"]) == 0
    assert machine.timed[0] == (SMALL, AUTO)
    heads, *rows, empty, said = capsys.readouterr().out.splitlines()
    assert heads.split() == ["backbone", "here", METRIC]
    assert [row.split()[0] for row in rows] == list(SPECS)
    assert (empty, said[:11]) == ("", "large: the ")
