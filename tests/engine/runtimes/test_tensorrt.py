"""TensorRT opened as a runtime: what is missing is one line, auto goes on; on a GPU it runs."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from engine.estimator import open_estimator
from engine.models.model_spec import MODELS, STRIDE, ModelSpec, find_models, load_spec
from engine.runtimes import (
    EngineMissingError,
    RuntimeUnavailableError,
    example_inputs,
    open_runtime,
    tensorrt,
)
from engine.runtimes.parity import Parity
from engine.runtimes.tensorrt import cache, device, place, runtime
from engine.tensorrt_build import EngineBuild
from engine.tensorrt_build.parity import bundled_inputs, measure_parity
from tests.engine.runtimes import fake_cuda
from tests.engine.runtimes import tensorrt_standins as standins

SHIPPED = [spec for task in ("pose2d", "lift3d") for spec in find_models(task, MODELS).values()]
BACKBONE = load_spec(MODELS / "hourglass_1_small")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache and a key of the test's own, here and in children."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def gpu_here(home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a GPU, its driver and TensorRT are, as far as a cache can tell."""
    monkeypatch.setattr(runtime, "find_place", lambda: standins.HERE)
    monkeypatch.setattr("engine.runtimes.available_runtimes", lambda: ("tensorrt", "openvino"))


def keep_engine(spec: ModelSpec, parity: Parity = standins.CLOSE) -> None:
    cache.store(standins.engine(spec.name, spec.sha256, parity=parity), b"no plan")


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("libcuda.so.1: cannot open shared object file", "install it"),
        ("cuInit failed: no CUDA-capable device is detected", "CUDA_VISIBLE_DEVICES"),
        ("(cudaError 35: CUDA driver version is insufficient for CUDA runtime version)", "update"),
        ("_driver.so: undefined symbol: cuCtxCreate_v4", "too old"),
        ("cuInit failed: system has unsupported display driver / cuda driver combination", "match"),
        ("CUDA-capable device(s) is/are busy or unavailable", "another program holds the GPU"),
        ("cuMemAlloc failed: out of memory", "memory is full"),
        ("Error Code 2: OutOfMemory (Requested size was 9 bytes.)\nmore", "memory is full"),
    ],
)
def test_what_drivers_say_becomes_one_line_with_a_remedy(said: str, remedy: str) -> None:
    line = device.explain(said)
    assert remedy in line
    assert "\n" not in line


def test_an_error_without_words_is_named() -> None:
    assert device.explain(MemoryError()) == "MemoryError"
    assert device.explain("something new") == "something new"


def test_tensorrt_without_its_libraries_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise ImportError("libnvinfer.so.10: cannot open shared object file")

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(importlib, "import_module", broken)
    with pytest.raises(RuntimeUnavailableError, match=r"libnvinfer.*pip install"):
        place.import_tensorrt()


def test_what_is_here_is_one_line_in_any_case() -> None:
    assert tensorrt.gpu_state()
    assert "\n" not in tensorrt.gpu_state()


def test_without_a_gpu_no_engine_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise RuntimeUnavailableError("No GPU.")

    monkeypatch.setattr(runtime, "find_place", missing)
    with pytest.raises(RuntimeUnavailableError, match="No GPU"):
        tensorrt.find_engine(BACKBONE)


@pytest.mark.parametrize(
    ("capability", "taken"),
    [("7.5", False), ("8.0", True), ("8.9", True), ("9.0", False), ("10.0", False), ("12.1", True)],
)
def test_a_card_that_tensorrt_for_rtx_refuses_is_known_before_anything_is_built(
    capability: str, taken: bool
) -> None:
    assert place.rtx_takes(capability) == taken


@pytest.mark.usefixtures("gpu_here")
def test_an_engine_that_is_not_built_yet_says_how_to_build_it() -> None:
    assert tensorrt.find_engine(BACKBONE) is None
    with pytest.raises(EngineMissingError, match="models engine build hourglass_1_small"):
        open_runtime(BACKBONE, "tensorrt")


