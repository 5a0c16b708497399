"""The int8 form of a model folder: measured, and kept only where it is as good."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.models.model_spec import MODELS, Int8Form, ModelSpec, load_spec
from engine.skeleton import MPII16
from tests.conftest import DotRuntime
from tests.training.blocks import write_data
from training.artifacts import int8_trials, quantise
from training.artifacts.int8_trials import PICTURES, calibration_crops, calibration_frames, trial_of
from training.artifacts.quantise import ALLOWED, FILE
from training.datasets.picture_sets import load_pictures
from training.datasets.scenes import read_scenes
from training.evaluation.figures import PCK

SET = "synthetic"
FINDER = MODELS / "person_finder"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model whose int8 form reads dots by their colour, whatever the file."""

    def write(spec: ModelSpec, trial: object) -> Int8Form:
        (spec.folder / FILE).write_bytes(b"int8")
        return Int8Form(spec.folder / FILE, "of int8")

    monkeypatch.setattr(quantise, "_write", write)
    monkeypatch.setattr(int8_trials, "OpenVINORuntime", lambda spec, precision: DotRuntime())
    monkeypatch.setattr(ModelSpec, "verify", lambda _: None)
    facts = {
        "name": "dots",
        "task": "pose2d",
        "title": "Dots",
        "architecture": "dots",
        "keypoints": MPII16.keypoints,
        "skeleton": MPII16.name,
        "sha256": "",
    }
    (tmp_path / "model.json").write_text(json.dumps(facts))
    return tmp_path


def state(folder: Path, figure: float, **more: object) -> None:
    """Model.onnx has that figure."""
    facts: dict[str, Any] = json.loads((folder / "model.json").read_text())
    metrics = {PCK: {SET: {"n": 200.0, "all": figure}, f"full_{SET}": {"all": 100.0}}}
    (folder / "model.json").write_text(json.dumps({**facts, "metrics": metrics, **more}))


def test_a_form_that_is_as_good_is_kept_with_its_own_figures(folder: Path, dots: Path) -> None:
    state(folder, 0.0)
    assert quantise.quantise(folder, [dots]).startswith(f"Kept: {SET} falls by -")
    form = load_spec(folder).int8
    assert form is not None
    assert (form.file, form.sha256) == (folder / FILE, "of int8")
    assert form.metrics[PCK][SET]["all"] > 90
    assert form.metrics["command"].endswith(f"--sets {SET} --runtime dots --precision int8")
    (folder / FILE).unlink()
    state(folder, form.metrics[PCK][SET]["all"] + ALLOWED)
    assert quantise.quantise(folder, [dots]).startswith(f"Kept: {SET} falls by {ALLOWED}")
    assert (folder / FILE).is_file()


def test_a_form_that_is_worse_is_taken_away_the_earlier_one_too(folder: Path, dots: Path) -> None:
    (folder / FILE).write_bytes(b"earlier")
    state(folder, 100.1 + ALLOWED, int8={"file": FILE, "sha256": "earlier"})
    assert quantise.quantise(folder, [dots]).startswith(f"Not kept: {SET} falls by ")
    assert load_spec(folder).int8 is None
    assert not (folder / FILE).exists()


def test_crops_come_from_the_training_half_alone(folder: Path, dots: Path) -> None:
    crops = calibration_crops(load_spec(folder), [SET], [dots])
    training, held_out = load_pictures([dots], SET)
    assert len(training) < PICTURES  # so that some come twice
    assert len(crops) == PICTURES
    assert crops[0].shape == (1, 256, 256, 3)
    assert len({crop.tobytes() for crop in crops}) == len(training)
    assert all(np.ptp(crop) > 0 for crop in crops)
    assert held_out


def test_frames_come_from_the_everyday_pictures_that_were_learned_from(tmp_path: Path) -> None:
    write_data(tmp_path)
    frames = calibration_frames(load_spec(FINDER), [tmp_path])
    scenes = read_scenes(tmp_path / "people.zip", "people", learning=True)
    assert len(frames) == PICTURES
    assert frames[0].shape == (1, 192, 256, 3)
    assert len({frame.tobytes() for frame in frames}) == len(scenes.training)
    assert scenes.held_out


def test_a_finder_is_judged_by_its_ap_and_by_whom_it_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_data(tmp_path)
    spec = load_spec(FINDER)
    found = {"false persons": {"2 % false": {"big people": 70.0}}}
    after = {"what": "percent", "AP": {"people (agreement)": {"AP": 40.0}}, **found}
    monkeypatch.setattr(int8_trials, "measured", lambda *_: after)
    before = {"AP": {"people (agreement)": {"AP": 42.0}}, **found}
    judged = trial_of(replace(spec, metrics=before), [tmp_path]).judge(spec)
    assert judged.falls == {"people (agreement)": 2.0, "2 % false": 0.0}


@pytest.mark.parametrize(
    ("metrics", "says"), [({}, "has no figures to compare"), ({PCK: {"flic": {"all": 1}}}, "FLIC")]
)
def test_what_cannot_be_compared_is_one_line(
    folder: Path,
    dots: Path,
    metrics: dict[str, object],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    facts = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(facts | {"metrics": metrics}))
    monkeypatch.setattr(sys, "argv", ["quantise", str(folder), "--data", str(dots)])
    assert quantise.main() == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
