"""``python -m training.bench``: torch timed, and networks with random weights for the runtimes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from engine.models.model_spec import load_spec
from engine.runtimes import example_inputs, open_runtime
from engine.tensorrt_build.parity import SEEN
from training.artifacts.random_weights import costs, export_untrained, random_images, untrained
from training.bench import bench

SIZE = (64, 64)


def test_torch_is_timed_in_every_type_and_batch_and_what_a_pass_costs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.bench.BATCHES", batches := (1, 2))
    bench("hourglass_1_small", SIZE, 0.01, tmp_path / "out.json", None)
    said = json.loads((tmp_path / "out.json").read_text())
    rows = said["rows"]
    assert {(row["runtime"], row["batch"]) for row in rows} >= {("torch eager", b) for b in batches}
    assert all(0 < row["p50_ms"] <= row["p95_ms"] for row in rows)
    assert said["missing"] == ([] if torch.cuda.is_available() else ["torch compile: needs CUDA"])
    assert said["params"] == 910_480
    assert said["gmacs"] == pytest.approx(1.554 / 16, rel=0.01)  # of 256 x 256


def test_an_exported_network_runs_and_finds_nobody(tmp_path: Path) -> None:
    served, size = untrained("simple_baseline_r18", SIZE)
    export_untrained("simple_baseline_r18", served, size, costs(served, size), tmp_path / "r18")
    spec = load_spec(tmp_path / "r18")
    runtime = open_runtime(spec, "openvino")
    image = random_images(size, 2).numpy()
    heatmaps = runtime.run(example_inputs(spec, 2) | {"image": image})["heatmaps"]
    runtime.close()
    assert heatmaps.shape == (2, 17, 16, 16)
    assert 0 < np.abs(heatmaps).max() < SEEN


def test_activations_are_the_outputs_of_convolutions() -> None:
    served, size = untrained("simple_baseline_r18", SIZE)
    counted = costs(served, size)
    stem = 64 * 32 * 32
    stages = sum(width * (64 // step) ** 2 * layers for width, step, layers in RESNET_18)
    deconvolutions = 256 * (4**2 + 8**2 + 16**2)
    assert counted["activations"] == stem + stages + deconvolutions + 17 * 16**2


RESNET_18 = ((64, 4, 4), (128, 8, 5), (256, 16, 5), (512, 32, 5))  # width, stride, convolutions


def test_deep_networks_with_random_weights_stay_within_fp16() -> None:
    served, size = untrained("hourglass_8")
    largest: list[float] = []
    for layer in served.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(lambda _, __, out: largest.append(float(out.abs().max())))
    with torch.inference_mode():
        heatmaps = served(random_images(size, 1))
    assert max(largest) < 1000
    assert heatmaps.abs().max() < SEEN


def test_an_unknown_network_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"Unknown network 'vgg'. Known: hourglass_1_small"):
        bench("vgg", None, 0.01, tmp_path / "out.json", None)
