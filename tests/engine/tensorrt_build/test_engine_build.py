"""Engines built without a GPU: real plans of TensorRT-RTX, in a child process, cancelled, failing.

The GPU that they are for is a stand-in; running them is for tests/engine/runtimes/test_tensorrt.py.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from engine.models.model_spec import MODELS, ModelSpec, load_spec
from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.parity import Parity
from engine.runtimes.tensorrt import find_place, list_engines
from engine.runtimes.tensorrt.cache import cache_folder, find
from engine.tensorrt_build import BuildCancelledError, EngineBuild, Progress, engine_build
from engine.tensorrt_build import child as build
from tests.engine.runtimes import tensorrt_standins as standins
from tests.engine.shipped import OF_EACH_ARCHITECTURE, SHIPPED

LIFTER = MODELS / "martinez"

needs_tensorrt = pytest.mark.skipif(
    not importlib.util.find_spec("tensorrt_rtx"), reason="needs tensorrt-rtx: pip install it"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache and a key of the test's own, here and in children."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds happen in a child that builds real plans for a GPU that is none."""
    monkeypatch.setattr(engine_build, "CHILD", standins.CHILD)


def run_child(monkeypatch: pytest.MonkeyPatch, code: str) -> EngineBuild:
    monkeypatch.setattr(engine_build, "CHILD", (sys.executable, "-c", code))
    return EngineBuild(load_spec(LIFTER))


@needs_tensorrt
@pytest.mark.slow
@pytest.mark.parametrize("spec", OF_EACH_ARCHITECTURE, ids=lambda spec: spec.name)
def test_a_shipped_model_becomes_a_plan(spec: ModelSpec) -> None:
    told: list[float] = []
    (precision, *_) = build.precisions(spec)
    plan = build.build_plan(spec, precision, lambda phase, done: told.append(done))
    assert len(plan) > 1_000_000
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] <= build.CHECKING


@needs_tensorrt
def test_an_onnx_that_tensorrt_does_not_read_is_one_line(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    spec = load_spec(LIFTER)
    broken = onnx.load(spec.onnx)
    broken.graph.node[-1].op_type = "NoSuchOperator"
    folder = tmp_path / "broken"
    folder.mkdir()
    onnx.save(broken, folder / "model.onnx")
    (folder / "model.json").write_bytes((LIFTER / "model.json").read_bytes())
    with pytest.raises(RuntimeUnavailableError, match=r"builds no engine of 'martinez'") as error:
        build.build_plan(load_spec(folder), "f32", lambda *_: None)
    assert "\n" not in str(error.value)


@needs_tensorrt
@pytest.mark.usefixtures("child")
def test_a_child_builds_tells_its_progress_and_keeps_the_engine() -> None:
    spec, told = load_spec(LIFTER), list[Progress]()
    engine = EngineBuild(spec, told.append).wait()
    assert {progress.phase for progress in told} == {"building f32", "checking f32"}
    shares = [progress.done for progress in told]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] < 1
    assert list_engines() == [engine]
    kept = find(spec.name, spec.sha256, standins.HERE)
    assert kept is not None
    assert len(kept[1]) == engine.size > 1_000_000


@needs_tensorrt
@pytest.mark.usefixtures("child")
def test_a_build_that_is_cancelled_leaves_nothing() -> None:
    def cancel(progress: Progress) -> None:
        told.append(progress)
        build_.cancel()

    told: list[Progress] = []
    build_ = EngineBuild(load_spec(LIFTER), cancel)
    with pytest.raises(BuildCancelledError, match="cancelled"):
        build_.wait()
    assert len(told) == 1
    assert list(cache_folder().iterdir()) == []


def test_a_child_that_died_while_writing_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import os, signal; from engine.runtimes.tensorrt.cache import partial_file;"
        "partial_file(os.getpid()).write_bytes(b'half'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    with pytest.raises(RuntimeUnavailableError, match=r"SIGKILL \(out of memory\?\)"):
        run_child(monkeypatch, code).wait()
    assert list(cache_folder().iterdir()) == []


def test_a_child_that_crashes_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeUnavailableError, match="'martinez' ended with exit code 3"):
        run_child(monkeypatch, "import sys; sys.exit(3)").wait()


def test_what_a_child_cannot_do_is_told_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeUnavailableError, match=r"^no room$"):
        run_child(monkeypatch, """print('{"error": "no room"}')""").wait()


def test_without_a_gpu_the_real_child_says_what_is_missing() -> None:
    try:
        find_place()
    except RuntimeUnavailableError as missing:
        with pytest.raises(RuntimeUnavailableError, match="^" + str(missing)[:20]):
            EngineBuild(load_spec(LIFTER)).wait()
    else:
        pytest.skip("there is a GPU here")


def build_with(monkeypatch: pytest.MonkeyPatch, **parities: Parity) -> list[str]:
    """Build a backbone whose precisions have these parities; the precisions that were built."""
    built: list[str] = []

    def plan(spec: ModelSpec, precision: str, tell: object) -> bytes:
        built.append(precision)
        return bytes(2000)

    monkeypatch.setattr(build, "build_plan", plan)
    with standins.no_gpu_needed(parities.__getitem__):
        build.build_engine(SHIPPED[0], lambda *_: None)
    return built


def test_fp16_is_enough_where_its_parity_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert build_with(monkeypatch, f16=standins.CLOSE) == ["f16"]


def test_where_fp16_is_refused_fp32_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    assert build_with(monkeypatch, f16=standins.FAR, f32=standins.CLOSE) == ["f16", "f32"]
    (engine,) = list_engines()
    assert (engine.precision, engine.parity.refusal) == ("f32", "")


def test_what_is_refused_in_fp32_too_is_kept_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build_with(monkeypatch, f16=standins.FAR, f32=standins.FAR)
    (engine,) = list_engines()
    assert "0.300 px median, 5.000 px p99" in engine.parity.refusal
