"""From a checkpoint to figures and to a model folder, and from that to the same figures."""

from __future__ import annotations

import json
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
import torch

from engine.keypoints.heatmaps import encode
from engine.models.model_spec import STRIDE, load_spec
from engine.people.finder import FoundPerson
from engine.skeleton import MPII16
from engine.types import Box
from tests.conftest import DotRuntime, dot_spec
from tests.training.dots import dot_picture, dot_recipe
from training import evaluate, export
from training.artifacts import int8_trials, quantise
from training.datasets.picture_sets import LICENCES, load_pictures
from training.datasets.pictures.labels import Picture
from training.evaluation.evaluator import (
    PEOPLE,
    RUNTIME,
    SCORES,
    Backbone,
    evaluate_pictures,
    open_subject,
)
from training.evaluation.figures import PCK, PCKH, truth
from training.evaluation.predict import ServedBackbone, heatmaps_of, predict_pictures, with_flip
from training.evaluation.tables import DEFAULT_SETS, differences, tables
from training.models import MPII_MEAN
from training.models.hourglass import StackedHourglass
from training.train import open_run, open_trainer, train

ROOT = Path(__file__).parents[2]
NONE = np.zeros(16, bool)


class DotsFound:
    """Stands in for the finder, which sees nobody in dots: where `dot_picture` has its person."""

    def __init__(self, *_: object) -> None:
        """Nothing is loaded."""

    def find(self, image: np.ndarray, near: Box | None = None) -> list[FoundPerson]:
        low, high = (edge(dot_picture().keypoints, axis=0).tolist() for edge in (np.min, np.max))
        nowhere = np.full((17, 2), np.nan, np.float32)
        return [FoundPerson(Box(low[0], low[1], high[0], high[1], 0.95), nowhere)]

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture(scope="module", autouse=True)
def _people_are_dots() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("training.evaluation.predict.Finder", DotsFound)
        yield


@pytest.fixture(scope="module")
def trained(dots: Path) -> Path:
    """A run folder beside the data it was trained on."""
    recipe = dot_recipe(epoch_images=16, starts_from="hourglass_1_small")
    learner, samples = open_run(recipe, [dots])
    samples.workers = 0
    train(open_trainer(dots / "run", recipe.epochs, logger=False), learner, samples)
    return dots


