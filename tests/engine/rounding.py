"""An ONNX graph run with every tensor rounded to the type that the graph gives it.

ONNX Runtime computes an fp16 graph in fp32 on a CPU, and drops the casts between: it does not show
what fp16 costs. Knows the operators of our backbones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from onnx.reference import ReferenceEvaluator  # noqa: E402
from onnx.reference.op_run import OpRun  # noqa: E402
from torch.nn import functional  # noqa: E402


def run_rounded(graph: bytes, image: np.ndarray) -> np.ndarray:
    """The heatmaps of a graph for (N, H, W, 3) uint8; sums are in fp32, as in tensor cores."""
    evaluator = ReferenceEvaluator(graph, new_ops=[Conv, ConvTranspose, MaxPool, Resize, Norm])
    outputs: Any = evaluator.run(None, {"image": image})
    return np.asarray(outputs[0])


def _tensor(array: np.ndarray | None) -> Any:
    return None if array is None else torch.from_numpy(np.array(array, np.float32, order="C"))


class Conv(OpRun):
    op_domain = ""

    def _run(self, x: Any, w: Any, b: Any = None, **how: Any) -> tuple[np.ndarray]:
        y = functional.conv2d(
            _tensor(x), _tensor(w), _tensor(b), how["strides"], how["pads"][:2], groups=how["group"]
        )
        return (y.numpy().astype(x.dtype),)


class ConvTranspose(OpRun):
    op_domain = ""

    def _run(self, x: Any, w: Any, b: Any = None, **how: Any) -> tuple[np.ndarray]:
        y = functional.conv_transpose2d(
            _tensor(x), _tensor(w), _tensor(b), how["strides"], how["pads"][:2]
        )
        return (y.numpy().astype(x.dtype),)


class MaxPool(OpRun):
    op_domain = ""

    def _run(self, x: Any, **how: Any) -> tuple[np.ndarray]:
        y = functional.max_pool2d(_tensor(x), how["kernel_shape"], how["strides"], how["pads"][:2])
        return (y.numpy().astype(x.dtype),)


class Resize(OpRun):
    op_domain = ""

    def _run(self, x: Any, roi: Any = None, scales: Any = None, *_: Any, **how: Any) -> Any:
        assert how["mode"] == "nearest"
        times = int(scales[-1])
        return (x.repeat(times, 2).repeat(times, 3),)


class Norm(OpRun):
    op_domain = ""

    def _run(self, x: Any, gamma: Any, beta: Any, mean: Any, var: Any, **how: Any) -> Any:
        y = functional.batch_norm(
            _tensor(x),
            _tensor(mean),
            _tensor(var),
            _tensor(gamma),
            _tensor(beta),
            eps=how["epsilon"],
        )
        return (y.numpy().astype(x.dtype),)


Norm.__name__ = "BatchNormalization"
