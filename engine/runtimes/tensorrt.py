"""TensorRT on an NVIDIA GPU, through ``tensorrt`` or ``tensorrt_rtx`` and pycuda.

An engine is built from model.onnx once and kept in the user's cache. A plan is native code: only
those that this program built, for this model, version, card and driver, from a folder that only the
user can write, are ever loaded.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from engine.model_spec import ModelSpec
from engine.runtimes import RuntimeUnavailableError

LARGEST_BATCH = 8
PRECISION = "f32"  # the arithmetic follows the graph's types


def import_tensorrt() -> Any:
    """``tensorrt`` where it is installed, else ``tensorrt_rtx``: the same API."""
    name = "tensorrt" if importlib.util.find_spec("tensorrt") else "tensorrt_rtx"
    return importlib.import_module(name)


def cache_folder() -> Path:
    """Where engines are kept. Raises RuntimeUnavailableError where others may write."""
    folder = Path(platformdirs.user_cache_dir("sandglass")) / "engines"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix":
        facts = folder.stat()
        if facts.st_uid != os.getuid() or facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise RuntimeUnavailableError(f"{folder} can be written by others: chmod 700 it.")
    return folder


def cache_key(spec: ModelSpec, trt_version: str, gpu: str, driver: str) -> str:
    """What an engine depends on; another value of any of these is another engine.

    gpu: name and compute capability.
    """
    facts = (spec.sha256, trt_version, gpu, driver, PRECISION, str(LARGEST_BATCH))
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def build_engine(trt: Any, spec: ModelSpec) -> bytes:
    """model.onnx → a serialized engine for 1 to LARGEST_BATCH. TensorRT-RTX needs no GPU."""
    logger = trt.Logger(trt.Logger.ERROR)
    builder = trt.Builder(logger)
    strongly_typed = getattr(trt.NetworkDefinitionCreationFlag, "STRONGLY_TYPED", None)
    flags = 0 if strongly_typed is None else 1 << int(strongly_typed)
    network = builder.create_network(flags)
    parser = trt.OnnxParser(network, logger)
    if not parser.parse(spec.onnx.read_bytes()):
        raise RuntimeUnavailableError(f"TensorRT cannot read '{spec.name}': {parser.get_error(0)}")
    profile = builder.create_optimization_profile()
    for i in range(network.num_inputs):
        port = network.get_input(i)
        rest = tuple(port.shape)[1:]
        profile.set_shape(port.name, (1, *rest), (1, *rest), (LARGEST_BATCH, *rest))
    config = builder.create_builder_config()
    config.add_optimization_profile(profile)
    plan = builder.build_serialized_network(network, config)
    if plan is None:
        raise RuntimeUnavailableError(f"TensorRT cannot build an engine for '{spec.name}'.")
    return bytes(plan)


def cached_engine(trt: Any, spec: ModelSpec, gpu: str, driver: str) -> bytes:
    """The engine from the cache, built and kept first where it is not there or was damaged."""
    key = cache_key(spec, trt.__version__, gpu, driver)
    path = cache_folder() / f"{spec.name}-{key[:32]}.plan"
    if path.is_file():
        kept = path.read_bytes()
        digest, plan = kept[:32], kept[32:]
        if hashlib.sha256(key.encode() + plan).digest() == digest:
            return plan
    plan = build_engine(trt, spec)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    partial.write_bytes(hashlib.sha256(key.encode() + plan).digest() + plan)
    partial.replace(path)
    return plan


class TensorRTRuntime:
    name = "tensorrt"
    precision = PRECISION

    def __init__(self, spec: ModelSpec) -> None:
        trt, self._cuda = import_tensorrt(), _import_cuda()
        device = self._cuda.Device(0)
        major, minor = device.compute_capability()
        self.device = str(device.name())
        self._context = device.retain_primary_context()
        self._context.push()
        try:
            driver = str(self._cuda.get_driver_version())
            plan = cached_engine(trt, spec, f"{self.device} {major}.{minor}", driver)
            self._engine = trt.Runtime(trt.Logger(trt.Logger.ERROR)).deserialize_cuda_engine(plan)
            if self._engine is None:
                raise RuntimeUnavailableError(
                    "TensorRT does not load its engine: is the driver new enough?"
                )
            self._execution = self._engine.create_execution_context()
            self._stream = self._cuda.Stream()
            self._host: dict[str, np.ndarray] = {}
            self._device_memory: dict[str, Any] = {}
            self._ports = [
                self._engine.get_tensor_name(i) for i in range(self._engine.num_io_tensors)
            ]
            self._inputs = {
                name
                for name in self._ports
                if self._engine.get_tensor_mode(name) == trt.TensorIOMode.INPUT
            }
            self._types = {n: trt.nptype(self._engine.get_tensor_dtype(n)) for n in self._ports}
        finally:
            self._context.pop()

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        batch = len(next(iter(inputs.values())))
        if batch > LARGEST_BATCH:
            parts = [
                self.run({name: value[i : i + LARGEST_BATCH] for name, value in inputs.items()})
                for i in range(0, batch, LARGEST_BATCH)
            ]
            return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        self._context.push()
        try:
            return self._run_batch(inputs)
        finally:
            self._context.pop()

    def _run_batch(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        for name in self._inputs:
            host = self._buffer(name, inputs[name].shape)
            np.copyto(host, inputs[name])
            self._execution.set_input_shape(name, host.shape)
            self._cuda.memcpy_htod_async(self._device_memory[name], host, self._stream)
        outputs = [name for name in self._ports if name not in self._inputs]
        for name in outputs:
            self._buffer(name, tuple(self._execution.get_tensor_shape(name)))
        for name in self._ports:
            self._execution.set_tensor_address(name, int(self._device_memory[name]))
        self._execution.execute_async_v3(self._stream.handle)
        for name in outputs:
            self._cuda.memcpy_dtoh_async(self._host[name], self._device_memory[name], self._stream)
        self._stream.synchronize()
        return {name: self._host[name].copy() for name in outputs}

    def _buffer(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """Pinned memory of that shape, with its twin on the device; kept while the shape stays."""
        host = self._host.get(name)
        if host is None or host.shape != shape:
            host = self._cuda.pagelocked_empty(shape, self._types[name])
            self._host[name] = host
            self._device_memory[name] = self._cuda.mem_alloc(host.nbytes)
        return host

    def close(self) -> None:
        self._context.push()
        try:
            del self._execution, self._engine, self._stream
            self._host.clear()
            self._device_memory.clear()
        finally:
            self._context.pop()
            self._context.detach()


def _import_cuda() -> Any:
    try:
        cuda = importlib.import_module("pycuda.driver")
    except ImportError as error:
        how = "pip install 'sandglass[tensorrt]' (needs a CUDA toolkit)"
        raise RuntimeUnavailableError(f"TensorRT needs pycuda ({error}): {how}.") from None
    try:
        cuda.init()
        if cuda.Device.count() > 0:
            return cuda
    except cuda.Error as error:
        raise RuntimeUnavailableError(f"No NVIDIA driver answers ({error}).") from None
    raise RuntimeUnavailableError("No NVIDIA GPU found.")


open_model = TensorRTRuntime
