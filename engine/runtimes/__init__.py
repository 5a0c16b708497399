"""Runtimes: what computes a model. One small protocol, three implementations, opened by name.

Importing this loads none of them; ``open_runtime`` does, when asked for.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
import time
from collections.abc import Callable, Mapping
from typing import Protocol, cast

import numpy as np

from engine.messages import first_line
from engine.models.model_spec import CAMERA, FINDER_STRIDE, STRIDE, ModelSpec

log = logging.getLogger(__package__)

# OpenVINO reports its use over the network where this package of its own is there.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


class RuntimeUnavailableError(RuntimeError):
    """A runtime that cannot work here; the message says what is missing and how to get it."""


class EngineMissingError(RuntimeUnavailableError):
    """A runtime that would work here once an engine has been built for the model."""


class Runtime(Protocol):
    """A loaded model. One thread at a time."""

    name: str  # openvino, onnxruntime, tensorrt
    device: str  # as the maker calls it: "AMD EPYC", "NVIDIA H200"
    precision: str  # f32, bf16, f16, int8: what the arithmetic really uses
    note: str  # one line where the model runs otherwise than was asked for; else empty

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Named arrays in, named arrays out, as docs/formats.md lists for each task; N is free."""
        ...

    def close(self) -> None: ...


AUTO, INT8 = "auto", "int8"
PRECISIONS = (AUTO, "f32", "bf16", INT8)  # that can be asked for; auto is the runtime's choice

DEVICES = ("CPU", "GPU", "NPU", "AUTO")  # OpenVINO's; AUTO is its own choice

# In the order in which "auto" tries them, with the module each stands on and how to get it.
RUNTIMES: dict[str, tuple[tuple[str, ...], str]] = {
    "tensorrt": (("tensorrt", "tensorrt_rtx"), "pip install -e '.[tensorrt]'"),
    "openvino": (("openvino",), "pip install openvino"),
    "onnxruntime": (("onnxruntime",), "pip install -e '.[onnxruntime]'"),
}


def available_runtimes() -> tuple[str, ...]:
    """The runtimes that are installed; whether one works shows when it is opened."""
    return tuple(
        name
        for name, (modules, _) in RUNTIMES.items()
        if any(importlib.util.find_spec(module) for module in modules)
    )


def open_runtime(spec: ModelSpec, choice: str = AUTO, precision: str = AUTO) -> Runtime:
    """Load a model in the chosen runtime, at one of PRECISIONS, and run it once.

    choice: one of RUNTIMES, OpenVINO with one of DEVICES behind it (``openvino:GPU``), or ``auto``
    for the first that works. Raises ModelError for a model that is not what its model.json says,
    RuntimeUnavailableError where the chosen runtime (or every one) fails.
    """
    spec.verify()
    if precision == INT8 and spec.int8 is None:
        raise RuntimeUnavailableError(
            f"Model '{spec.name}' has no int8 form: choose another --precision."
        )
    if choice != AUTO:
        return _open(spec, choice, precision)
    reasons = []
    for name in available_runtimes():
        try:
            return _open(spec, name, precision)
        except RuntimeUnavailableError as error:
            log.info("Passed over: %s", error)
            reasons.append(str(error))
    raise RuntimeUnavailableError(
        " ".join(reasons) or "No runtime is installed: pip install openvino."
    )


def _open(spec: ModelSpec, name: str, precision: str) -> Runtime:
    name, _, device = name.partition(":")
    if name not in RUNTIMES or (device and name != "openvino"):
        raise RuntimeUnavailableError(
            f"Unknown runtime '{name}'. Known: {AUTO}, {', '.join(RUNTIMES)}."
        )
    if name not in available_runtimes():
        raise RuntimeUnavailableError(f"Runtime '{name}' is not installed: {RUNTIMES[name][1]}.")
    start = time.monotonic()
    try:
        module = importlib.import_module(f"engine.runtimes.{name}")
        opener = cast(Callable[..., Runtime], module.open_model)
        runtime = opener(spec, precision, *filter(None, [device]))
        check_outputs(spec, runtime)
    except RuntimeUnavailableError:
        raise
    except Exception as error:  # whatever a runtime raises, the next one is tried
        log.exception("%s cannot run '%s'", name, spec.name)
        reason = f"{name} cannot run '{spec.name}': {first_line(error)}"
        raise RuntimeUnavailableError(reason) from error
    how = f"{runtime.name} {runtime.precision} on {runtime.device}"
    log.info("Opened '%s' in %s: %.0f ms", spec.name, how, 1e3 * (time.monotonic() - start))
    return runtime


def example_inputs(spec: ModelSpec, count: int = 1) -> dict[str, np.ndarray]:
    """Empty inputs of the right shape, to warm a runtime and to check a model."""
    if spec.task != "lift3d":
        return {"image": np.zeros((count, *spec.input_size, 3), np.uint8)}
    steps = (spec.window,) if spec.window > 1 else ()
    visible = np.zeros((count, *steps, len(spec.keypoints)), np.float32)
    return {
        "keypoints": np.zeros((*visible.shape, 2), np.float32),
        "visible": visible,
        "camera": np.ones((count, len(CAMERA)), np.float32),
    }


def output_shapes(spec: ModelSpec) -> dict[str, tuple[int, ...]]:
    """What a model of this task gives for one input: name → shape."""
    (height, width), count = spec.input_size, len(spec.keypoints)
    if spec.task == "pose2d":
        return {"heatmaps": (1, count, height // STRIDE, width // STRIDE)}
    if spec.task == "lift3d":
        return {"joints": (1, len(spec.skeleton), 3)}
    cells = (height // FINDER_STRIDE, width // FINDER_STRIDE)
    return {"centers": (1, 1, *cells), "boxes": (1, 4, *cells), "points": (1, 2 * count, *cells)}


def check_outputs(spec: ModelSpec, runtime: Runtime) -> None:
    """Run once; raise RuntimeUnavailableError unless the outputs have the shape of the task."""
    outputs = runtime.run(example_inputs(spec))
    found = {key: value.shape for key, value in outputs.items()}
    expected = output_shapes(spec)
    if not expected.items() <= found.items():
        said = ", ".join(f"{name} {shape}" for name, shape in expected.items())
        raise RuntimeUnavailableError(
            f"Model '{spec.name}' gives {found}, not {said} as its model.json says."
        )
