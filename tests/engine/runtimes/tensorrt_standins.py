"""What stands in for a GPU: a place that is none, and a child that builds real plans there.

The plans are TensorRT-RTX's, which needs no GPU to build them; what cannot be done is to load them.
Run as a child, as EngineBuild runs engine.tensorrt_build.child.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from engine.runtimes.parity import Parity
from engine.runtimes.tensorrt.cache import Engine
from engine.runtimes.tensorrt.place import Place
from engine.tensorrt_build import child

HERE = Place("tensorrt_rtx 1.7", "Some GPU, compute capability 8.9", "CUDA 13.0")
CLOSE = Parity("px", 0.003, 0.015, 0.001, 256, "openvino f32")
FAR = Parity("px", 0.3, 5.0, 0.1, 256, "openvino f32")
CHILD = (sys.executable, "-m", "tests.engine.runtimes.tensorrt_standins")


def engine(
    model: str = "net", onnx: str = "0" * 64, place: Place = HERE, parity: Parity = CLOSE
) -> Engine:
    return Engine(model, onnx, "f16", place, parity, "2026-01-01T00:00:00+00:00", 60.0, 4)


class UnloadedEngine:
    """A plan that is not loaded; it knows the precision that it was built in."""

    def __init__(self, plan: bytes, precision: str) -> None:
        assert len(plan) > 1000
        self.precision = precision

    def close(self) -> None:
        """Nothing is held."""


def no_gpu_needed(parity: Callable[[str], Parity] = lambda precision: CLOSE) -> Any:
    """A context in which engines are built for HERE; ``parity`` is that of a precision."""
    return patch.multiple(
        child,
        find_place=lambda: HERE,
        TensorRTRuntime=UnloadedEngine,
        measure_parity=lambda spec, runtime: parity(runtime.precision),
    )


if __name__ == "__main__":
    with no_gpu_needed():
        sys.exit(child.main())
