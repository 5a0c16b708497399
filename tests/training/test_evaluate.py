"""From a checkpoint to figures and to a model folder, and from that to the same figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
import torch

from engine.heatmaps import STRIDE, encode
from engine.model_spec import load_spec
from engine.skeleton import MPII16
from tests.conftest import DotRuntime
from tests.training.dots import dot_picture, dot_recipe, write_dots
from training import evaluate, export
from training.datasets.pictures import load_pictures
from training.judge import Backbone, judge, open_subject
from training.models import MPII_MEAN
from training.models.hourglass import StackedHourglass
from training.predict import ServedBackbone, heatmaps_of, predict_pictures, truth, with_flip
from training.train import open_run, open_trainer, train

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder beside the data it was trained on."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("trained")
    write_dots(folder, 420)
    recipe = dot_recipe(epoch_images=16)
    learner, samples = open_run(recipe, [folder])
    samples.workers = 0
    train(open_trainer(folder / "run", recipe.epochs, logger=False), learner, samples)
    return folder


def call(module: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", [module.__name__, *map(str, arguments)])
    result: int = module.main()
    return result


def dot_backbone() -> Backbone:
    """Finds dots by their colour."""
    runtime = DotRuntime()
    return Backbone(
        "dots",
        MPII16,
        (256, 256),
        1.25,
        "eyes",
        lambda images: runtime.run({"image": images})["heatmaps"],
    )


def test_pictures_are_found_in_order_batch_after_batch() -> None:
    pictures = [dot_picture(120 + i % 60, ground=i) for i in range(70)]
    found, scores = predict_pictures(dot_backbone().heatmaps, pictures, (256, 256))
    seen = np.delete(np.arange(16), [MPII16.index("pelvis"), MPII16.index("thorax")])
    away = np.linalg.norm(found - truth(pictures)[0], axis=2)[:, seen]
    assert np.median(away) < 3
    assert scores.shape == (70, 16)


def test_what_is_judged_has_figures_in_percent() -> None:
    judged = judge(dot_backbone(), [dot_picture()])
    assert judged.row["n"] == 1
    assert judged.row["wrist"] == 100


def test_both_decodings_find_the_dots() -> None:
    for decoding in ("quarter", "dark"):
        judged = judge(dot_backbone(), [dot_picture()], decoding=decoding)
        assert judged.row["elbow"] == 100


def test_the_flip_test_averages_peaks_that_lie_on_each_other() -> None:
    """A perfect network's heatmaps of the mirrored picture, mirrored back, are its own."""
    keypoints = np.random.default_rng(0).uniform(40, 200, (16, 2)).astype(np.float32)
    mirrored = (np.array([255, 0]) + keypoints * [-1, 1]).astype(np.float32)[MPII16.flip]

    def perfect(images: np.ndarray) -> np.ndarray:
        shown = mirrored if images[0, 0, 0, 0] == 0 else keypoints
        return encode(shown, (256 // STRIDE, 256 // STRIDE), 2.0)[None]

    image = np.zeros((1, 256, 256, 3), np.uint8)
    image[0, 0, 0] = 1  # the corner tells a picture from its mirror image
    averaged = with_flip(perfect, MPII16)(image)
    assert np.abs(averaged - perfect(image)).max() < 0.1
    assert averaged.max() > 0.9


def test_what_is_served_takes_uint8_and_gives_the_last_stack() -> None:
    network = StackedHourglass(stacks=2, features=32).eval()
    served = ServedBackbone(network, MPII_MEAN).eval()
    image = torch.randint(0, 256, (2, 64, 64, 3), dtype=torch.uint8)
    with torch.inference_mode():
        assert served(image).shape == (2, 16, 16, 16)
        torch.testing.assert_close(
            torch.from_numpy(heatmaps_of(network, MPII_MEAN)(image.numpy())), served(image)
        )


def test_a_checkpoint_is_evaluated_with_table_json_and_sheet(
    trained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "figures.json", tmp_path / "worst.png"
    options = "--data", trained, "--sets", "synthetic", "--json", out[0], "--sheet", out[1]
    assert call(evaluate, monkeypatch, trained / "run", "--flip", *options) == 0
    heading, columns, row = capsys.readouterr().out.splitlines()
    assert heading == "PCK@0.2 of dots (flip test, quarter, torch f32)"
    assert columns.split()[:2] == ["n", "all"]
    figures = json.loads(out[0].read_text())["synthetic"]
    assert row.split() == ["synthetic", *(f"{value:.1f}" for value in figures.values())]
    sheet = cv2.imread(str(out[1]))
    assert sheet is not None
    assert sheet.shape == (5 * 64, 6 * 64, 3)


def test_an_export_measures_as_its_model_json_says(
    trained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(export, "RENDERED", ())
    folder = tmp_path / "dots"
    options = "--data", trained
    assert call(export, monkeypatch, trained / "run", "--out", folder, *options) == 0
    spec = load_spec(folder)
    spec.verify()
    assert (spec.name, spec.input_size, spec.skeleton) == ("dots", (64, 64), MPII16)
    assert spec.architecture == "hourglass_1_small(features=32, depth=3, num_keypoints=16)"
    assert spec.params > 0
    out = tmp_path / "figures.json"
    sets = "--sets", "synthetic", "--json", out
    assert call(evaluate, monkeypatch, folder, *options, *sets) == 0
    assert json.loads(out.read_text())["synthetic"] == spec.metrics["synthetic"]
    assert [path.name for path in tmp_path.glob("*.partial")] == []


def test_nothing_is_written_where_data_is_missing(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "RENDERED", ())
    places = "--out", tmp_path / "dots", "--data", tmp_path
    assert call(export, monkeypatch, trained / "run", *places) == 2
    assert not (tmp_path / "dots").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "No checkpoint at nowhere"),
        (["assets/models/hourglass_1_small", "--sets", "flic"], "No FLIC in"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = ROOT / arguments[0] if "/" in arguments[0] else Path(arguments[0])
    assert call(evaluate, monkeypatch, path, *arguments[1:], "--data", tmp_path) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_the_shipped_backbone_measures_as_its_model_json_says(shared: Path) -> None:
    """But for what bf16, in which it may have been measured, changes: a keypoint or two of LSP."""
    folder = ROOT / "assets/models/hourglass_1_small"
    stated = load_spec(folder).metrics["lsp"]
    with open_subject(folder, "onnxruntime") as backbone:
        assert isinstance(backbone, Backbone)
        judged = judge(backbone, load_pictures([shared], "lsp")[1])
    assert judged.row["n"] == stated["n"]
    assert judged.row["all"] == pytest.approx(stated["all"], abs=0.3)


def test_a_lifter_is_measured_by_action(
    shared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ROOT / "assets/models/martinez"
    assert call(evaluate, monkeypatch, folder, "--sets", "mocap", "--data", shared) == 0
    _, columns, *rows = capsys.readouterr().out.splitlines()
    assert columns.split() == ["p1", "p2", "pck3d", "auc"]
    assert "mean" in [row.split()[0] for row in rows]
