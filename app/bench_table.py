"""What ``main.py bench`` measured, as a table and as JSON. Measures nothing."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.table import table
from app.utilisation import Card

Row = Mapping[str, Any]


def as_text(rows: Sequence[Row], missing: Iterable[str], card: Card | None) -> str:
    """Where it was measured, a line for each row, a line for everything that is missing."""
    devices = dict.fromkeys(f"{row['runtime']} on {row['device']}" for row in rows)
    heads = [*devices, *([str(card)] if card else []), ""]
    return "\n".join([*heads, *table([_shown(row) for row in rows]), "", *missing]).rstrip()


def as_json(rows: Sequence[Row], missing: Iterable[str], card: Card | None) -> str:
    """Every figure as it was measured."""
    content = {
        "command": "python main.py bench",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": platform.platform(),
        "card": str(card) if card else None,
        "rows": rows,
        "missing": list(missing),
    }
    return json.dumps(content, indent=2) + "\n"


def _shown(row: Row) -> dict[str, object]:
    random = " (random weights)" if row["weights"] == "random" else ""
    return {
        "backbone": row["backbone"] + random,
        "runtime": row["runtime"],
        "type": row["precision"],
        "batch": row["batch"],
        "p50 ms": _figure(row["p50_ms"]),
        "p95 ms": _figure(row["p95_ms"]),
        "device ms": _figure(row.get("device_ms")),
        "images/s": _figure(row["images_per_second"], 1),
        "GFLOP/s": _figure(row["gflops"], 0),
        "of peak": _percent(row["share_of_flops"]),
        "GB/s": _figure(row["gb_per_second"], 1),
        "of its peak": _percent(row["share_of_bandwidth"]),
        "× eager": _figure(row["times_torch_eager"]),
        "× compile": _figure(row["times_torch_compile"]),
    }


def _figure(value: float | None, digits: int = 2) -> str | None:
    return None if value is None else f"{value:.{digits}f}"


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}"
