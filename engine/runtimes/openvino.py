"""OpenVINO: the default on the CPU. It computes in bf16 where the CPU has that, else in f32; in
int8 where the model has such a form and this CPU gains by it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from functools import cache
from zipfile import BadZipFile, ZipFile

import numpy as np
import openvino as ov
import platformdirs

from engine.messages import first_line
from engine.models.model_spec import ModelError, ModelSpec
from engine.runtimes import (
    AUTO,
    INT8,
    Runtime,
    RuntimeUnavailableError,
    check_outputs,
)
from engine.runtimes.speeds import Speeds

CPU = "CPU"
INT8_PARTS = ("model.xml", "model.bin")


@cache
def _core() -> ov.Core:
    """One core for the whole process. Each core replaces its thread's signal stack and restores the
    former one when freed. Two cores freed in the order of their making restore a stack that is
    gone, and the next signal (Ctrl-C, the end of a child) is a segmentation fault.
    """
    return ov.Core()


class OpenVINORuntime:
    """A model in OpenVINO, see `Runtime`. Of a batch one input after the other goes through a model
    of that shape, where it has one: on two cores that takes no longer, and one alone less.
    """

    name = "openvino"

    def __init__(self, spec: ModelSpec, precision: str = AUTO, device: str = CPU) -> None:
        """device: one of engine.runtimes.DEVICES. precision: int8 is the form beside model.onnx;
        ``auto`` is model.onnx in what suits the task and the device. Raises RuntimeUnavailableError
        where that device is not here, or has not that precision.
        """
        here = _core().available_devices
        if device not in ("AUTO", *(name.split(".")[0] for name in here)):
            raise RuntimeUnavailableError(
                f"OpenVINO finds no {device} here. There are: {', '.join(here)}, AUTO."
            )
        config: dict[str, object] = {
            "PERFORMANCE_HINT": "LATENCY",
            "CACHE_DIR": _compiled(spec),
        }
        if device == CPU:  # a pinned thread waits for its core where other programs use it
            config["ENABLE_CPU_PINNING"] = False
        if spec.task == "lift3d":  # bf16 would round pixels and millimetres to several units
            config["INFERENCE_PRECISION_HINT"] = "f32"
            if device == CPU:  # too small to share: waking another costs more
                config["INFERENCE_NUM_THREADS"] = 1
        if precision not in (AUTO, INT8):
            config["INFERENCE_PRECISION_HINT"] = precision
        model = _read_int8(spec) if precision == INT8 else _core().read_model(str(spec.onnx))
        self._inputs = {port.any_name for port in model.inputs}
        if not spec.free_size:
            model.reshape({port: [1, *list(port.get_partial_shape())[1:]] for port in model.inputs})
        compiled = _core().compile_model(model, device, config)
        self._request = compiled.create_infer_request()
        self._single = None if model.is_dynamic() else _Single(self._request, self._inputs)
        names = _running_on(compiled)
        self.device, self.note = ", ".join(map(_full_name, names)), ""
        element = _core().get_property(names[0], "INFERENCE_PRECISION_HINT")
        if device != "AUTO":
            element = compiled.get_property("INFERENCE_PRECISION_HINT")
        self.precision = INT8 if precision == INT8 else element.get_type_name()
        if precision not in (AUTO, self.precision):
            raise RuntimeUnavailableError(f"{self.device} does not compute in {precision}.")

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        given = {name: value for name, value in inputs.items() if name in self._inputs}
        if self._single is None:
            outputs = self._request.infer(given, share_inputs=True)
            return {port.any_name: value for port, value in outputs.items()}
        count = len(next(iter(given.values())))
        each = [self._single.run({k: v[i : i + 1] for k, v in given.items()}) for i in range(count)]
        return {name: np.concatenate([one[name] for one in each]) for name in each[0]}

    def close(self) -> None:
        del self._single, self._request


class _Single:
    """A model for one input at a time: shapes are fixed, memory is given once."""

    def __init__(self, request: ov.InferRequest, inputs: Collection[str]) -> None:
        self._request = request
        self._inputs = {name: request.get_tensor(name).data for name in inputs}
        ports = self._request.model_outputs
        self._outputs = {port.any_name: self._request.get_tensor(port).data for port in ports}

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        for name, value in inputs.items():
            self._inputs[name][:] = value
        self._request.infer(share_outputs=True)
        return {name: output.copy() for name, output in self._outputs.items()}


def open_model(spec: ModelSpec, precision: str = AUTO, device: str = CPU) -> Runtime:
    """On the CPU ``auto`` takes the form that this CPU computes faster. Where the int8 form is
    damaged, model.onnx runs and the runtime's note says so. Raises RuntimeUnavailableError as
    `OpenVINORuntime` does.
    """
    if spec.int8 is None or precision not in (AUTO, INT8) or device != CPU:
        return OpenVINORuntime(spec, precision, device)
    try:
        spec.verify_int8()
        runtime = OpenVINORuntime(spec, INT8) if precision == INT8 else speeds().open_faster(spec)
        check_outputs(spec, runtime)
        return runtime
    except (ModelError, RuntimeError) as error:
        plain = OpenVINORuntime(spec)
        plain.note = f"{first_line(error)} Until then {spec.onnx.name} runs."
        return plain


@cache
def speeds() -> Speeds:
    """The speeds measured on this CPU with this version of OpenVINO."""
    place = f"{_full_name(CPU)}, {os.cpu_count()} cores, openvino {ov.__version__}"
    return Speeds(place, OpenVINORuntime)


def _running_on(model: ov.CompiledModel) -> list[str]:
    """Devices; those that AUTO takes until another is ready stand in brackets."""
    return [name.strip("()") for name in model.get_property("EXECUTION_DEVICES")]


def _full_name(device: str) -> str:
    """As its maker calls it."""
    return str(_core().get_property(device, "FULL_DEVICE_NAME")).strip()


def _read_int8(spec: ModelSpec) -> ov.Model:
    """OpenVINO's two files, out of the zip that is an int8 form."""
    assert spec.int8
    try:
        with ZipFile(spec.int8.file) as parts:
            graph, weights = (parts.read(name) for name in INT8_PARTS)
    except (BadZipFile, KeyError) as error:
        raise RuntimeUnavailableError(f"{spec.int8.file} is not an int8 form ({error}).") from None
    return _core().read_model(graph, ov.Tensor(np.frombuffer(weights, np.uint8)))


def _compiled(spec: ModelSpec) -> str:
    """The folder of what OpenVINO compiled of this very file, which opens in a third of the time:
    OpenVINO itself takes a file of the same name, size and time for the same. Empty, which is no
    cache, where the folder cannot be written.
    """
    folder = platformdirs.user_cache_path("sandglass") / "openvino" / spec.sha256
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder) if os.access(folder, os.W_OK) else ""