def call(module: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", [module.__name__, *map(str, arguments)])
    result: int = module.main()
    return result


def without(picture: Picture, *names: str) -> Picture:
    """The same picture, with no label for the joints of these names."""
    labelled = picture.labelled & [name not in names for name in MPII16.keypoints]
    return replace(picture, labelled=labelled)


def dot_backbone() -> Backbone:
    """Finds dots by their colour."""
    runtime = DotRuntime()
    return Backbone(dot_spec(), "eyes", lambda images: runtime.run({"image": images})["heatmaps"])


def test_pictures_are_found_in_order_batch_after_batch() -> None:
    pictures = [dot_picture(120 + i % 60, ground=i) for i in range(70)]
    found, scores = predict_pictures(dot_backbone().heatmaps, pictures, (256, 256))
    seen = np.delete(np.arange(16), [MPII16.index("pelvis"), MPII16.index("thorax")])
    away = np.linalg.norm(found - truth(pictures)[0], axis=2)[:, seen]
    assert np.median(away) < 3
    assert scores.shape == (70, 16)


def test_what_is_judged_has_figures_in_percent() -> None:
    row = evaluate_pictures(dot_backbone(), [dot_picture()]).rows()[PCK]
    assert row["n"] == 1
    assert row["wrist"] == row["limbs"] == 100


def test_by_the_head_people_are_measured_whose_torso_is_out_of_the_picture() -> None:
    whole = dot_picture()
    cut = without(whole, "left_hip", "right_hip", "pelvis")
    rows = evaluate_pictures(dot_backbone(), [whole, cut]).rows()
    assert (rows[PCK]["n"], rows[PCKH]["n"]) == (1, 2)


def test_a_whole_picture_is_searched_as_the_program_does() -> None:
    evaluated = evaluate_pictures(dot_backbone(), [dot_picture()], searched=True)
    assert evaluated.rows()[PEOPLE] == {"n": 1, "found": 100}
    assert evaluated.rows()[PCK]["all"] > 90


def test_where_the_search_finds_nobody_every_joint_is_missed() -> None:
    nobody = Backbone(dot_spec(), "blind", lambda images: np.zeros((len(images), 16, 64, 64)))
    rows = evaluate_pictures(nobody, [dot_picture()], searched=True).rows()
    assert rows[PEOPLE]["found"] == rows[PCK]["all"] == 0
    assert SCORES not in rows


def test_an_empty_picture_is_asked_for_people_only() -> None:
    room = Picture("empty", dot_picture().encoded, np.zeros((16, 2)), NONE, np.ones(16))
    assert set(evaluate_pictures(dot_backbone(), [room], searched=True).rows()) == {PEOPLE}


def test_pictures_that_know_their_framing_are_also_measured_by_it() -> None:
    pictures = [replace(dot_picture(), framing=name) for name in ("near", "far", "far")]
    rows = tables({"dots": evaluate_pictures(dot_backbone(), pictures)})[PCK]
    assert {name: row["n"] for name, row in rows.items()} == {
        "dots": 3,
        "dots_near": 1,
        "dots_far": 2,
    }


def test_both_decodings_find_the_dots() -> None:
    for decoding in ("quarter", "dark"):
        evaluated = evaluate_pictures(dot_backbone(), [dot_picture()], decoding=decoding)
        assert evaluated.rows()[PCK]["elbow"] == 100


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
    out = tmp_path / "figures.json", tmp_path / "worst.png", tmp_path / "sample.png"
    options = "--data", trained, "--json", out[0], "--sheet", out[1], "--sample", out[2]
    sets = "--sets", "synthetic", "full_synthetic"
    assert call(evaluate, monkeypatch, trained / "run", "--flip", *options, *sets) == 0
    heading, columns, row, *_ = capsys.readouterr().out.splitlines()
    assert heading == "PCK@0.2 of dots (flip test, quarter, torch f32)"
    assert columns.split()[:3] == ["n", "all", "limbs"]
    figures = json.loads(out[0].read_text())
    values = figures[PCK]["synthetic"].values()
    assert row.split() == ["synthetic", *(f"{value:.1f}" for value in values)]
    assert set(figures) == {PCK, PCKH, SCORES, PEOPLE}
    worst, sample = (cv2.imread(str(path)) for path in out[1:])
    assert worst is not None
    assert sample is not None
    assert worst.shape == (5 * 64, 6 * 64, 3)
    assert sample.shape == (4 * 64, 8 * 64, 3)


@pytest.fixture(scope="module")
def exported(trained: Path) -> Iterator[Path]:
    """The model folder of the trained dots, measured on dots; no export makes an int8 form."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "quantise", lambda folder, _: f"An int8 form for {folder.name}.")
        patch.setitem(DEFAULT_SETS, "mpii16", ["synthetic", "full_synthetic"])
        options = "--out", trained / "dots", "--data", trained, "--hardware", "two cores"
        also = "--trained-on", "60 dots"
        assert call(export, patch, trained / "run", *options, *also) == 0
        yield trained / "dots"


def test_an_export_measures_as_its_model_json_says(
    exported: Path,
    trained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = load_spec(exported)
    spec.verify()
    assert (spec.name, spec.input_size, spec.skeleton) == ("dots", (64, 64), MPII16)
    assert spec.architecture == "hourglass_1_small(features=32, depth=3, num_keypoints=16)"
    assert spec.params > 0
    out = tmp_path / "figures.json"
    assert call(evaluate, monkeypatch, exported, "--data", trained, "--json", out) == 0
    found = json.loads(out.read_text())
    assert {metric: spec.metrics[metric] for metric in found} == found
    assert "Not as model.json states" not in capsys.readouterr().out
    assert [path.name for path in trained.glob("*.partial")] == []


def test_a_model_is_called_as_its_folder_and_states_the_licences_of_all_it_learned_from(
    exported: Path,
    trained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(DEFAULT_SETS, "mpii16", ["synthetic"])
    options = "--out", tmp_path / "better_dots", "--data", trained
    assert call(export, monkeypatch, trained / "run", *options) == 0
    assert load_spec(tmp_path / "better_dots").name == "better_dots"
    assert capsys.readouterr().out.endswith("An int8 form for better_dots.\n")
    assert LICENCES["lsp"] in load_spec(exported).licence  # of hourglass_1_small's recipe


def test_the_int8_form_of_an_export_measures_as_its_model_json_says(
    exported: Path,
    trained: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whether it is good enough is chance after so short a training: here anything is."""
    monkeypatch.setattr(quantise, "ALLOWED", 100.0)
    monkeypatch.setattr(int8_trials, "PICTURES", 20)
    folder = shutil.copytree(exported, tmp_path / "dots")
    assert call(quantise, monkeypatch, folder, "--data", trained) == 0
    form = load_spec(folder).int8
    assert form is not None
    options = "--sets", "synthetic", "--runtime", "openvino", "--precision", "int8"
    assert call(evaluate, monkeypatch, folder, "--data", trained, *options) == 0
    said = capsys.readouterr().out
    assert "quarter, openvino int8)" in said
    assert "Not as model.json states" not in said


def test_scores_are_calibrated_on_one_half_and_reported_on_the_other(
    exported: Path, trained: Path
) -> None:
    spec = load_spec(exported)
    assert spec.score_calibration
    scores = spec.metrics[SCORES]["synthetic"]
    assert scores["n"] == 16 * (len(load_pictures([trained], "synthetic")[1]) // 2)
    assert sum(count for _, _, count in spec.metrics["reliability"]["scores"]) == scores["n"]


def test_what_only_people_know_of_a_training_outlives_another_export(
    exported: Path, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(exported, tmp_path / "dots")
    before = json.loads((folder / "model.json").read_text())["training"]
    assert (before["recipe"], before["seed"], before["samples"]) == ("dots", 2016, 32)
    assert before["hardware"] == "two cores"
    assert json.loads((folder / "model.json").read_text())["trained_on"] == "60 dots"
    options = "--out", folder, "--data", trained
    assert call(export, monkeypatch, trained / "run", *options) == 0
    assert json.loads((folder / "model.json").read_text())["training"] == before


def test_what_is_known_of_another_run_is_not_kept(trained: Path, tmp_path: Path) -> None:
    before = {"recipe": "dots", "seed": 2016, "samples": 7, "hardware": "one abacus"}
    (tmp_path / "model.json").write_text(json.dumps({"training": before}))
    given = Namespace(hours=None, hardware=None, command="train dots")
    facts = export._facts(trained / "run", tmp_path, given)
    assert (facts["samples"], facts["command"]) == (32, "train dots")
    assert "hardware" not in facts


def test_figures_that_differ_from_model_json_are_named() -> None:
    found = {PCK: {"lsp": {"n": 2.0, "all": 74.2}, "new": {"all": 1.0}}}
    stated = {PCK: {"lsp": {"n": 2.0, "all": 74.4}}}
    assert differences(found, stated) == [
        "PCK@0.2 lsp all: 74.2 here, 74.4 there",
    ]
    assert differences(found, {PCK: {"lsp": {"n": 2.0, "all": 74.3}}}) == []


def test_nothing_is_written_where_data_is_missing(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DEFAULT_SETS, "mpii16", ["synthetic"])
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
    folder = ROOT / "assets/models/hourglass_1_small"
    with open_subject(folder, RUNTIME) as backbone:
        assert isinstance(backbone, Backbone)
        found = tables({"lsp": evaluate_pictures(backbone, load_pictures([shared], "lsp")[1])})
    stated = load_spec(folder).metrics
    assert all("lsp" in stated[metric] for metric in (PCK, PCKH, SCORES))
    assert differences(found, stated) == []


def test_a_lifter_is_measured_by_action(
    shared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ROOT / "assets/models/martinez"
    assert call(evaluate, monkeypatch, folder, "--sets", "mocap", "--data", shared) == 0
    _, columns, *rows = capsys.readouterr().out.splitlines()
    assert columns.split() == ["p1", "p2", "pck3d", "auc"]
    assert "mean" in [row.split()[0] for row in rows]
