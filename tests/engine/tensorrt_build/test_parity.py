"""The parity gate: two runtimes that agree pass; one that answers something else does not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

import numpy as np
import pytest

from engine.models.model_spec import MODELS, ModelSpec, load_spec
from engine.runtimes import Runtime, available_runtimes, open_runtime
from engine.runtimes.parity import Parity
from engine.tensorrt_build.parity import CROPS, bundled_inputs, compare_runtimes, measure_parity

BACKBONE, LIFTER = load_spec(MODELS / "hourglass_1_small"), load_spec(MODELS / "martinez")
OVER_TIME = load_spec(MODELS / "ray_lifter_over_time")

Spoil = Callable[[np.ndarray], np.ndarray]


class Spoilt:
    """A runtime whose answers are changed on their way out."""

    name, device, precision, note = "spoilt", "test", "f32", ""

    def __init__(self, runtime: Runtime, spoil: Spoil) -> None:
        self.runtime, self.spoil = runtime, spoil

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {name: self.spoil(out) for name, out in self.runtime.run(inputs).items()}

    def close(self) -> None:
        """The runtime is another's."""


@pytest.fixture(scope="module")
def runtime() -> Iterator[Runtime]:
    runtime = open_runtime(BACKBONE, "openvino", "f32")
    yield runtime
    runtime.close()


@pytest.mark.parametrize("spec", [BACKBONE, LIFTER, OVER_TIME], ids=lambda spec: spec.name)
def test_the_runtimes_of_a_cpu_agree(spec: ModelSpec) -> None:
    for name in {"openvino", "onnxruntime"}.intersection(available_runtimes()):
        opened = open_runtime(spec, name, "f32")
        parity = measure_parity(spec, opened)
        opened.close()
        assert parity.refusal == "", name
        assert parity.reference == "openvino f32"
        assert parity.unit == ("px" if spec is BACKBONE else "mm")
        assert parity.count >= CROPS * (10 if spec is BACKBONE else 17)


def test_a_runtime_agrees_with_itself_to_the_last_bit(runtime: Runtime) -> None:
    parity = compare_runtimes(BACKBONE, runtime, runtime)
    assert (parity.median, parity.p99, parity.error) == (0, 0, 0)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda maps: np.roll(maps, 1, axis=-1),
        lambda maps: maps[:, ::-1],
        lambda maps: np.zeros_like(maps),
        lambda maps: np.full_like(maps, np.nan),
        lambda maps: maps + np.float32(0.05),
    ],
    ids=["shifted by a pixel", "channels in another order", "zero", "not a number", "raised"],
)
def test_wrong_answers_are_refused(runtime: Runtime, spoil: Spoil) -> None:
    refusal = compare_runtimes(BACKBONE, Spoilt(runtime, spoil), runtime).refusal
    assert "allowed are 0.1 and 1.0 px and 2% of the range" in refusal
    assert "\n" not in refusal


def test_a_network_that_finds_nobody_is_judged_by_its_heatmaps(runtime: Runtime) -> None:
    faint = Spoilt(runtime, lambda maps: maps / 10)
    assert compare_runtimes(BACKBONE, faint, faint).count == 0
    assert compare_runtimes(BACKBONE, faint, faint).refusal == ""
    other = Spoilt(runtime, lambda maps: maps[:, ::-1] / 10)
    assert "no keypoint to compare" in compare_runtimes(BACKBONE, other, faint).refusal


def test_the_bundled_crops_show_a_person_that_is_found(runtime: Runtime) -> None:
    crops = bundled_inputs(BACKBONE)["image"]
    assert crops.shape == (CROPS, *BACKBONE.input_size, 3)
    assert crops.dtype == np.uint8
    peaks = np.concatenate([runtime.run({"image": crop[None]})["heatmaps"] for crop in crops])
    assert np.median(peaks.max(axis=(2, 3))) > 0.5


def test_parity_is_kept_as_json() -> None:
    parity = Parity("px", 0.01, 0.2, 0.001, 256, "openvino f32")
    assert Parity(**json.loads(json.dumps(asdict(parity)))) == parity
