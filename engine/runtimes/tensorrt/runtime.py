"""A built engine as a Runtime: pinned buffers, one stream, a CUDA graph for each shape of inputs.

uint8 crops go up. Heatmaps come down as fp32: 16 x 64 x 64 of them are 262 KB, about 10 µs over
PCIe 4; as fp16 they would take 5 µs, and numpy 107 µs (AMD EPYC) to widen them. Knows no pycuda.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.models.model_spec import ModelSpec
from engine.runtimes import AUTO, EngineMissingError, RuntimeUnavailableError
from engine.runtimes.tensorrt.cache import LARGEST_BATCH, Engine, find
from engine.runtimes.tensorrt.device import Graph, open_gpu
from engine.runtimes.tensorrt.place import find_place, import_tensorrt, make_logger

Shapes = tuple[tuple[str, tuple[int, ...]], ...]  # of each input, by name


class TensorRTRuntime:
    """Owns a loaded engine and its execution contexts; close it when done. One thread at a time.

    Raises RuntimeUnavailableError where the plan does not load.
    """

    name, note = "tensorrt", ""

    def __init__(self, plan: bytes, precision: str) -> None:
        self._trt, self._gpu, self.precision = import_tensorrt(), open_gpu(), precision
        self.device = self._gpu.name
        self._batches: dict[Shapes, _Batch] = {}
        self._logger = make_logger(self._trt)
        with self._gpu.current():
            self._loader = self._trt.Runtime(self._logger)
            self._engine = self._made(self._loader.deserialize_cuda_engine(plan))

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """As the Runtime protocol says; more than LARGEST_BATCH go in parts."""
        count = len(next(iter(inputs.values())))
        if count <= LARGEST_BATCH:
            return self._run(inputs)
        starts = range(0, count, LARGEST_BATCH)
        parts = [
            self._run({n: v[i : i + LARGEST_BATCH] for n, v in inputs.items()}) for i in starts
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        with self._gpu.current():
            batch = self._batch(inputs)
            batch.launch()
            self._gpu.wait()
            return batch.outputs()

    def time(self, inputs: Mapping[str, np.ndarray]) -> float:
        """Milliseconds of the GPU for up to LARGEST_BATCH: copy up, network, copy down."""
        with self._gpu.current():
            return self._gpu.time(self._batch(inputs).launch)

    def _batch(self, inputs: Mapping[str, np.ndarray]) -> _Batch:
        """What runs inputs like these, with them in it; made and warmed when first asked for."""
        shapes = tuple((name, value.shape) for name, value in inputs.items())
        if shapes not in self._batches:
            self._batches[shapes] = _Batch(self, shapes)
        self._batches[shapes].fill(inputs)
        return self._batches[shapes]

    def _made(self, thing: Any) -> Any:
        if thing is None:
            raise RuntimeUnavailableError(f"TensorRT loads no engine: {self._logger.last_error}.")
        return thing

    def _make_context(self) -> Any:
        """One for each batch: a graph that was captured must keep its own."""
        if not self._captures_itself:
            return self._made(self._engine.create_execution_context())
        config = self._engine.create_runtime_config()
        config.cuda_graph_strategy = self._trt.CudaGraphStrategy.WHOLE_GRAPH_CAPTURE
        return self._made(self._engine.create_execution_context(config))

    @property
    def _captures_itself(self) -> bool:
        """TensorRT-RTX goes on compiling for a shape, so only it knows when to capture."""
        return hasattr(self._trt, "CudaGraphStrategy")

    def close(self) -> None:
        with self._gpu.current():
            for batch in self._batches.values():
                batch.close()
            self._batches.clear()
            del self._engine, self._loader


class _Batch:
    """Buffers for inputs of some shapes, here and on the GPU, and the graph that runs them."""

    def __init__(self, runtime: TensorRTRuntime, shapes: Shapes) -> None:
        trt, engine = runtime._trt, runtime._engine
        self._gpu, self._logger = runtime._gpu, runtime._logger
        self._context = runtime._make_context()
        ports = [engine.get_tensor_name(i) for i in range(engine.num_io_tensors)]
        self._inputs = [n for n in ports if engine.get_tensor_mode(n) == trt.TensorIOMode.INPUT]
        self._outputs = [name for name in ports if name not in self._inputs]
        given = dict(shapes)
        for name in self._inputs:
            self._context.set_input_shape(name, given[name])
        self._host = {
            name: self._gpu.pinned(
                tuple(self._context.get_tensor_shape(name)),
                trt.nptype(engine.get_tensor_dtype(name)),
            )
            for name in ports
        }
        self._memory = {name: self._gpu.allocate(self._host[name].nbytes) for name in ports}
        self._bind()
        self._enqueue()
        self._gpu.wait()
        self._graph: Graph | None = None
        if not runtime._captures_itself:
            self._graph = self._gpu.capture(self._enqueue)

    def fill(self, inputs: Mapping[str, np.ndarray]) -> None:
        for name in self._inputs:
            np.copyto(self._host[name], inputs[name])

    def launch(self) -> None:
        if self._graph:
            self._graph.launch()
        else:
            self._enqueue()

    def outputs(self) -> dict[str, np.ndarray]:
        return {name: self._host[name].copy() for name in self._outputs}

    def _bind(self) -> None:
        for name, memory in self._memory.items():
            self._context.set_tensor_address(name, int(memory))

    def _enqueue(self) -> None:
        for name in self._inputs:
            self._gpu.upload(self._memory[name], self._host[name])
        if not self._context.execute_async_v3(self._gpu.stream.handle):
            raise RuntimeError(f"TensorRT does not run its engine: {self._logger.last_error}")
        for name in self._outputs:
            self._gpu.download(self._host[name], self._memory[name])

    def close(self) -> None:
        if self._graph:
            self._graph.close()


def find_engine(spec: ModelSpec) -> Engine | None:
    """The engine of a model for what is here; its parity may refuse it. None where none is built.

    Raises RuntimeUnavailableError where TensorRT, the GPU or its driver is missing.
    """
    kept = find(spec.name, spec.sha256, find_place())
    return kept[0] if kept else None


def open_model(spec: ModelSpec, precision: str = AUTO) -> TensorRTRuntime:
    """The built engine of a model, loaded. Raises EngineMissingError where none is built yet,
    RuntimeUnavailableError where it cannot run here, is of another precision or its parity refuses
    it."""
    kept = find(spec.name, spec.sha256, find_place())
    if kept is None:
        raise EngineMissingError(
            f"No TensorRT engine of '{spec.name}' is built for this GPU yet:"
            f" python main.py models engine build {spec.name}."
        )
    engine, plan = kept
    if precision not in (AUTO, engine.precision):
        raise RuntimeUnavailableError(
            f"The TensorRT engine of '{spec.name}' is in {engine.precision}, not in {precision}."
        )
    if engine.parity.refusal:
        raise RuntimeUnavailableError(
            f"The TensorRT engine of '{spec.name}' is not used: {engine.parity.refusal}."
        )
    return TensorRTRuntime(plan, engine.precision)
