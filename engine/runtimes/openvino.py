"""OpenVINO: the default on the CPU. It computes in bf16 where the CPU has that, else in f32."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import openvino as ov

from engine.models.model_spec import ModelSpec


@cache
def _core() -> ov.Core:
    """One for the process. Each sets its thread's signal stack and, freed, sets back the one it had
    found: two freed in the order they were made leave a freed one, and the next signal (Ctrl-C, a
    child's end) is a segmentation fault.
    """
    return ov.Core()


class OpenVINORuntime:
    name = "openvino"

    def __init__(self, spec: ModelSpec, precision: str | None = None) -> None:
        """precision: "f32" to compare with; by default what suits the task and the CPU."""
        core = _core()
        config: dict[str, object] = {"PERFORMANCE_HINT": "LATENCY"}
        if spec.task == "lift3d":  # bf16 would round pixels and millimetres to several units
            config["INFERENCE_PRECISION_HINT"] = "f32"
            config["INFERENCE_NUM_THREADS"] = 1  # too small to share: waking another costs more
        if precision:
            config["INFERENCE_PRECISION_HINT"] = precision
        self._model = core.compile_model(str(spec.onnx), "CPU", config)
        self._request = self._model.create_infer_request()
        self._inputs = {port.any_name for port in self._model.inputs}
        self.device = str(core.get_property("CPU", "FULL_DEVICE_NAME")).strip()
        element = self._model.get_property("INFERENCE_PRECISION_HINT")
        self.precision = element.get_type_name()

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        given = {name: value for name, value in inputs.items() if name in self._inputs}
        outputs = self._request.infer(given, share_inputs=True)
        return {port.any_name: value for port, value in outputs.items()}

    def close(self) -> None:
        del self._request, self._model


open_model = OpenVINORuntime
