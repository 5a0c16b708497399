"""A GPU in numpy: pycuda's calls, the driver's for graphs, and an engine that averages blocks.

It shows that our side makes its calls in an order that a GPU allows (a context first, waits before
reading, captured work run only on launch); nothing about speed, and nothing about TensorRT.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from enum import Enum
from types import SimpleNamespace
from typing import Any

import numpy as np

Work = Callable[[], None]


class Stream:
    """Does nothing until it is waited for; while capturing, it only remembers."""

    handle = 7

    def __init__(self, flags: int) -> None:
        assert CONTEXTS, "no context is current"
        STREAMS.append(self)
        self.queue: list[Work] = []
        self.captured: list[Work] | None = None

    def put(self, work: Work) -> None:
        assert CONTEXTS, "no context is current"
        (self.queue if self.captured is None else self.captured).append(work)

    def synchronize(self) -> None:
        assert self.captured is None, "waiting breaks a capture"
        while self.queue:
            self.queue.pop(0)()


CONTEXTS: list[object] = []
STREAMS: list[Stream] = []
GRAPHS: list[list[Work]] = []
MEMORY: dict[int, np.ndarray] = {}


class Context:
    def push(self) -> None:
        CONTEXTS.append(self)

    @staticmethod
    def pop() -> None:
        CONTEXTS.pop()


class Device:
    def __init__(self, index: int) -> None:
        assert index == 0

    def name(self) -> str:
        return "Fake GPU"

    def compute_capability(self) -> tuple[int, int]:
        return 8, 9

    def retain_primary_context(self) -> Context:
        return Context()

    def get_attribute(self, name: int) -> int:
        return name


class Event:
    def record(self, stream: Stream) -> None:
        self.stream = stream

    def synchronize(self) -> None:
        self.stream.synchronize()

    def time_till(self, other: Event) -> float:
        return 1.5


class Allocation:
    def __init__(self, size: int) -> None:
        self.address = 1000 + len(MEMORY)
        MEMORY[self.address] = np.zeros(size, np.uint8)

    def __int__(self) -> int:
        return self.address


def _up(memory: Allocation, array: np.ndarray, stream: Stream) -> None:
    stream.put(lambda: np.copyto(MEMORY[int(memory)], array.view(np.uint8).ravel()))


def _down(array: np.ndarray, memory: Allocation, stream: Stream) -> None:
    stream.put(lambda: np.copyto(array.view(np.uint8).reshape(-1), MEMORY[int(memory)]))


CUDA = SimpleNamespace(
    Error=type("Error", (Exception,), {}),
    init=lambda: None,
    get_driver_version=lambda: 13020,
    device_attribute=SimpleNamespace(
        MULTIPROCESSOR_COUNT=10,
        CLOCK_RATE=2_000_000,
        MEMORY_CLOCK_RATE=1_000_000,
        GLOBAL_MEMORY_BUS_WIDTH=256,
    ),
    Device=Device,
    Stream=Stream,
    Event=Event,
    pagelocked_empty=np.zeros,
    mem_alloc=Allocation,
    memcpy_htod_async=_up,
    memcpy_dtoh_async=_down,
)


class Driver:
    """libcuda, as far as graphs need it. Results are 0, pointers are set as ctypes sets them."""

    def cuStreamBeginCapture_v2(self, stream: Any, mode: int) -> int:  # noqa: N802
        STREAMS[-1].captured = []
        return 0

    def cuStreamEndCapture(self, stream: Any, graph: Any) -> int:  # noqa: N802
        GRAPHS.append(STREAMS[-1].captured or [])
        STREAMS[-1].captured = None
        graph._obj.value = len(GRAPHS)
        return 0

    def cuGraphInstantiateWithFlags(self, executable: Any, graph: Any, flags: Any) -> int:  # noqa: N802
        executable._obj.value = graph.value
        return 0

    def cuGraphLaunch(self, executable: ctypes.c_void_p, stream: Any) -> int:  # noqa: N802
        for work in GRAPHS[(executable.value or 0) - 1]:
            STREAMS[-1].put(work)
        return 0

    def cuGraphDestroy(self, graph: Any) -> int:  # noqa: N802
        return 0

    cuGraphExecDestroy = cuGraphDestroy  # noqa: N815


class TensorIOMode(Enum):
    INPUT = 0
    OUTPUT = 1


class Execution:
    """image (N, 64, 64, 3) uint8 → heatmaps (N, 16, 16, 16), the mean of the green of blocks."""

    def __init__(self) -> None:
        self.addresses: dict[str, int] = {}
        self.shape: Sequence[int] = ()

    def set_tensor_address(self, name: str, address: int) -> None:
        self.addresses[name] = address

    def set_input_shape(self, name: str, shape: Sequence[int]) -> None:
        self.shape = shape

    def get_tensor_shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.shape) if name == "image" else (self.shape[0], 16, 16, 16)

    def execute_async_v3(self, stream: int) -> bool:
        STREAMS[-1].put(self._compute)
        return True

    def _compute(self) -> None:
        image = MEMORY[self.addresses["image"]].reshape(self.shape)
        blocks = image[..., 1].reshape(-1, 16, 4, 16, 4).mean(axis=(2, 4))
        heatmaps = np.repeat(blocks[:, None], 16, axis=1).astype(np.float32)
        MEMORY[self.addresses["heatmaps"]][:] = heatmaps.view(np.uint8).ravel()


class Engine:
    num_io_tensors = 2

    def get_tensor_name(self, i: int) -> str:
        return ("image", "heatmaps")[i]

    def get_tensor_mode(self, name: str) -> TensorIOMode:
        return TensorIOMode.INPUT if name == "image" else TensorIOMode.OUTPUT

    def get_tensor_dtype(self, name: str) -> type:
        return np.uint8 if name == "image" else np.float32

    def create_execution_context(self, config: object = None) -> Execution:
        return Execution()

    def create_runtime_config(self) -> SimpleNamespace:
        return SimpleNamespace()


class Logger:
    ERROR = 1


def tensorrt(rtx: bool) -> SimpleNamespace:
    """A module that loads the plan b"good" alone; ``rtx``: one that captures graphs by itself."""

    def deserialize(plan: bytes) -> Engine | None:
        return Engine() if plan == b"good" else None

    module = SimpleNamespace(
        __name__="tensorrt",
        __version__="10.13.0",
        ILogger=Logger,
        Runtime=lambda logger: SimpleNamespace(deserialize_cuda_engine=deserialize),
        TensorIOMode=TensorIOMode,
        nptype=lambda dtype: dtype,
    )
    if rtx:
        module.CudaGraphStrategy = SimpleNamespace(WHOLE_GRAPH_CAPTURE=1)
    return module
