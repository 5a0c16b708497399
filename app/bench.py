"""``main.py bench``: how fast each runtime computes each backbone, in a block of time of its own.

torch runs in a process of `training`, which also exports networks that are not here, with random
weights. Imports no torch; the table is written by bench_table.py.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from app.bench_table import as_json, as_text
from app.engines import build_engine
from app.models import ROOT, training_is_installed
from app.utilisation import Card, find_card, utilisation
from engine.models.model_spec import ModelSpec, find_models, load_spec
from engine.runtimes import AUTO, Runtime, RuntimeUnavailableError, example_inputs, open_runtime
from engine.runtimes.tensorrt import TensorRTRuntime, delete_engines, find_engine
from engine.timing import BATCHES, speed, time_block

log = logging.getLogger(__package__)

BACKBONES = (
    *("hourglass_1_small", "hourglass_2", "hourglass_8"),
    *("hrnet_w32", "hrnet_w48", "simple_baseline_r50"),
)
RANDOM = "_random"  # ends the name of a model whose weights are

Row = dict[str, Any]


def benchable() -> list[str]:
    """The backbones here, and the networks that can be measured with random weights."""
    return list(dict.fromkeys((*find_models("pose2d"), *BACKBONES)))


class Bench:
    """The rows of one run, and a line for everything that could not be measured."""

    def __init__(
        self, runtimes: Sequence[str], seconds: float, scratch: Path, precision: str = AUTO
    ) -> None:
        """seconds: of a block, which is one runtime, backbone and batch; precision: as asked for,
        a row says what it came to.
        """
        self.rows: list[Row] = []
        self.missing: dict[str, None] = {}  # each line once
        self.card = find_card()
        self._runtimes, self._seconds, self._scratch = runtimes, seconds, scratch
        self._precision = precision

    def measure(self, name: str) -> None:
        """The backbone that is here, else the network of that name with random weights."""
        spec, said = find_models("pose2d").get(name), Row()
        if spec is None or "torch" in self._runtimes:
            said = self._ask_torch(name, spec)
        exported = self._scratch / f"{name}{RANDOM}"
        if spec is None and exported.is_dir():
            spec = load_spec(exported)
        if spec is None:
            return
        rows = list(said.get("rows", [])) if "torch" in self._runtimes else []
        for runtime in self._runtimes:
            if runtime in OPENERS:
                rows += self._time(spec, runtime)
        cost = {"gmacs": spec.gmacs, "params": spec.params}
        cost |= {"activations": said["activations"]} if said else {}
        about = {"backbone": name, "weights": "random" if spec.name.endswith(RANDOM) else "trained"}
        for row in rows:
            use = utilisation(row, cost, self._card_of(row))
            self.rows.append({**about, **row, **use, **_ratios(row, rows)})

    def _card_of(self, row: Row) -> Card | None:
        return self.card if "device_ms" in row or row["device"] == "CUDA" else None

    def _time(self, spec: ModelSpec, name: str) -> list[Row]:
        print(f"{spec.name}: {name}", file=sys.stderr)
        try:
            runtime = OPENERS[name](spec, self._precision)
        except (RuntimeUnavailableError, ImportError) as error:
            log.exception("%s is not measured", name)
            self.missing[f"{name}: {error}"] = None
            return []
        if runtime.note:
            self.missing[runtime.note] = None
        try:
            return [self._row(name, runtime, spec, batch) for batch in BATCHES]
        finally:
            runtime.close()

    def _row(self, name: str, runtime: Runtime, spec: ModelSpec, batch: int) -> Row:
        inputs = example_inputs(spec, batch)
        return {
            "runtime": name,
            "device": runtime.device,
            "precision": runtime.precision,
            "batch": batch,
            **speed(lambda: runtime.run(inputs), batch, self._seconds),
            **_device_ms(runtime, inputs, self._seconds),
        }

    def _ask_torch(self, name: str, spec: ModelSpec | None) -> Row:
        """What training.bench says of a network; without ``spec`` it exports the network too."""
        if not training_is_installed():
            needed = "torch, and networks that are not here: pip install -e '.[training]'"
            self.missing[needed] = None
            return {}
        print(f"{name}: torch", file=sys.stderr)
        file = self._scratch / f"{name}.json"
        network = spec.architecture.split("(")[0] if spec else name
        exported = str(self._scratch / f"{name}{RANDOM}")
        size = spec and "x".join(map(str, spec.input_size))
        command = [sys.executable, "-m", "training.bench", network, "--json", str(file)]
        command += ["--input-size", size] if size else ["--export", exported]
        command += ["--seconds", str(self._seconds)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
            self.missing[f"torch, {name}: {reason.removeprefix('sandglass: ')}"] = None
            return {}
        said: Row = json.loads(file.read_text("utf-8"))
        self.missing |= dict.fromkeys(said["missing"])
        return said


def bench(
    backbones: Sequence[str],
    runtimes: Sequence[str],
    seconds: float,
    out: Path | None,
    precision: str = AUTO,
) -> int:
    """Print the table, and write its rows as JSON to ``out``; returns the exit code.

    runtimes: of KNOWN; none is all. Raises ValueError for an unknown one, and where nothing could
    be measured.
    """
    if unknown := [name for name in runtimes if name not in KNOWN]:
        raise ValueError(f"Unknown runtime '{unknown[0]}'. Known: {', '.join(KNOWN)}.")
    with TemporaryDirectory(prefix="sandglass-bench-") as scratch:
        running = Bench(runtimes or KNOWN, seconds, Path(scratch), precision)
        for name in backbones:
            running.measure(name)
    if not running.rows:
        raise ValueError(f"Nothing could be measured. {' '.join(running.missing)}")
    print(as_text(running.rows, running.missing, running.card))
    if out:
        out.write_text(as_json(running.rows, running.missing, running.card), "utf-8")
    return 0


def _ratios(row: Row, rows: Sequence[Row]) -> Row:
    """Speedup over torch at the same batch, in its first precision (f16 on CUDA, else f32)."""
    ratios = Row()
    for name in ("torch eager", "torch compile"):
        theirs = [r for r in rows if (r["runtime"], r["batch"]) == (name, row["batch"])]
        key = f"times_{name.replace(' ', '_')}"
        ratios[key] = theirs[0]["p50_ms"] / row["p50_ms"] if theirs else None
    return ratios


def _device_ms(runtime: Runtime, inputs: Mapping[str, np.ndarray], seconds: float) -> Row:
    """Median by CUDA events, where the runtime has them."""
    if not isinstance(runtime, TensorRTRuntime):
        return {}
    times: list[float] = []
    time_block(lambda: times.append(runtime.time(inputs)), seconds)
    return {"device_ms": float(np.median(times))}


def _open_tensorrt(spec: ModelSpec, precision: str) -> Runtime:
    """Builds the engine first where there is none; one of random weights is not kept."""
    if find_engine(spec) is None:
        build_engine(spec)
    runtime = open_runtime(spec, "tensorrt", precision)
    if spec.name.endswith(RANDOM):
        delete_engines(spec.name)
    return runtime


def _open_onnxruntime(spec: ModelSpec, precision: str, cuda: bool) -> Runtime:
    from engine.runtimes.onnxruntime import CPU, CUDA, open_model

    runtime = open_model(spec, precision, (CUDA if cuda else CPU,))
    if cuda and runtime.device != "CUDA":
        raise RuntimeUnavailableError("pip install onnxruntime-gpu in place of onnxruntime")
    return runtime


OPENERS: dict[str, Callable[[ModelSpec, str], Runtime]] = {
    "openvino": lambda spec, precision: open_runtime(spec, "openvino", precision),
    "onnxruntime": lambda spec, precision: _open_onnxruntime(spec, precision, cuda=False),
    "onnxruntime-cuda": lambda spec, precision: _open_onnxruntime(spec, precision, cuda=True),
    "tensorrt": _open_tensorrt,
}
KNOWN = (*OPENERS, "torch")
