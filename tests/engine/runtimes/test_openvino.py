"""OpenVINO: one input has shapes and memory of its own; what was compiled is kept."""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from engine.models.model_spec import MODELS, ModelSpec, load_spec
from engine.runtimes import RuntimeUnavailableError, available_runtimes, open_runtime

pytestmark = pytest.mark.skipif("openvino" not in available_runtimes(), reason="needs OpenVINO")

POSES = {
    "keypoints": np.random.default_rng(0).uniform(100, 400, (2, 16, 2)).astype(np.float32),
    "visible": np.ones((2, 16), np.float32),
}


def joints(spec: ModelSpec) -> np.ndarray:
    with closing(open_runtime(spec, "openvino")) as runtime:
        return runtime.run(POSES)["joints"]


def test_one_that_is_installed_but_does_not_load_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(name: str) -> ModuleType:
        raise ImportError("DLL load failed while importing _pyopenvino.")

    monkeypatch.setattr(importlib, "import_module", broken)
    with pytest.raises(RuntimeUnavailableError, match="openvino cannot run 'ray_lifter': DLL load"):
        open_runtime(load_spec(MODELS / "ray_lifter"), "openvino")


def test_openvino_tells_nobody_that_it_runs() -> None:
    importlib.import_module("engine.runtimes.openvino")
    assert sys.modules["openvino_telemetry"] is None


def test_a_lifter_says_the_same_of_one_pose_and_of_several_and_keeps_no_answer() -> None:
    with closing(open_runtime(load_spec(MODELS / "martinez"), "openvino")) as runtime:
        both = runtime.run(POSES)["joints"]
        one, other = (
            runtime.run({name: value[i : i + 1] for name, value in POSES.items()})["joints"]
            for i in range(2)
        )
    np.testing.assert_allclose(np.concatenate([one, other]), both, atol=0.01)


def test_a_backbone_says_the_same_of_one_crop_and_of_several() -> None:
    spec = load_spec(MODELS / "hourglass_1_small")
    crops = np.random.default_rng(0).integers(0, 255, (2, *spec.input_size, 3), np.uint8)
    with closing(open_runtime(spec, "openvino", "f32")) as runtime:
        one, both, other = (
            runtime.run({"image": image})["heatmaps"] for image in (crops[:1], crops, crops[1:])
        )
    np.testing.assert_allclose(np.concatenate([one, other]), both, atol=1e-4)


def test_what_was_compiled_is_not_taken_for_another_file_of_its_name_size_and_time(
    tmp_path: Path,
) -> None:
    """As OpenVINO itself takes it: a network that was trained on has the size it had."""
    shipped = load_spec(MODELS / "martinez")
    spec, time = replace(shipped, folder=tmp_path), 1_000_000_000
    before = joints(shipped)
    halved = _with_half_the_output(shipped.onnx.read_bytes())
    for content, expected in ((shipped.onnx.read_bytes(), before), (halved, before / 2)):
        spec.onnx.write_bytes(content)
        os.utime(spec.onnx, (time, time))
        found = joints(replace(spec, sha256=hashlib.sha256(content).hexdigest()))
        np.testing.assert_allclose(found, expected, atol=1.0)


def _with_half_the_output(content: bytes) -> bytes:
    """Its last step divides the sum of a pose and its mirror image by two."""
    onnx = pytest.importorskip("onnx")
    model = onnx.load_from_string(content)
    last = next(node for node in model.graph.node if "joints" in node.output)
    by = next(node for node in model.graph.node if last.input[1] in node.output)
    by.attribute[0].t.raw_data = np.float32(4).tobytes()
    halved: bytes = model.SerializeToString()
    assert len(halved) == len(content)
    return halved
