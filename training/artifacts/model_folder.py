"""A torch module → a model folder (`model.onnx` and `model.json`) that the engine runs.

Knows torch and ONNX, no task: what goes in and comes out is the caller's wrapping module.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

OPSET = 17
HALVED_FROM = 1024  # values; smaller initializers stay fp32, they weigh nothing

Axes = Mapping[str, Mapping[int, str]]  # input or output → dimension → its name
NO_AXES: Axes = MappingProxyType({})


def export_onnx(
    module: nn.Module,
    example_inputs: Sequence[Tensor],
    input_names: Sequence[str],
    output_names: Sequence[str],
    path: Path,
    free: Axes = NO_AXES,
) -> None:
    """Write ``module``, evaluating, as ONNX; the first dimension of every input and output is N,
    and those that ``free`` names may vary too.
    """
    module.eval()
    with warnings.catch_warnings():  # the exporter announces its own successor
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            module,
            tuple(example_inputs),
            str(path),
            input_names=list(input_names),
            output_names=list(output_names),
            dynamic_axes={
                name: {0: "N", **free.get(name, {})} for name in (*input_names, *output_names)
            },
            opset_version=OPSET,
            dynamo=False,
        )


def halve_weights(path: Path, halved_from: float = HALVED_FROM) -> None:
    """Store fp32 initializers of so many values as fp16, each with a Cast to fp32."""
    model = onnx.load(path)
    casts = []
    for initializer in model.graph.initializer:
        if initializer.data_type != TensorProto.FLOAT or np.prod(initializer.dims) < halved_from:
            continue
        name, values = initializer.name, numpy_helper.to_array(initializer)
        halved = numpy_helper.from_array(values.astype(np.float16), f"{name}_fp16")
        initializer.CopyFrom(halved)
        casts.append(helper.make_node("Cast", [halved.name], [name], to=TensorProto.FLOAT))
    for index, cast in enumerate(casts):
        model.graph.node.insert(index, cast)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def differences(module: nn.Module, inputs: Mapping[str, Tensor], path: Path) -> list[float]:
    """How far each of ONNX Runtime's outputs on ``path`` is from the module's, at most; in batches
    and one by one.
    """
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        outputs = module.eval()(*inputs.values())
    expected = [o.numpy() for o in (outputs if isinstance(outputs, tuple) else (outputs,))]
    feeds = {name: value.numpy() for name, value in inputs.items()}
    batch = session.run(None, feeds)
    single = session.run(None, {name: value[:1] for name, value in feeds.items()})
    return [
        max(float(np.abs(many - right).max()), float(np.abs(one - right[:1]).max()))
        for many, one, right in zip(batch, single, expected, strict=True)
    ]


def write_model_folder(
    folder: Path,
    module: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Mapping[str, float],
    spec: Mapping[str, object],
    halved_from: float = HALVED_FROM,
    free: Axes = NO_AXES,
) -> None:
    """Export ``module``, check it against torch and put the folder in place, whole or not at all.

    inputs: name → example (N, ...), also what the check runs on; outputs: the name of each and how
    much it may differ, in its unit; spec: `model.json` without its ``sha256``; halved_from:
    values of an initializer from which it is stored as fp16; free: as `export_onnx`.
    Raises ValueError, and leaves ``folder`` as it was, when an output differs by more.
    """
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    onnx_file = partial / "model.onnx"
    export_onnx(module, list(inputs.values()), list(inputs), list(outputs), onnx_file, free)
    halve_weights(onnx_file, halved_from)
    found = differences(module, inputs, onnx_file)
    for (name, tolerance), difference in zip(outputs.items(), found, strict=True):
        if not difference <= tolerance:
            shutil.rmtree(partial)
            raise ValueError(
                f"The {name} of the exported {folder.name} differ from torch by {difference:.3g},"
                f" allowed is {tolerance:g}: {folder} was not written."
            )
    full_spec = {**spec, "sha256": hashlib.sha256(onnx_file.read_bytes()).hexdigest()}
    (partial / "model.json").write_text(as_json(full_spec), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def as_json(spec: Mapping[str, object]) -> str:
    """The text of a ``model.json``."""
    return json.dumps(spec, indent=2, ensure_ascii=False) + "\n"


def count_gmacs(module: nn.Module, inputs: Sequence[Tensor]) -> float:
    """Multiply-accumulates of one forward pass, in 1e9."""
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        module.eval()(*inputs)
    return float(counter.get_total_flops() / 2e9)
