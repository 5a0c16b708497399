"""The GPU: its primary context, one stream, pinned buffers, graphs, events. All of pycuda is here.

PyCUDA (2026.1) has no CUDA graphs: those four calls go to the driver itself. Knows no TensorRT.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import RLock
from typing import Any

import numpy as np

from engine.messages import one_line
from engine.runtimes import RuntimeUnavailableError

NON_BLOCKING = 1  # CU_STREAM_NON_BLOCKING: never waits for the default stream of others
THREAD_LOCAL = 1  # CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: other threads may allocate meanwhile

# What drivers and TensorRT say, in any case → what a user can do.
REMEDIES = {
    "libcuda.so": "there is no NVIDIA driver here: install it (nvidia.com/drivers)",
    "nvcuda.dll": "there is no NVIDIA driver here: install it (nvidia.com/drivers)",
    "no cuda-capable device": "the driver sees no GPU: is it seated, enabled and visible"
    " (CUDA_VISIBLE_DEVICES)?",
    "driver version is insufficient": "the NVIDIA driver is too old for this TensorRT, or missing:"
    " update it (nvidia.com/drivers)",
    "undefined symbol": "the NVIDIA driver is too old for this pycuda: update it"
    " (nvidia.com/drivers)",
    "driver combination": "driver and libraries do not match: restart the machine, or reinstall the"
    " driver",
    "busy or unavailable": "another program holds the GPU for itself: end it, or allow sharing with"
    " nvidia-smi -c 0",
    "out of memory": "the GPU's memory is full: close other programs that use it",
    "outofmemory": "the GPU's memory is full: close other programs that use it",
}


def explain(error: object) -> str:
    """What went wrong on the GPU, in one line: with what to do where that is known."""
    said = one_line(str(error).strip().split("\n")[0]) or type(error).__name__
    remedy = next((how for part, how in REMEDIES.items() if part in said.lower()), None)
    return f"{remedy} ({said})" if remedy else said


@dataclass(frozen=True)
class Limits:
    """What the card could do at its highest clocks, from its own attributes."""

    multiprocessors: int
    clock: float  # Hz, of the multiprocessors
    memory_rate: float  # bytes a second: two transfers a clock over the width of the bus


class Graph:
    """Work that was captured on a stream, launched as one."""

    def __init__(self, driver: ctypes.CDLL, executable: ctypes.c_void_p, stream: int) -> None:
        self._driver, self._executable = driver, executable
        self._stream = ctypes.c_void_p(stream)

    def launch(self) -> None:
        _check(self._driver, self._driver.cuGraphLaunch(self._executable, self._stream))

    def close(self) -> None:
        self._driver.cuGraphExecDestroy(self._executable)


class Gpu:
    """The first GPU that is visible, with one context and one stream for all models.

    PyCUDA lets only the thread that retained a context release it, so it is kept for good.
    """

    def __init__(self, cuda: Any) -> None:
        self._cuda, self._lock = cuda, RLock()
        self._device = cuda.Device(0)
        self.name = str(self._device.name())
        self.capability = "{}.{}".format(*self._device.compute_capability())
        version = cuda.get_driver_version()
        self.driver = f"{version // 1000}.{version % 1000 // 10}"  # the CUDA that it speaks
        self._context = self._device.retain_primary_context()
        with self.current():
            self.stream = cuda.Stream(NON_BLOCKING)

    @contextmanager
    def current(self) -> Iterator[None]:
        """The GPU is this thread's; others wait. Everything below wants it."""
        with self._lock:
            self._context.push()
            try:
                yield
            finally:
                self._context.pop()

    def limits(self) -> Limits:
        kilohertz, ask = 1000.0, self._device.get_attribute
        names = self._cuda.device_attribute
        bus = ask(names.GLOBAL_MEMORY_BUS_WIDTH) / 8  # bytes
        return Limits(
            multiprocessors=ask(names.MULTIPROCESSOR_COUNT),
            clock=ask(names.CLOCK_RATE) * kilohertz,
            memory_rate=2 * ask(names.MEMORY_CLOCK_RATE) * kilohertz * bus,
        )

    def pinned(self, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
        """Host memory that the GPU copies from and to by itself."""
        return np.asarray(self._cuda.pagelocked_empty(shape, dtype))

    def allocate(self, size: int) -> Any:
        """So many bytes of the GPU's memory; freed with the object."""
        return self._cuda.mem_alloc(size)

    def upload(self, memory: Any, array: np.ndarray) -> None:
        self._cuda.memcpy_htod_async(memory, array, self.stream)

    def download(self, array: np.ndarray, memory: Any) -> None:
        self._cuda.memcpy_dtoh_async(array, memory, self.stream)

    def wait(self) -> None:
        self.stream.synchronize()

    def time(self, work: Callable[[], None]) -> float:
        """Milliseconds that the stream is busy with what ``work`` puts on it."""
        start, end = self._cuda.Event(), self._cuda.Event()
        start.record(self.stream)
        work()
        end.record(self.stream)
        end.synchronize()
        return float(start.time_till(end))

    def capture(self, work: Callable[[], None]) -> Graph:
        """What ``work`` puts on the stream, as a graph; nothing of it runs. Raises RuntimeError."""
        driver, stream = _driver(), ctypes.c_void_p(self.stream.handle)
        graph, executable = ctypes.c_void_p(), ctypes.c_void_p()
        _check(driver, driver.cuStreamBeginCapture_v2(stream, THREAD_LOCAL))
        try:
            work()
        finally:
            ended = driver.cuStreamEndCapture(stream, ctypes.byref(graph))
        _check(driver, ended)
        no_flags = ctypes.c_ulonglong(0)
        made = driver.cuGraphInstantiateWithFlags(ctypes.byref(executable), graph, no_flags)
        driver.cuGraphDestroy(graph)
        _check(driver, made)
        return Graph(driver, executable, self.stream.handle)


@cache
def open_gpu() -> Gpu:
    """The GPU, the same for all. Raises RuntimeUnavailableError that says what is missing."""
    try:  # before pycuda: who has no GPU needs no toolkit for it
        _driver()
    except OSError as error:
        raise RuntimeUnavailableError(f"No GPU for TensorRT: {explain(error)}.") from None
    try:
        cuda = importlib.import_module("pycuda.driver")
    except ModuleNotFoundError:
        how = "pip install -e '.[tensorrt]' (needs a CUDA toolkit)"
        raise RuntimeUnavailableError(f"TensorRT needs pycuda: {how}.") from None
    except (ImportError, OSError) as error:
        raise RuntimeUnavailableError(f"pycuda does not load: {explain(error)}.") from None
    try:
        cuda.init()
        return Gpu(cuda)
    except cuda.Error as error:
        raise RuntimeUnavailableError(f"No GPU for TensorRT: {explain(error)}.") from None


@cache
def _driver() -> ctypes.CDLL:
    return ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")


def _check(driver: ctypes.CDLL, result: int) -> None:
    if result:
        text = ctypes.c_char_p()
        driver.cuGetErrorString(result, ctypes.byref(text))
        raise RuntimeError(f"CUDA graph: {(text.value or b'unknown error').decode()}")
