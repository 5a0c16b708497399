"""How much of a GPU a network uses: FLOPs and bytes a second against what the GPU can do.

FLOPs are twice the network's multiply-accumulates. Bytes are an estimate from below: every weight
once, every output of a convolution written once and read once, at the width of the type; caches can
make it less. The card's limits are what its driver states: multiprocessors × clock × what the
tensor cores of one do a clock; memory clock × bus × 2 (double data rate).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.tensorrt.device import open_gpu

BYTES = {"f16": 2, "bf16": 2, "f32": 4}

# Dense fp16 FLOPs of a multiprocessor's tensor cores in a clock, by compute capability: from
# NVIDIA's papers on Volta, Turing, Ampere (GA100, GA102), Ada, Hopper and Blackwell (GB100, GB202).
FLOPS_A_CLOCK = {
    "7.0": 1024,
    "7.5": 1024,
    "8.0": 2048,
    "8.6": 1024,
    "8.9": 1024,
    "9.0": 4096,
    "10.0": 8192,
    "12.0": 1024,
}


@dataclass(frozen=True)
class Card:
    """The limits of a GPU."""

    name: str
    flops: float | None  # a second, fp16 in tensor cores; None for a card that is not in the table
    bandwidth: float  # bytes a second

    def __str__(self) -> str:
        peak = f"{self.flops / 1e12:.0f} TFLOP/s (fp16)" if self.flops else "unknown FLOP/s"
        return f"{self.name}: at most {peak}, {self.bandwidth / 1e9:.0f} GB/s"


def find_card() -> Card | None:
    """The GPU here; None where there is none, or no pycuda to ask."""
    try:
        gpu = open_gpu()
    except RuntimeUnavailableError:
        return None
    limits, per_clock = gpu.limits(), FLOPS_A_CLOCK.get(gpu.capability)
    flops = per_clock and limits.multiprocessors * limits.clock * per_clock
    return Card(gpu.name, flops, limits.memory_rate)


def utilisation(
    row: Mapping[str, Any], cost: Mapping[str, float], card: Card | None
) -> dict[str, float | None]:
    """What a measured row makes of what one picture costs.

    row: batch, precision, device_ms or p50_ms; cost: gmacs, params, activations (values; left
    out where nobody counted them); card: None for a row of the CPU.
    """
    seconds = (row.get("device_ms") or row["p50_ms"]) / 1e3
    flops = 2e9 * cost["gmacs"] * row["batch"] / seconds
    bandwidth = _bytes(row, cost) / seconds if "activations" in cost else None
    peak = card.flops if card and row["precision"] == "f16" else None
    return {
        "gflops": flops / 1e9,
        "share_of_flops": flops / peak if peak else None,
        "gb_per_second": bandwidth / 1e9 if bandwidth else None,
        "share_of_bandwidth": bandwidth / card.bandwidth if card and bandwidth else None,
    }


def _bytes(row: Mapping[str, Any], cost: Mapping[str, float]) -> float:
    values: float = cost["params"] + 2 * row["batch"] * cost["activations"]
    return BYTES[row["precision"]] * values
