"""Speeds: measured once a machine, kept in a file, measured again where that is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.models.model_spec import Int8Form, ModelSpec
from engine.runtimes import AUTO, INT8
from engine.runtimes.speeds import Speeds, speeds_file
from tests.conftest import DotRuntime, dot_spec

SPEC = replace(dot_spec(), sha256="abc", int8=Int8Form(Path("model_int8.zip"), "def"))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


class Machine:
    """Takes so many milliseconds for a form; counts how often it was asked."""

    def __init__(self, place: str = "here", **milliseconds: float) -> None:
        self._milliseconds = milliseconds
        self.opened: list[tuple[str, DotRuntime]] = []
        self.timed = 0
        self.speeds = Speeds(place, self._open, self._time)

    def _open(self, _: ModelSpec, form: str) -> DotRuntime:
        self.opened.append((form, DotRuntime()))
        return self.opened[-1][1]

    def _time(self, call: Callable[[], object], _: float) -> float:
        call()
        self.timed += 1
        return self._milliseconds[self.opened[-1][0]]


@pytest.mark.parametrize(("int8", "wanted"), [(5.0, INT8), (7.5, AUTO), (12.0, AUTO)])
def test_of_both_forms_the_faster_stays_open_if_it_is_worth_it(int8: float, wanted: str) -> None:
    machine = Machine(auto=8.0, int8=int8)
    runtime = machine.speeds.open_faster(SPEC)
    assert {form for form, opened in machine.opened if not opened.closed} == {wanted}
    assert runtime in [opened for form, opened in machine.opened if form == wanted]


def test_what_was_measured_is_not_measured_again() -> None:
    Machine(auto=8.0, int8=5.0).speeds.open_faster(SPEC)
    later = Machine()
    later.speeds.open_faster(SPEC)
    assert ([form for form, _ in later.opened], later.timed) == ([INT8], 0)
    assert later.speeds.gain(SPEC) == 5 / 8


@pytest.mark.parametrize(
    ("place", "spec"),
    [("there", SPEC), ("here", replace(SPEC, sha256="new")), ("here", replace(SPEC, int8=None))],
)
def test_another_machine_or_another_network_is_measured(place: str, spec: ModelSpec) -> None:
    Machine(auto=8.0, int8=5.0).speeds.open_faster(SPEC)
    other = Machine(place)
    known = [other.speeds.known(spec, form) for form in (AUTO, INT8)]
    assert None in known


def test_what_is_forgotten_is_measured_again() -> None:
    speeds = Machine().speeds
    other = replace(SPEC, sha256="other", int8=None)
    speeds.keep(SPEC, AUTO, 8.0)
    speeds.keep(other, AUTO, 9.0)
    speeds.forget(SPEC)
    assert speeds.known(SPEC, AUTO) is None
    assert Machine().speeds.known(SPEC, AUTO) is None
    assert Machine().speeds.known(other, AUTO) == 9.0


@pytest.mark.parametrize(
    "content", ["", "[]", '{"abc auto, here": "fast"}', '{"abc auto, here": -1}']
)
def test_a_file_that_makes_no_sense_counts_as_missing(content: str) -> None:
    speeds_file().parent.mkdir(parents=True)
    speeds_file().write_text(content)
    assert Machine().speeds.known(SPEC, AUTO) is None


def test_where_nothing_can_be_written_it_is_known_until_the_program_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    machine = Machine(auto=8.0, int8=5.0)
    machine.speeds.open_faster(SPEC)
    machine.speeds.open_faster(SPEC)
    assert machine.timed == 2
    assert Machine().speeds.known(SPEC, AUTO) is None


def test_timing_alone_keeps_nothing_and_closes_what_it_opened() -> None:
    machine = Machine(auto=8.0)
    assert machine.speeds.time(SPEC, AUTO) == 8.0
    assert machine.opened[0][1].closed
    assert machine.speeds.known(SPEC, AUTO) is None
