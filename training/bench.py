"""``python -m training.bench NETWORK --json FILE``: how fast torch runs a network and what one pass
costs; with ``--export DIR`` also a model folder of it, for the runtimes.

The weights are random: speed does not depend on them. What the runtimes make of the same network
is for `main.py bench`, which calls this.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.timing import BATCHES, speed, time_block
from training.artifacts.random_weights import (
    Size,
    costs,
    export_untrained,
    random_images,
    untrained,
)
from training.cli import answer, write_json
from training.evaluation.predict import ServedBackbone
from training.import_checkpoint import parse_size
from training.models import NETWORKS

TYPES = {torch.float16: "f16", torch.bfloat16: "bf16", torch.float32: "f32"}
COMPILE_MODE = "reduce-overhead"  # CUDA graphs, without a search through kernels that takes an hour

Row = dict[str, object]


class Typed(nn.Module):
    """A served backbone that computes in a type of its choice; in and out as it is exported."""

    def __init__(self, served: ServedBackbone, dtype: torch.dtype, device: torch.device) -> None:
        super().__init__()
        self.network, self.normalisation = served.network.to(device, dtype), served.normalisation
        self.dtype = dtype
        if device.type == "cuda":  # what tensor cores want
            self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, image: Tensor) -> Tensor:
        """(N, H, W, 3) uint8 RGB → (N, K, H/4, W/4) float32."""
        heatmaps: Tensor = self.network(self.normalisation(image).to(self.dtype))[-1]
        return heatmaps.float()


def time_torch(served: ServedBackbone, size: Size, seconds: float) -> Iterator[Row]:
    """Rows of the table: eager, and on CUDA compiled into CUDA graphs; ``seconds`` a block."""
    cuda = torch.cuda.is_available()
    device = torch.device("cuda" if cuda else "cpu")
    for dtype in (torch.float16,) if cuda else (torch.float32, torch.bfloat16):
        module = Typed(served, dtype, device).eval()
        ways: dict[str, Callable[[Tensor], Tensor]] = {"torch eager": module}
        if cuda:
            ways["torch compile"] = torch.compile(module, mode=COMPILE_MODE, dynamic=False)
        for way, run in ways.items():
            for batch in BATCHES:
                call = _call(run, random_images(size, batch), device)
                facts: Row = {"runtime": way, "device": _name(device), "precision": TYPES[dtype]}
                device_ms = {"device_ms": _device_ms(call, seconds)} if cuda else {}
                yield facts | {"batch": batch} | speed(call, batch, seconds) | device_ms


def _name(device: torch.device) -> str:
    return torch.cuda.get_device_name() if device.type == "cuda" else "CPU"


def _call(
    run: Callable[[Tensor], Tensor], images: Tensor, device: torch.device
) -> Callable[[], np.ndarray]:
    """From pictures in the host's memory to heatmaps there."""
    staging = images.pin_memory() if device.type == "cuda" else images

    def call() -> np.ndarray:
        with torch.inference_mode():
            heatmaps = run(staging.to(device, non_blocking=True)).cpu()
        return np.asarray(heatmaps)

    return call


def _device_ms(call: Callable[[], object], seconds: float) -> float:
    """Median between two CUDA events, around upload, network and download."""
    times: list[float] = []

    def timed() -> None:
        before = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
        after = torch.cuda.Event(enable_timing=True)  # type: ignore[no-untyped-call]
        before.record()
        call()
        after.record()
        after.synchronize()
        times.append(before.elapsed_time(after))

    time_block(timed, seconds)
    return float(np.median(times))


def bench(
    name: str, size: Size | None, seconds: float, json_file: Path, folder: Path | None
) -> None:
    """Write ``json_file``: what a pass costs, a row a measurement, and what was left out and why.

    Raises ValueError for an unknown network.
    """
    served, size = untrained(name, size)
    counted = costs(served, size)
    if folder:
        export_untrained(name, served, size, counted, folder)
    content = {"network": name, "input_size": size, **counted}
    rows: list[Row] = []
    missing = [] if torch.cuda.is_available() else ["torch compile: needs CUDA"]
    try:
        for row in time_torch(served, size, seconds):
            rows.append(row)
            print(name, json.dumps(row), flush=True)
    except RuntimeError as error:  # out of memory, no compiler: what was measured is kept
        missing.append(f"torch: {str(error).strip().splitlines()[0]}")
    write_json(json_file, content | {"rows": rows, "missing": missing})


def main() -> int:
    """Bad input is one line on stderr and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m training.bench", description=__doc__)
    parser.add_argument("network", help=", ".join(NETWORKS))
    parser.add_argument("--json", type=Path, required=True, metavar="FILE")
    parser.add_argument("--input-size", type=parse_size, metavar="HxW")
    parser.add_argument("--seconds", type=float, default=2.0, help="of a block (default 2)")
    parser.add_argument("--export", type=Path, metavar="DIR", help="write a model folder there")
    a = parser.parse_args()
    return answer(lambda: bench(a.network, a.input_size, a.seconds, a.json, a.export))


if __name__ == "__main__":
    sys.exit(main())
