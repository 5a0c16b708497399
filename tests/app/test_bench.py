"""``main.py bench``: its table, its ratios, and what it makes of a card's limits."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import bench, utilisation
from app.cli import main
from app.utilisation import Card, find_card
from engine.models.model_spec import ModelSpec
from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.tensorrt.device import Limits
from engine.timing import BATCHES
from tests.conftest import DotRuntime, dot_spec

QUICK = ("--seconds", "0.01")


def torch_row(batch: int, milliseconds: float) -> dict[str, object]:
    speeds = {"p50_ms": milliseconds, "p95_ms": milliseconds, "images_per_second": 1.0}
    return {"runtime": "torch eager", "device": "CPU", "precision": "f32", "batch": batch} | speeds


@pytest.fixture(autouse=True)
def _dots(monkeypatch: pytest.MonkeyPatch) -> None:
    """One backbone is here; OpenVINO computes it, TensorRT cannot, torch takes a second."""

    def open_dots(_: ModelSpec) -> DotRuntime:
        runtime = DotRuntime()
        runtime.precision = "f32"
        return runtime

    def no_gpu(_: ModelSpec) -> DotRuntime:
        raise RuntimeUnavailableError("No NVIDIA driver.")

    said = {"activations": 1000, "rows": [torch_row(batch, 1000.0) for batch in BATCHES]}
    monkeypatch.setattr(bench, "find_models", lambda _: {"dots": dot_spec(), "more": dot_spec()})
    monkeypatch.setattr(bench, "OPENERS", {"openvino": open_dots, "tensorrt": no_gpu})
    monkeypatch.setattr(bench.Bench, "_ask_torch", lambda *_: said)


def test_every_runtime_that_is_there_has_a_row_for_each_batch_and_what_is_missing_a_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "bench.json"
    assert main(["bench", "--backbones", "dots,more", *QUICK, "--json", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith(("dots ", "more "))]) == 8
    assert lines[-1] == "tensorrt: No NVIDIA driver."
    rows = json.loads(out.read_text())["rows"]
    fast = [row for row in rows if row["runtime"] == "openvino"]
    assert all(row["times_torch_eager"] == 1000 / row["p50_ms"] > 1 for row in fast)
    assert all(row["p50_ms"] <= row["p95_ms"] for row in rows)
    assert {row["batch"] for row in fast} == set(BATCHES)


def test_runtimes_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--backbones", "dots", "--runtime", "openvino", *QUICK]) == 0
    assert "torch" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--runtime", "caffe"], "Unknown runtime 'caffe'. Known: openvino, onnxruntime"),
        (["--backbones", "dots", "--runtime", "tensorrt"], "Nothing could be measured."),
    ],
)
def test_what_cannot_be_measured_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *arguments, *QUICK]) == 2
    assert says in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("capability", "multiprocessors", "gigahertz", "published"),
    [
        ("7.0", 80, 1.53, 125),  # V100 SXM2
        ("7.5", 40, 1.59, 65),  # T4
        ("8.0", 108, 1.41, 312),  # A100
        ("8.6", 82, 1.695, 142),  # RTX 3090
        ("8.9", 128, 2.52, 330),  # RTX 4090
        ("9.0", 132, 1.83, 989),  # H100 SXM
        ("12.0", 170, 2.407, 419),  # RTX 5090
    ],
)
def test_the_peak_of_a_card_is_the_published_one(
    capability: str,
    multiprocessors: int,
    gigahertz: float,
    published: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = Limits(multiprocessors, 1e9 * gigahertz, 1e12)
    gpu = SimpleNamespace(name="GPU", capability=capability, limits=lambda: limits)
    monkeypatch.setattr(utilisation, "open_gpu", lambda: gpu)
    card = find_card()
    assert card is not None
    assert card.flops == pytest.approx(1e12 * published, rel=0.01)


def test_a_card_is_used_by_what_a_picture_costs_over_the_time_on_the_device() -> None:
    cost = {"gmacs": 5.0, "params": 1e6, "activations": 2e6}
    row = {"batch": 8, "precision": "f16", "p50_ms": 9.0, "device_ms": 2.0}
    used = utilisation.utilisation(row, cost, Card("GPU", flops=1e14, bandwidth=1e12))
    assert used["gflops"] == pytest.approx(40_000)  # 8 pictures of 1e10 FLOPs in 2 ms
    assert used["share_of_flops"] == pytest.approx(0.4)
    assert used["gb_per_second"] == pytest.approx(33)  # 2 bytes x (1e6 + 2 x 8 x 2e6) in 2 ms
    assert used["share_of_bandwidth"] == pytest.approx(0.033)
    assert (
        utilisation.utilisation(row, {"gmacs": 5.0, "params": 1e6}, None)["gb_per_second"] is None
    )