@pytest.mark.usefixtures("gpu_here")
def test_auto_does_not_wait_for_an_engine() -> None:
    opened = open_runtime(BACKBONE)
    assert opened.name == "openvino"
    opened.close()


@pytest.mark.usefixtures("gpu_here")
def test_an_engine_that_its_parity_refuses_is_not_loaded_and_says_why() -> None:
    keep_engine(BACKBONE, parity=standins.FAR)
    assert tensorrt.find_engine(BACKBONE) is not None
    with pytest.raises(RuntimeUnavailableError, match=r"not used: shift 0\.300 px median"):
        open_runtime(BACKBONE, "tensorrt")


@pytest.mark.usefixtures("gpu_here")
def test_auto_goes_on_where_a_kept_engine_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def does_not_load(plan: bytes, precision: str) -> None:
        raise RuntimeUnavailableError("TensorRT loads no engine: too old.")

    monkeypatch.setattr(runtime, "TensorRTRuntime", does_not_load)
    keep_engine(BACKBONE)
    found = tensorrt.find_engine(BACKBONE)
    assert found is not None
    assert found.model == BACKBONE.name
    opened = open_runtime(BACKBONE)
    assert opened.name == "openvino"
    opened.close()


@pytest.mark.usefixtures("gpu_here")
def test_a_lifter_without_engine_runs_elsewhere_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    class Heatmaps:
        name, device, precision, note = "tensorrt", "Some GPU", "f16", ""

        def __init__(self, plan: bytes, precision: str) -> None:
            """Nothing is loaded."""

        def run(self, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
            side = inputs["image"].shape[1] // STRIDE
            shape = (len(inputs["image"]), 16, side, side)
            return {"heatmaps": np.zeros(shape, np.float32)}

        def close(self) -> None:
            """Nothing is held."""

    monkeypatch.setattr(runtime, "TensorRTRuntime", Heatmaps)
    keep_engine(BACKBONE)
    estimator = open_estimator(BACKBONE.name, "tensorrt")
    assert estimator.backbone.runtime.name == "tensorrt"
    assert estimator.lifter is not None
    assert estimator.lifter.runtime.name == "openvino"
    estimator.close()


# --- on a GPU in numpy ---------------------------------------------------------------------------


@pytest.fixture(params=[False, True], ids=["tensorrt", "tensorrt_rtx"])
def fake_gpu(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """pycuda, the driver and TensorRT as fake_cuda.py plays them."""
    trt = fake_cuda.tensorrt(rtx=request.param)
    monkeypatch.setitem(sys.modules, "pycuda.driver", fake_cuda.CUDA)
    monkeypatch.setattr(device, "_driver", fake_cuda.Driver)
    monkeypatch.setattr(runtime, "import_tensorrt", lambda: trt)
    monkeypatch.setattr(place, "import_tensorrt", lambda: trt)
    device.open_gpu.cache_clear()
    yield
    device.open_gpu.cache_clear()
    assert not fake_cuda.CONTEXTS, "a context was left current"


@pytest.mark.usefixtures("fake_gpu")
def test_each_size_of_batch_is_run_captured_and_replayed_with_new_pictures() -> None:
    engine, rng = tensorrt.TensorRTRuntime(b"good", "f16"), np.random.default_rng(0)
    for count in (1, 3, 1, 8, 11, 3):
        images = rng.integers(0, 256, (count, 64, 64, 3), np.uint8)
        heatmaps = engine.run({"image": images})["heatmaps"]
        blocks = images[..., 1].reshape(count, 16, 4, 16, 4).mean(axis=(2, 4))
        np.testing.assert_allclose(heatmaps[:, 5], blocks, rtol=1e-6)
    assert engine.time({"image": images}) == 1.5
    engine.close()


@pytest.mark.usefixtures("fake_gpu")
def test_answers_are_not_overwritten_by_the_next() -> None:
    engine = tensorrt.TensorRTRuntime(b"good", "f16")
    first = engine.run({"image": np.full((1, 64, 64, 3), 9, np.uint8)})["heatmaps"]
    engine.run({"image": np.zeros((1, 64, 64, 3), np.uint8)})
    assert (first == 9).all()


@pytest.mark.usefixtures("fake_gpu")
def test_a_plan_that_does_not_load_is_one_line() -> None:
    with pytest.raises(RuntimeUnavailableError, match="TensorRT loads no engine"):
        tensorrt.TensorRTRuntime(b"poisoned", "f16")


@pytest.mark.usefixtures("fake_gpu")
def test_a_place_is_told_in_one_line_and_a_card_by_its_limits() -> None:
    place = "tensorrt 10.13.0 on Fake GPU, compute capability 8.9, driver for CUDA 13.2"
    assert tensorrt.gpu_state() == place
    limits = device.open_gpu().limits()
    assert (limits.multiprocessors, limits.clock, limits.memory_rate) == (10, 2e9, 64e9)


def test_a_gpu_that_another_program_holds_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy(fake_cuda.Device):
        def retain_primary_context(self) -> fake_cuda.Context:
            raise fake_cuda.CUDA.Error("cuDevicePrimaryCtxRetain failed: busy or unavailable")

    cuda = SimpleNamespace(**vars(fake_cuda.CUDA) | {"Device": Busy})
    monkeypatch.setitem(sys.modules, "pycuda.driver", cuda)
    monkeypatch.setattr(device, "_driver", fake_cuda.Driver)
    device.open_gpu.cache_clear()
    with pytest.raises(RuntimeUnavailableError, match="another program holds the GPU"):
        device.open_gpu()


# --- on a GPU ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, tensorrt.TensorRTRuntime]]:
    """The shipped models on the GPU that is here, built where they were not; a build that fails
    or is refused fails the tests.
    """
    try:
        tensorrt.find_place()
    except RuntimeUnavailableError as error:
        pytest.skip(f"needs an NVIDIA GPU: {error}")
    opened = {}
    for spec in SHIPPED:
        if tensorrt.find_engine(spec) is None:
            EngineBuild(spec).wait()
        opened[spec.name] = tensorrt.open_model(spec)
    yield opened
    for engine in opened.values():
        engine.close()


@pytest.mark.gpu
@pytest.mark.parametrize("spec", SHIPPED, ids=lambda spec: spec.name)
def test_an_engine_answers_as_the_reference(
    engines: dict[str, tensorrt.TensorRTRuntime], spec: ModelSpec
) -> None:
    assert measure_parity(spec, engines[spec.name]).refusal == ""


@pytest.mark.gpu
@pytest.mark.parametrize("count", [1, 2, 8, 11])
def test_a_batch_answers_as_one_by_one_and_each_replay_as_the_first(
    engines: dict[str, tensorrt.TensorRTRuntime], count: int
) -> None:
    """11 go in parts; the second call of each size is the first replay of its graph."""
    engine, images = engines[BACKBONE.name], bundled_inputs(BACKBONE)["image"][:count]
    singly = np.concatenate([engine.run({"image": i[None]})["heatmaps"] for i in images])
    for _ in range(3):
        batch = engine.run({"image": images})["heatmaps"]
        np.testing.assert_allclose(batch, singly, atol=0.01)


@pytest.mark.gpu
def test_backbone_and_lifter_share_the_gpu_in_turns(
    engines: dict[str, tensorrt.TensorRTRuntime],
) -> None:
    inputs = {spec.name: bundled_inputs(spec) for spec in SHIPPED}
    before = {name: engines[name].run(given) for name, given in inputs.items()}
    for _ in range(3):
        for name, given in inputs.items():
            for port, answer in engines[name].run(given).items():
                np.testing.assert_allclose(answer, before[name][port], rtol=1e-3, atol=1e-3)


@pytest.mark.gpu
def test_the_gpu_tells_its_time_and_its_limits(
    engines: dict[str, tensorrt.TensorRTRuntime],
) -> None:
    assert 0 < engines[BACKBONE.name].time(example_inputs(BACKBONE, 8)) < 1000
    limits = device.open_gpu().limits()
    assert limits.multiprocessors > 0
    assert limits.clock > 1e8
    assert limits.memory_rate > 1e9
