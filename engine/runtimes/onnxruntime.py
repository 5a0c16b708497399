"""ONNX Runtime: an extra, for the CPU or, with onnxruntime-gpu, CUDA."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence

import numpy as np
import onnxruntime as ort

from engine.models.model_spec import ModelSpec
from engine.runtimes import AUTO, RuntimeUnavailableError

ort.disable_telemetry_events()

CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"
PROVIDERS = (CUDA, CPU)


class ONNXRuntime:
    """A model in ONNX Runtime, see `Runtime`."""

    name = "onnxruntime"
    precision, note = "f32", ""

    def __init__(self, spec: ModelSpec, providers: Sequence[str] = PROVIDERS) -> None:
        """providers: in the order of preference; those that are not there are left out."""
        options = ort.SessionOptions()
        options.log_severity_level = 3  # errors only
        present = [provider for provider in providers if provider in ort.get_available_providers()]
        self._session = ort.InferenceSession(str(spec.onnx), options, providers=present)
        self._inputs = {port.name for port in self._session.get_inputs()}
        self._outputs = [port.name for port in self._session.get_outputs()]
        cuda = self._session.get_providers()[0] == CUDA
        self.device = "CUDA" if cuda else platform.processor() or platform.machine()

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        given = {name: value for name, value in inputs.items() if name in self._inputs}
        return dict(zip(self._outputs, self._session.run(None, given), strict=True))

    def close(self) -> None:
        del self._session


def open_model(
    spec: ModelSpec, precision: str = AUTO, providers: Sequence[str] = PROVIDERS
) -> ONNXRuntime:
    """Raises RuntimeUnavailableError for a precision that is not f32."""
    if precision not in (AUTO, ONNXRuntime.precision):
        raise RuntimeUnavailableError(f"onnxruntime computes in f32 here, not in {precision}.")
    return ONNXRuntime(spec, providers)
