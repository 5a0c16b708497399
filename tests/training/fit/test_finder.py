"""A finder is trained, measured and exported; its losses and figures say what they should."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.models.model_spec import load_spec
from engine.people.centres import encode
from engine.people.finder import FoundPerson
from engine.types import Box
from tests.training.blocks import scene_of, write_data
from training import evaluate_finding
from training.artifacts import int8_trials
from training.artifacts.finder_export import export_finder
from training.checkpoints.run_folder import how_trained, load_trained
from training.evaluation.evaluator import open_subject
from training.evaluation.finder_figures import (
    answers,
    average_precision,
    highest,
    overlaps,
    quick_figures,
    scores_of_people,
    threshold_at,
)
from training.evaluation.finder_tables import PARTS
from training.fit.finder import TorchRuntime, box_loss, centre_loss, finder_in_torch, point_loss
from training.models.person_finder import PersonFinder
from training.recipes.person_finder import FinderRecipe, person_finder_first
from training.train import open_run, open_trainer, train

BOXES = np.array([[16, 8, 56, 88], [70, 30, 110, 120]], np.float32)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("blocks")
    write_data(folder)
    return folder


def recipe() -> FinderRecipe:
    """Two epochs of eight samples at 64²."""
    return replace(person_finder_first(), epochs=2, epoch_images=8, batch=4, input_size=(64, 64))


def truth() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    points = np.repeat(BOXES[:, None, :2], 17, axis=1)
    maps = encode(BOXES, points, (16, 16))
    centers, boxes, ways = (
        torch.from_numpy(m[None]) for m in (maps.centers, maps.boxes, maps.points)
    )
    return centers, boxes, ways


def everybody(image: np.ndarray) -> list[FoundPerson]:
    """Both people, and with half the score somebody who is not there."""
    others = np.array([[130, 5, 150, 60]])
    points = np.zeros((17, 2), np.float32)
    boxes = np.concatenate([BOXES, others]).tolist()
    scored = zip(boxes, (0.9, 0.8, 0.4), strict=True)
    return [FoundPerson(Box(x1, y1, x2, y2, score), points) for (x1, y1, x2, y2), score in scored]


class TestLosses:
    def test_nothing_is_left_to_learn_where_all_is_right(self) -> None:
        centers, boxes, points = truth()
        sure = torch.where(centers == 1, 20.0, -20.0)
        assert centre_loss(sure, centers, torch.ones_like(centers)) < 1e-6
        assert box_loss(boxes.nan_to_num(1), boxes, centers) < 1e-5
        assert point_loss(points.nan_to_num(), points, boxes, centers) < 1e-5

    def test_who_nobody_knows_of_is_neither_right_nor_wrong(self) -> None:
        centers, _, _ = truth()
        logits = torch.where(centers == 1, 20.0, -20.0)
        logits[..., 15, 15] = 5.0
        known = torch.ones_like(centers)
        assert centre_loss(logits, centers, known) > 1
        known[..., 15, 15] = 0
        assert centre_loss(logits, centers, known) < 1e-6

    def test_a_centre_that_is_missed_weighs_on_every_picture_even_one_with_nobody(self) -> None:
        centers, _, _ = truth()
        known = torch.ones_like(centers)
        assert centre_loss(torch.full_like(centers, -5.0), centers, known) > 4
        nobody = torch.zeros_like(centers)
        assert centre_loss(torch.full_like(centers, -20.0), nobody, known) < 1e-6

    def test_boxes_apart_cost_more_than_boxes_that_touch(self) -> None:
        centers, boxes, _ = truth()
        found = boxes.nan_to_num(1)
        right, half, tiny = (float(box_loss(found * f, boxes, centers)) for f in (1, 0.5, 0.05))
        assert right < half < tiny

    def test_keypoints_not_known_do_not_count(self) -> None:
        centers, boxes, points = truth()
        found = points.nan_to_num().clone()
        found[:, :2] += 50
        assert point_loss(found, points, boxes, centers) > 0.01
        points[:, :2] = torch.nan
        assert point_loss(found, points, boxes, centers) < 1e-5


class TestFigures:
    def test_overlaps_are_shares_of_what_both_cover(self) -> None:
        boxes = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [50, 50, 60, 60]])
        np.testing.assert_allclose(overlaps(boxes[:1], boxes), [[1, 1 / 3, 0]], atol=1e-6)

    def test_people_are_counted_with_the_score_of_their_box(self) -> None:
        found = answers(everybody, [scene_of(*BOXES.tolist()), scene_of()])
        assert scores_of_people(found).tolist() == [0.9, 0.8]
        assert scores_of_people(found, (0.7, 1.0)).tolist() == [0.8]
        assert scores_of_people(found, alone=True).tolist() == []
        assert highest(found).tolist() == [0.9, 0.9]
        assert threshold_at(found, 0.5) == pytest.approx(0.9)

    def test_a_false_box_costs_precision_unless_nobody_knows(self) -> None:
        scene = scene_of(*BOXES.tolist())
        doubted = replace(scene, unknown=np.array([[130, 5, 150, 60]], np.float32))
        assert average_precision(answers(everybody, [doubted]))["AP"] == pytest.approx(100)
        missed = scene_of(*BOXES.tolist(), (0, 100, 20, 119))
        assert average_precision(answers(everybody, [missed]))["AP50"] < 70
        assert average_precision(answers(lambda _: [], [scene]))["AP"] == 0

    def test_quick_figures_take_the_threshold_from_empty_pictures(self) -> None:
        full, empty = scene_of(*BOXES.tolist()), [scene_of()]
        held_out = {"people": [full], "coco": [full], "rooms": empty, "nobody": empty}

        def careful(image: np.ndarray) -> list[FoundPerson]:
            return everybody(image) if image.max() > 200 else everybody(image)[2:]

        figures = quick_figures(careful, held_out)
        assert figures["threshold"] == pytest.approx(0.4)
        assert (figures["score"], figures["false_rooms"]) == (1.0, 0.0)


class TestNetwork:
    def test_it_answers_for_every_cell_and_begins_by_seeing_nobody(self) -> None:
        outputs = TorchRuntime(PersonFinder()).run({"image": np.zeros((2, 64, 96, 3), np.uint8)})
        channels = {name: values.shape[1] for name, values in outputs.items()}
        assert channels == {"centers": 1, "boxes": 4, "points": 34}
        assert {(v.shape[0], *v.shape[2:]) for v in outputs.values()} == {(2, 8, 12)}
        assert 0 < outputs["centers"].max() < 0.2
        assert outputs["boxes"].min() > 0


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    learner, samples = open_run(recipe(), [data])
    train(open_trainer(folder, 2), learner, samples)
    return folder


class TestRun:
    def test_a_run_leaves_its_recipe_its_average_and_its_curve(self, trained: Path) -> None:
        found, network = load_trained(trained)
        assert found == recipe()
        assert isinstance(network, PersonFinder)
        assert how_trained(trained)["samples"] == 16
        header, *rows = (trained / "curve.csv").read_text().splitlines()
        assert {"ap", "score", "false_rooms"} <= set(header.split(","))
        assert len(rows) == 2

    def test_it_is_exported_with_its_figures_and_finds_the_same(
        self,
        trained: Path,
        data: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(int8_trials, "PICTURES", 20)
        found, network = load_trained(trained)
        assert isinstance(found, FinderRecipe)
        export_finder(found, network, tmp_path / "blocks", [data], {"recipe": found.name})
        assert "(person_finder_first, model_int8.zip)" in capsys.readouterr().out
        spec = load_spec(tmp_path / "blocks")
        assert (spec.task, spec.input_size) == ("find_people", (64, 64))
        assert spec.metrics["pictures"]["people"] == {"n": 3}
        assert set(PARTS) <= set(spec.metrics)
        figures = tmp_path / "figures.json"
        command = [
            "evaluate_finding",
            str(spec.folder),
            "--data",
            str(data),
            "--json",
            str(figures),
        ]
        monkeypatch.setattr(sys, "argv", command)
        assert evaluate_finding.main() == 0
        assert "false in rooms" in figures.read_text()

    def test_who_measures_backbones_is_sent_on(self, trained: Path) -> None:
        with pytest.raises(ValueError, match="evaluate_finding"), open_subject(trained):
            pass

    def test_another_model_is_refused(
        self,
        tmp_path: Path,
        data: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["evaluate_finding", str(tmp_path), "--data", str(data)])
        assert evaluate_finding.main() == 2
        assert "is not a model folder" in capsys.readouterr().err


def test_a_network_under_training_finds_as_the_engine_does() -> None:
    finder = finder_in_torch(recipe(), PersonFinder())
    assert finder.find(np.zeros((48, 64, 3), np.uint8), threshold=0.5) == []
