"""Where an engine works: the TensorRT, the GPU and the driver that are here. Knows no models."""

from __future__ import annotations

import importlib
import importlib.util
import logging
from dataclasses import dataclass
from typing import Any

from engine.runtimes import RUNTIMES, RuntimeUnavailableError
from engine.runtimes.tensorrt.device import explain, open_gpu

log = logging.getLogger(__package__)


@dataclass(frozen=True)
class Place:
    """An engine that was built in one place is worth nothing in another."""

    tensorrt: str  # flavour and version: "tensorrt_rtx 1.7.1.116"
    gpu: str  # "NVIDIA H200, compute capability 9.0"
    driver: str  # "CUDA 13.0", the newest that it speaks

    def __str__(self) -> str:
        return f"{self.tensorrt} on {self.gpu}, driver for {self.driver}"


def import_tensorrt() -> Any:
    """``tensorrt`` where it works, else ``tensorrt_rtx``: the same API.

    Raises RuntimeUnavailableError where neither is installed with its libraries.
    """
    modules, how = RUNTIMES["tensorrt"]
    reason = "TensorRT is not installed"
    for name in modules:
        if importlib.util.find_spec(name):
            try:
                return importlib.import_module(name)
            except (ImportError, OSError, RuntimeError) as error:
                reason = f"{name} is installed but does not load: {explain(error)}"
    raise RuntimeUnavailableError(f"{reason}: {how}.")


def find_place() -> Place:
    """What is here. Raises RuntimeUnavailableError in one line that says what is missing."""
    gpu, trt = open_gpu(), import_tensorrt()
    return Place(
        tensorrt=f"{trt.__name__} {trt.__version__}",
        gpu=f"{gpu.name}, compute capability {gpu.capability}",
        driver=f"CUDA {gpu.driver}",
    )


def gpu_state() -> str:
    """One line for a report: what is here, or what is missing and how to get it."""
    try:
        return str(find_place())
    except RuntimeUnavailableError as error:
        return str(error)


def make_logger(trt: Any) -> Any:
    """One that passes warnings and errors on, to ours; its ``last_error`` is one line."""

    class Logger(trt.ILogger):  # type: ignore[misc]
        last_error = ""

        def log(self, severity: Any, message: str) -> None:
            if severity <= trt.ILogger.ERROR:
                self.last_error = explain(message)
                log.error(message)
            elif severity <= trt.ILogger.WARNING:
                log.warning(message)

    return Logger()
