"""The paper's lifter: its recipes, what it learns from, how it is measured, what is exported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from engine.models.model_spec import load_spec
from engine.skeleton import H36M17, MPII16
from engine.space.camera import project
from tests.training.moves import standing_clip, write_mocap
from training import ablation
from training.artifacts.lifter_export import export_lifter
from training.checkpoints.run_folder import load_trained
from training.datasets.lifting_sets import load_lifting, paper_inputs
from training.datasets.motion import four_cameras
from training.datasets.motion.lifting_set import LiftingSet
from training.datasets.motion.mocap import h36m17
from training.datasets.motion.ray_views import nothing_told
from training.evaluation.lifter_figures import evaluate_lifter, lift_with
from training.fit.callbacks import quiet
from training.fit.lifter import PaperLearner, open_lifter
from training.fit.lifter_samples import PairSamples
from training.models.martinez import INPUTS, Lifter, Martinez, PaperLifter
from training.recipes import RECIPES
from training.recipes.martinez import (
    LIFTER_RECIPES,
    SWITCHED_OFF,
    LifterRecipe,
    martinez,
    martinez_h36m_gt,
    martinez_h36m_sh,
    martinez_mocap_gt,
    martinez_weighted,
)
from training.train import open_trainer, train

SMALL = {"width": 16, "dropout": 0.5}
UNSAVED: dict[str, Any] = {"callbacks": [], "enable_checkpointing": False}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [write_mocap(tmp_path_factory.mktemp("data"))]


def small(recipe: LifterRecipe, **changes: object) -> LifterRecipe:
    """The recipe with a narrow network, for two epochs."""
    arguments = recipe.arguments | SMALL
    return replace(recipe, arguments=arguments, epochs=2, **changes)  # type: ignore[arg-type]


class TestRecipes:
    def test_the_papers_is_the_papers(self) -> None:
        recipe = martinez_h36m_gt()
        assert (recipe.epochs, recipe.batch, recipe.optimiser.learning_rate) == (200, 64, 1e-3)
        assert recipe.schedule.rate(5, 200, step=200_000) == pytest.approx(0.96**2)
        assert sum(p.numel() for p in recipe.build().network.parameters()) == 4_291_632

    def test_all_are_listed_under_their_own_name(self) -> None:
        assert all(RECIPES[name]().name == name for name in LIFTER_RECIPES)

    @pytest.mark.parametrize("part", SWITCHED_OFF)
    def test_ablation_takes_that_part_away(self, part: str) -> None:
        network = LIFTER_RECIPES[f"martinez_mocap_gt_without_{part}"]().build().network
        kinds = [type(module).__name__ for module in network.modules()]
        assert ("BatchNorm1d" in kinds) == ("batch_norm" not in part)
        assert (network.dropout.p == 0.5) == ("dropout" not in part)
        assert network.w1.max_norm == ("max_norm" not in part)
        assert all(stage.residual == (part != "residual") for stage in network.linear_stages)

    def test_only_the_shipped_ones_are_for_any_camera(self) -> None:
        one, other, papers = martinez().build(), martinez_weighted().build(), martinez_mocap_gt()
        assert isinstance(one, Lifter)
        assert isinstance(other, Lifter)
        assert (one.weighs, other.weighs) == (False, True)
        assert isinstance(papers.build(), PaperLifter)

    def test_the_weighing_one_goes_on_from_the_other(self) -> None:
        start = LIFTER_RECIPES[martinez_weighted().starts_from or ""]()
        ours, theirs = martinez_weighted().build().state_dict(), start.build().state_dict()
        assert {k: v.shape for k, v in ours.items()} == {k: v.shape for k, v in theirs.items()}


class TestFourCameras:
    def test_four_cameras_see_all_of_someone_who_stands(self) -> None:
        keypoints, joints, cameras = four_cameras.film(h36m17(standing_clip()))
        assert cameras.tolist() == [0, 1, 2, 3]
        head, ankle = H36M17.index("head_top"), H36M17.index("left_ankle")
        assert (keypoints[:, head, 1] + 200 < keypoints[:, ankle, 1]).all()
        assert not joints[:, 0].any()

    def test_keypoints_are_the_joints_seen(self) -> None:
        keypoints, joints, _ = four_cameras.film(h36m17(standing_clip()))
        ray = np.append(
            (keypoints[:, 0] - four_cameras.SIZE / 2) / four_cameras.FOCAL, np.ones((4, 1)), 1
        )
        errors = [
            np.abs(
                project(joints + (ray * far)[:, None], four_cameras.FOCAL, (500, 500)) - keypoints
            )
            for far in np.arange(4500, 6500, 5)[:, None, None] * np.ones((1, 4, 1))
        ]
        assert np.max(errors, axis=(2, 3)).min(axis=0).max() < 1.0  # pixels, at the right distance

    def test_who_walks_past_a_camera_is_seen_by_those_opposite(self) -> None:
        pose, away = h36m17(standing_clip()), np.array([0, 0, 6.5])
        _, _, cameras = four_cameras.film(np.concatenate([pose - away, pose + away]))
        assert cameras.tolist() == [1, 3, 0, 2]

    def test_actor_held_out_is_only_tested_on(self, data: list[Path]) -> None:
        training, test = load_lifting(data, "mocap")
        assert set(test.subjects) == {"tr"}
        assert set(training.subjects) == {"bd", "bk", "dg"}
        assert set(test.actions) == set(training.actions) == {"wave", "reach"}

    def test_shared_set_has_eleven_actions(self, shared: Path) -> None:
        training, test = load_lifting([shared], "mocap")
        assert len(set(test.actions)) == 11
        assert (len(training), len(test)) == (45312, 14356)


class TestSets:
    def test_unknown_names_say_what_there_is(self, data: list[Path]) -> None:
        with pytest.raises(ValueError, match="h36m_gt"):
            load_lifting(data, "h36m")
        with pytest.raises(ValueError, match="reach, wave"):
            load_lifting(data, "mocap", "juggle")

    def test_missing_human36m_says_where_it_is_published(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"vision\.imar\.ro"):
            load_lifting([tmp_path], "h36m_sh")

    def test_hourglass_detections_are_fed_as_in_the_paper(self) -> None:
        keypoints = np.random.default_rng(1).random((3, 16, 2), np.float32)
        names = np.array(["a"] * 3)
        views = LiftingSet(keypoints, np.zeros((3, 17, 3)), names, names, names, MPII16)
        fed = paper_inputs(views)
        assert np.array_equal(fed[:, INPUTS.index("spine")], keypoints[:, MPII16.index("thorax")])
        assert np.array_equal(
            fed[:, INPUTS.index("thorax")], keypoints[:, MPII16.index("upper_neck")]
        )


class TestSamples:
    def samples(self, data: list[Path], **changes: object) -> PairSamples:
        return PairSamples(small(martinez_mocap_gt(), **changes), data)

    def test_an_epoch_is_every_pair_once_in_an_order_of_its_own(self, data: list[Path]) -> None:
        samples = self.samples(data)
        count = samples.epoch_images
        first, second = (samples[0, list(range(start, start + count))][1] for start in (0, count))
        everything = np.sort(samples.joints.reshape(count, -1), axis=0)
        assert np.array_equal(np.sort(first.reshape(count, -1), axis=0), everything)
        assert not np.array_equal(first, second)

    def test_same_numbers_are_the_same_samples(self, data: list[Path]) -> None:
        one, other = self.samples(data, noise=10.0), self.samples(data, noise=10.0)
        other[0, list(range(300, 308))]
        assert np.array_equal(one[0, [0, 1, 2]][0], other[0, [0, 1, 2]][0])

    def test_noise_has_the_deviation_it_says(self, data: list[Path]) -> None:
        numbers = list(range(200))
        clean, noisy = (self.samples(data, noise=sigma)[0, numbers][0] for sigma in (0.0, 10.0))
        assert (noisy - clean).std() == pytest.approx(10, rel=0.05)

    def test_statistics_are_those_of_the_training_set(self, data: list[Path]) -> None:
        learner, _ = open_lifter(small(martinez_mocap_gt()), data)
        assert isinstance(learner, PaperLearner)
        samples = self.samples(data)
        standardised = learner.network.standardised(torch.from_numpy(samples.keypoints))
        moving = samples.keypoints.reshape(len(standardised), -1).std(axis=0) > 1
        assert standardised.mean(0)[moving].abs().max() < 1e-2
        assert standardised.std(0)[moving].mean() == pytest.approx(1, abs=0.01)


class TestRuns:
    def test_learns_and_looks_at_the_actor_held_out(self, data: list[Path], tmp_path: Path) -> None:
        torch.manual_seed(1)
        recipe = small(martinez_mocap_gt(), batch=8)
        learner, samples = open_lifter(recipe, data)
        before = evaluate_lifter(lift_with(recipe.build()), "mocap", data)["mean"]
        with quiet():
            open_trainer(tmp_path, recipe.epochs, **UNSAVED).fit(learner, samples)
        after = evaluate_lifter(lift_with(learner.average.module), "mocap", data)["mean"]
        assert after["p1"] < before["p1"] / 2
        assert (tmp_path / "curve.csv").read_text().splitlines()[0].endswith("p1,p2,pck3d,auc")

    def test_stopped_and_resumed_it_goes_the_same_way(
        self, data: list[Path], tmp_path: Path
    ) -> None:
        recipe = small(martinez_mocap_gt(), batch=32, noise=5.0)

        def weights(folder: Path, *stops: int) -> torch.Tensor:
            for epochs in stops:
                torch.manual_seed(recipe.seed)
                train(open_trainer(folder, epochs, logger=False), *open_lifter(recipe, data))
            found, network = load_trained(folder)
            assert found == recipe
            return torch.cat([p.detach().flatten() for p in network.parameters()])

        assert torch.equal(weights(tmp_path / "a", 1, 2), weights(tmp_path / "b", 2))

    @pytest.mark.parametrize("base", [martinez, martinez_weighted])
    def test_any_camera_is_trained_exported_and_measured(
        self, data: list[Path], tmp_path: Path, base: Callable[[], LifterRecipe]
    ) -> None:
        recipe = small(base(), batch=16)
        learner, samples = open_lifter(recipe, data)
        with quiet():
            open_trainer(tmp_path, recipe.epochs, max_steps=3, **UNSAVED).fit(learner, samples)
        assert "p1_without_legs" in (tmp_path / "curve.csv").read_text()
        lifter = learner.average.module
        assert isinstance(lifter, Lifter)
        export_lifter(recipe, lifter, tmp_path / "any", data, {"seed": 2017})
        metrics = load_spec(tmp_path / "any").metrics
        assert {"hdm05_actor_tr_held_out", "cmu_actions_last_fifth_held_out"} < set(metrics)
        assert {"tr_wave", "tr_reach"} < set(metrics)  # the actor's actions


class TestExport:
    def test_folder_lifts_as_the_network_did(self, data: list[Path], tmp_path: Path) -> None:
        recipe = replace(small(martinez_mocap_gt()), name="tiny")
        lifter = open_lifter(recipe, data)[0].network
        assert isinstance(lifter, PaperLifter)
        keypoints = paper_inputs(load_lifting(data, "mocap")[1])
        unheeded = np.ones(keypoints.shape[:2], np.float32), nothing_told(len(keypoints))
        before = lift_with(lifter)(keypoints, *unheeded)["joints"]
        export_lifter(recipe, lifter, tmp_path / "tiny", data, {})
        session = onnxruntime.InferenceSession(tmp_path / "tiny/model.onnx")
        assert session.run(["joints"], {"keypoints": keypoints})[0] == pytest.approx(before, abs=2)

    def test_folder_says_what_it_is(self, data: list[Path], tmp_path: Path) -> None:
        recipe = replace(martinez_h36m_sh(), data="mocap", arguments=SMALL, name="tiny")
        export_lifter(recipe, recipe.build(), tmp_path / "tiny", data, {})
        spec = load_spec(tmp_path / "tiny")
        spec.verify()
        assert (spec.task, spec.skeleton, spec.keypoints) == ("lift3d", H36M17, INPUTS)
        assert spec.feeds["mpii16"]["spine"] == "thorax"
        assert set(spec.metrics["mean"]) == {"p1", "p2", "pck3d", "auc"}
        assert "HDM05" in spec.licence


class TestAblation:
    def test_measured_rows_make_the_tables(self, tmp_path: Path) -> None:
        figures = {"p1": 70.1, "p2": 57.2, "pck3d": 88.0, "auc": 55.0, "steps": 9, "seconds": 1}
        key = {"run": ablation.BASE, "action": "mean", "sigma": 0}
        ablation.append(tmp_path / "runs" / "m.csv", [{**key, **figures}])
        tables = ablation.tables(ablation.read(tmp_path / "runs" / "m.csv"))
        assert f"| {ablation.BASE} | 70.1 | 57.2 | 88.0 | 55.0 | – | – |" in tables
        assert f"| {ablation.BASE}_without_residual | – |" in tables

    def test_nothing_measured_is_an_empty_table(self, tmp_path: Path) -> None:
        assert ablation.read(tmp_path / "none.csv") == {}

    def test_a_recipe_is_measured_by_action_and_noise(
        self, data: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(LIFTER_RECIPES, ablation.BASE, lambda: small(martinez_mocap_gt()))
        rows = list(ablation.measure(ablation.BASE, 1, data, tmp_path))
        assert {row["action"] for row in rows} == {"mean", "reach", "wave"}
        assert {row["sigma"] for row in rows} == {0, 5, 10, 15, 20}


def test_max_norm_bounds_every_matrix_as_it_acts() -> None:
    network = Martinez(width=64)
    with torch.no_grad():
        network.w1.weight.mul_(100)
    network.bake()
    assert network.w1.weight.norm().item() == pytest.approx(1, abs=1e-5)
