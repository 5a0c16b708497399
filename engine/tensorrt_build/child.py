"""``python -m engine.tensorrt_build.child FOLDER``: a model folder → an engine in the cache.

Runs as a child of EngineBuild, so that a crash or a full GPU costs nothing but the engine. Tells
its progress on stdout, one JSON object a line; the last is {"engine": its file} or {"error": …}.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from engine.models.model_spec import FINDER_SIDES, ModelError, ModelSpec, load_spec
from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.tensorrt.cache import LARGEST_BATCH, PRECISIONS, Engine, store
from engine.runtimes.tensorrt.device import explain
from engine.runtimes.tensorrt.half import engine_graph
from engine.runtimes.tensorrt.place import find_place, import_tensorrt, make_logger
from engine.runtimes.tensorrt.runtime import TensorRTRuntime
from engine.tensorrt_build.parity import measure_parity

Tell = Callable[[str, float], None]  # phase, the share of the whole that is done

CHECKING = 0.95  # the share of a build after which the engine is checked
SMALLEST_STEP = 0.005  # of progress that is told


def build_engine(spec: ModelSpec, tell: Tell) -> Engine:
    """Build, check and keep the engine of a model: fp16 where its parity allows that, else fp32.

    What its parity refuses in fp32 too is kept with its figures, and not used. Raises ModelError,
    RuntimeUnavailableError.
    """
    spec.verify()
    place, start = find_place(), time.monotonic()
    for precision in precisions(spec):
        plan = build_plan(spec, precision, tell)
        tell(f"checking {precision}", CHECKING)
        runtime = TensorRTRuntime(plan, precision)
        try:
            parity = measure_parity(spec, runtime)
        finally:
            runtime.close()
        if not parity.refusal:
            break
    engine = Engine(
        model=spec.name,
        onnx=spec.sha256,
        precision=precision,
        place=place,
        parity=parity,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - start, 1),
        size=len(plan),
    )
    store(engine, plan)
    return engine


def precisions(spec: ModelSpec) -> tuple[str, ...]:
    """Those to try in turn. fp16 would round a lifter's pixels and mm to several units."""
    return PRECISIONS if spec.task == "pose2d" else ("f32",)


def build_plan(spec: ModelSpec, precision: str, tell: Tell) -> bytes:
    """A serialized engine for 1 to LARGEST_BATCH. TensorRT-RTX needs no GPU for it."""
    trt = import_tensorrt()
    logger = make_logger(trt)
    try:
        builder = trt.Builder(logger)
    except TypeError:  # its way to say that CUDA does not start
        raise _failed(spec, logger.last_error) from None
    strongly_typed = 1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED)
    network = builder.create_network(strongly_typed)
    parser = trt.OnnxParser(network, logger)
    if not parser.parse(engine_graph(spec.onnx, precision)):
        raise _failed(spec, parser.get_error(0).desc())
    config = builder.create_builder_config()
    config.clear_flag(trt.BuilderFlag.TF32)
    config.add_optimization_profile(_batches(builder, network, spec))
    config.progress_monitor = _make_monitor(trt, lambda done: tell(f"building {precision}", done))
    plan = builder.build_serialized_network(network, config)
    if plan is None:
        raise _failed(spec, logger.last_error)
    return bytes(plan)


def _batches(builder: Any, network: Any, spec: ModelSpec) -> Any:
    """1 to LARGEST_BATCH of every input, tuned for 1: what a camera gives; of all sizes where the
    model's is free.
    """
    profile = builder.create_optimization_profile()
    for i in range(network.num_inputs):
        port = network.get_input(i)
        least = most = tuple(port.shape)[1:]
        if spec.free_size:
            least, most = (FINDER_SIDES, FINDER_SIDES, 3), (*spec.input_size, 3)
        profile.set_shape(port.name, (1, *least), (1, *most), (LARGEST_BATCH, *most))
    return profile


def _failed(spec: ModelSpec, reason: str) -> RuntimeUnavailableError:
    return RuntimeUnavailableError(f"TensorRT builds no engine of '{spec.name}': {reason}.")


def _make_monitor(trt: Any, tell: Callable[[float], None]) -> Any:
    """TensorRT's nested phases as one share, 0 … CHECKING, that only grows."""

    class Monitor(trt.IProgressMonitor):  # type: ignore[misc]
        def __init__(self) -> None:
            trt.IProgressMonitor.__init__(self)
            self._lock, self._told = Lock(), 0.0  # TensorRT calls from several threads
            self._phases: dict[str, list[int]] = {}  # those under way, outermost first: done, steps

        def phase_start(self, name: str, parent: str | None, steps: int) -> None:
            with self._lock:
                self._phases[name] = [0, max(steps, 1)]

        def step_complete(self, name: str, step: int) -> bool:
            with self._lock:
                self._phases[name][0] = step + 1
                self._say()
            return True

        def phase_finish(self, name: str) -> None:
            with self._lock:
                self._phases.pop(name, None)

        def _say(self) -> None:
            share, width = 0.0, CHECKING
            for done, steps in self._phases.values():
                share += width * done / steps
                width /= steps
            if share >= self._told + SMALLEST_STEP:
                self._told = min(share, CHECKING)
                tell(self._told)

    return Monitor()


def main() -> int:
    """Stdout is for progress alone: what native libraries print goes to stderr."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def say(**line: object) -> None:
        print(json.dumps(line), file=out)

    try:
        engine = build_engine(
            load_spec(Path(sys.argv[1])), lambda phase, done: say(phase=phase, done=done)
        )
    except (ModelError, RuntimeUnavailableError) as error:
        say(error=str(error))
        return 2
    except Exception as error:  # whatever TensorRT, CUDA or the disk raise
        say(error=f"No TensorRT engine: {explain(error)}.")
        return 2
    say(engine=str(engine.file))
    return 0


if __name__ == "__main__":
    sys.exit(main())
