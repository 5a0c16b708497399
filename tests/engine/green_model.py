"""A model folder whose network averages the green channel of 4 x 4 blocks, 16 times over."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from engine.models.model_spec import ModelSpec, load_spec
from engine.skeleton import MPII16

INT8 = "model_int8.zip"


def write_green(folder: Path) -> Path:
    onnx = pytest.importorskip("onnx")
    make, types = onnx.helper, onnx.TensorProto
    nodes = [
        make.make_node("Cast", ["image"], ["float"], to=types.FLOAT),
        make.make_node("Slice", ["float", "one", "two", "axis"], ["green"]),
        make.make_node("Transpose", ["green"], ["nchw"], perm=[0, 3, 1, 2]),
        make.make_node("AveragePool", ["nchw"], ["mean"], kernel_shape=[4, 4], strides=[4, 4]),
        make.make_node("Concat", ["mean"] * 16, ["heatmaps"], axis=1),
    ]
    constants = [
        make.make_tensor(name, types.INT64, [1], [value])
        for name, value in (("one", 1), ("two", 2), ("axis", 3))
    ]
    image = make.make_tensor_value_info("image", types.UINT8, ["N", 64, 64, 3])
    heatmaps = make.make_tensor_value_info("heatmaps", types.FLOAT, ["N", 16, 16, 16])
    graph = make.make_graph(nodes, "green", [image], [heatmaps], constants)
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=9)
    folder.mkdir()
    onnx.save(model, folder / "model.onnx")
    facts = {
        "name": "green",
        "task": "pose2d",
        "title": "Green",
        "architecture": "mean",
        "keypoints": list(MPII16.keypoints),
        "skeleton": "mpii16",
        "input_size": [64, 64],
        "sha256": _sha256(folder / "model.onnx"),
    }
    (folder / "model.json").write_text(json.dumps(facts))
    return folder


def edit(folder: Path, **changes: object) -> ModelSpec:
    facts: dict[str, Any] = json.loads((folder / "model.json").read_text())
    facts.update(changes)
    (folder / "model.json").write_text(json.dumps(facts))
    return load_spec(folder)


def add_int8(folder: Path, content: bytes | None = None) -> ModelSpec:
    """An int8 form that is made as a real one is, without quantising; or a file of ``content``."""
    ov = pytest.importorskip("openvino")
    file = folder / INT8
    if content is None:
        ov.save_model(ov.Core().read_model(str(folder / "model.onnx")), str(folder / "model.xml"))
        with zipfile.ZipFile(file, "w") as parts:
            for name in ("model.xml", "model.bin"):
                parts.write(folder / name, name)
    else:
        file.write_bytes(content)
    return edit(folder, int8={"file": INT8, "sha256": _sha256(file)})


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
