"""The fp16 graph that an engine is built from: its types, and how far fp16 moves the answer."""

from __future__ import annotations

import importlib.util
from collections import Counter
from typing import Any

import numpy as np
import pytest

from engine.keypoints.heatmaps import decode
from engine.models.model_spec import MODELS, ModelSpec, load_spec
from engine.runtimes.parity import LARGEST_ERROR, LARGEST_MEDIAN, LARGEST_P99
from engine.tensorrt_build.parity import bundled_inputs

onnx = pytest.importorskip("onnx")
half = pytest.importorskip("engine.runtimes.tensorrt.half")
build = pytest.importorskip("engine.tensorrt_build.child")
FLOAT, HALF, UINT8 = onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16, onnx.TensorProto.UINT8

SHIPPED = MODELS / "hourglass_1_small"
LIFTER = MODELS / "martinez"


def graph_of(spec: ModelSpec, precision: str) -> Any:
    model = onnx.load_from_string(half.engine_graph(spec.onnx, precision))
    onnx.checker.check_model(model)
    return onnx.shape_inference.infer_shapes(model, strict_mode=True).graph


def weight_types(graph: Any, operators: tuple[str, ...]) -> Counter[int]:
    types = {tensor.name: tensor.data_type for tensor in graph.initializer}
    return Counter(types[n.input[1]] for n in graph.node if n.op_type in operators)


@pytest.fixture(scope="module", params=[None, "hrnet_w18_small", "simple_baseline_r18"])
def spec(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ModelSpec:
    """The shipped Hourglass, and the other architectures with random weights."""
    if request.param is None:
        return load_spec(SHIPPED)
    networks = pytest.importorskip("tests.engine.random_networks")
    folder = tmp_path_factory.mktemp("networks") / request.param
    made: ModelSpec = networks.export_random(request.param, folder)
    return made


@pytest.mark.slow
def test_inside_it_is_fp16_and_outside_as_contracted(spec: ModelSpec) -> None:
    graph = graph_of(spec, "f16")
    assert set(weight_types(graph, ("Conv", "ConvTranspose"))) == {HALF}
    assert set(weight_types(graph, ("BatchNormalization",))) <= {FLOAT}
    assert [port.type.tensor_type.elem_type for port in graph.input] == [UINT8]
    assert [port.type.tensor_type.elem_type for port in graph.output] == [FLOAT]
    casts = [node for node in graph.node if node.op_type == "Cast"]
    assert len(casts) == 3, "to fp32 to be normalised, to fp16, and the heatmaps back"


@pytest.mark.slow
def test_onnx_runtime_runs_it_and_answers_as_before(spec: ModelSpec) -> None:
    ort = pytest.importorskip("onnxruntime")

    def answer(graph: bytes) -> np.ndarray:
        session = ort.InferenceSession(graph, providers=["CPUExecutionProvider"])
        return np.asarray(session.run(None, inputs)[0])

    inputs = {"image": bundled_inputs(spec)["image"][:2]}
    before, after = answer(spec.onnx.read_bytes()), answer(half.engine_graph(spec.onnx, "f16"))
    assert after.dtype == np.float32
    assert np.abs(after - before).max() <= LARGEST_ERROR / 4 * np.ptp(before)


@pytest.mark.slow
def test_rounded_after_every_step_it_stays_well_within_the_parity_limits(spec: ModelSpec) -> None:
    rounding = pytest.importorskip("tests.engine.rounding")
    images = bundled_inputs(spec)["image"][:4]
    exact, rounded = (
        rounding.run_rounded(half.engine_graph(spec.onnx, precision), images)
        for precision in ("f32", "f16")
    )
    assert 0 < np.abs(rounded - exact).max() <= LARGEST_ERROR / 4 * np.ptp(exact)
    if spec.folder == SHIPPED:
        shifts = [
            np.linalg.norm(decode(a, "dark")[0] - decode(b, "dark")[0], axis=1)
            for a, b in zip(rounded, exact, strict=True)
        ]
        print(f"{np.median(shifts):.4f} px median, {np.percentile(shifts, 99):.4f} px p99")
        assert np.median(shifts) <= LARGEST_MEDIAN / 4
        assert np.percentile(shifts, 99) <= LARGEST_P99 / 4


@pytest.mark.slow
def test_tensorrt_builds_a_plan_of_it(spec: ModelSpec) -> None:
    if not importlib.util.find_spec("tensorrt_rtx"):
        pytest.skip("needs tensorrt-rtx: pip install it")
    assert len(build.build_plan(spec, "f16", lambda *_: None)) > 1_000_000


def test_a_lifter_stays_fp32_with_its_weights_unpacked() -> None:
    graph = graph_of(load_spec(LIFTER), "f32")
    assert set(weight_types(graph, ("Gemm",))) == {FLOAT}
    assert HALF not in {tensor.data_type for tensor in graph.initializer}


def test_the_file_is_left_as_it_was() -> None:
    half.engine_graph(SHIPPED / "model.onnx", "f16")
    load_spec(SHIPPED).verify()
