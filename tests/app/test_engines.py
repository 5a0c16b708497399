"""``main.py models engine`` and what ``doctor`` says of engines; the GPU is a stand-in."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app import engines
from app.cli import main
from app.doctor import report
from engine.models.model_spec import ModelSpec, find_models
from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.parity import Parity
from engine.runtimes.tensorrt import Engine, Place, list_engines
from engine.runtimes.tensorrt.cache import store
from engine.tensorrt_build import BuildCancelledError, Progress
from tests.conftest import dot_spec

HERE = Place("tensorrt 11.0", "NVIDIA T4, compute capability 7.5", "CUDA 13.0")
GOOD = Parity("px", median=0.02, p99=0.3, error=0.004, count=200, reference="openvino f32")
BACKBONE = "hourglass_1_small"


def engine_of(model: str = BACKBONE, place: Place = HERE, parity: Parity = GOOD) -> Engine:
    return Engine(model, "0" * 64, "f16", place, parity, "2026-01-31T09:05:00+00:00", 61.2, 4)


class Build:
    """A build that tells two phases, then ends as it is told to."""

    ends: Callable[[], Engine] = staticmethod(engine_of)
    cancelled = False

    def __init__(self, spec: ModelSpec, on_progress: Callable[[Progress], None]) -> None:
        self._tell = on_progress

    def wait(self) -> Engine:
        if Build.cancelled:
            raise BuildCancelledError("cancelled")
        for progress in (("building f16", 0.2), ("building f16", 0.9), ("checking f16", 0.95)):
            self._tell(Progress(*progress))
        return Build.ends()

    def cancel(self) -> None:
        Build.cancelled = True


@pytest.fixture(autouse=True)
def _gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A T4 with an empty cache."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(tmp_path / "cache"))
    monkeypatch.setattr("platformdirs.user_data_path", lambda _: tmp_path / "user")
    monkeypatch.setattr(engines, "find_place", lambda: HERE)
    monkeypatch.setattr(engines, "find_engine", lambda _: None)
    monkeypatch.setattr(engines, "EngineBuild", Build)
    monkeypatch.setattr(Build, "cancelled", False)


MODELS = {"pose2d": {name: dot_spec(name) for name in ("one", "two")}}
shipped = pytest.mark.skipif(BACKBONE not in find_models("pose2d"), reason="needs assets/models")


@shipped
def test_a_build_tells_each_phase_once_and_what_was_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["models", "engine", "build", BACKBONE]) == 0
    said = capsys.readouterr()
    phases = [f"{BACKBONE}: building f16", f"{BACKBONE}: checking f16"]
    assert said.err.splitlines() == phases
    assert "built in 61 s" in said.out
    assert "0.020 px median" in said.out


@shipped
def test_on_a_terminal_progress_is_one_line_that_is_written_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert main(["models", "engine", "build", BACKBONE]) == 0
    assert "building f16, 90 %" in terminal.getvalue()
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\033[K")


@shipped
def test_ctrl_c_cancels_the_build(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> Engine:
        raise KeyboardInterrupt

    monkeypatch.setattr(Build, "ends", staticmethod(interrupted))
    assert main(["models", "engine", "build", "all"]) == 130
    assert Build.cancelled
    assert capsys.readouterr().err.splitlines()[-1] == "sandglass: stopped."


@shipped
def test_all_models_are_built_where_none_is_named_and_those_there_are_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {BACKBONE: engine_of()}
    monkeypatch.setattr(engines, "find_engine", lambda spec: there.get(spec.name))
    assert main(["models", "engine", "build"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(find_models("pose2d")) + len(find_models("lift3d"))
    (kept,) = [line for line in lines if line.startswith(f"{BACKBONE}:")]
    assert "there already" in kept


def test_one_that_fails_is_told_and_the_next_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reasons = ["The GPU's memory is full."]

    def end() -> Engine:
        if reasons:
            raise RuntimeUnavailableError(reasons.pop())
        return engine_of()

    monkeypatch.setattr(Build, "ends", staticmethod(end))
    monkeypatch.setattr(engines, "find_models", lambda task: MODELS.get(task, {}))
    assert main(["models", "engine", "build"]) == 2
    said = capsys.readouterr()
    assert "sandglass: The GPU's memory is full.\n" in said.err
    assert "built in 61 s" in said.out


@shipped
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build", "vgg"], f"Unknown model 'vgg'. Known: {BACKBONE}"),
        (["build", BACKBONE], "No NVIDIA driver"),
        (["delete", BACKBONE], f"No engine of '{BACKBONE}'. There are: none."),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(
    arguments: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def missing(_: ModelSpec) -> None:
        raise RuntimeUnavailableError("No NVIDIA driver: install it.")

    monkeypatch.setattr(engines, "find_engine", missing)
    assert main(["models", "engine", *arguments]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_the_list_says_which_engines_are_used_and_why_others_are_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["models", "engine", "list"]) == 0
    assert "models engine build" in capsys.readouterr().out
    store(engine_of("used"), b"plan")
    store(engine_of("moved", replace(HERE, gpu="NVIDIA H200, compute capability 9.0")), b"plan")
    store(engine_of("wrong", parity=replace(GOOD, median=3.0)), b"plan")
    assert main(["models", "engine", "list"]) == 0
    _, moved, used, wrong = capsys.readouterr().out.splitlines()
    assert "for another GPU" in moved
    assert used.endswith(str(GOOD))
    assert "refused: shift 3.000 px median" in wrong
    assert "Engine of used: shift 0.020 px median" in report()


def test_deleting_names_what_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    for model in ("one", "two", "three"):
        store(engine_of(model), b"plan")
    assert main(["models", "engine", "delete", "two"]) == 0
    assert capsys.readouterr().out == "Deleted: two.\n"
    assert [engine.model for engine in list_engines()] == ["one", "three"]
    assert main(["models", "engine", "delete"]) == 0
    assert not list_engines()
