"""The ray lifter learns: what it is given, its losses, its figures, how its spread is made true."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.models.model_spec import CAMERA
from tests.training.moves import standing_clip, write_mocap
from training.datasets.motion.moves import Moves, join
from training.datasets.motion.ray_views import RayBatch, batch, nothing_told
from training.evaluation.lifter_figures import lift_with, view_figures
from training.evaluation.spread import calibrate, held_out_views, off
from training.fit.ray_lifter import RayLearner
from training.models.ray_lifter import OneView, OverTime, RayLifter
from training.recipes.ray_lifter import RAY_RECIPES

COLUMN = {name: i for i, name in enumerate(CAMERA)}


@pytest.fixture
def moves() -> Moves:
    return join([standing_clip()])


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.fixture
def views(moves: Moves, rng: np.random.Generator) -> RayBatch:
    return batch(moves, rng, 300)


class TestViews:
    def test_each_part_of_the_camera_is_known_in_some(self, views: RayBatch) -> None:
        camera = views[2]
        guessed = np.isclose(camera[:, 0], nothing_told(1)[0, 0])
        tilted, measured = (
            camera[:, COLUMN["tilt_known"]] > 0,
            camera[:, COLUMN["body_height_m"]] > 0,
        )
        for share in (guessed, tilted, measured):
            assert 0.3 < share.mean() < 0.7
        assert not camera[~tilted, COLUMN["pitch_deg"]].any()

    def test_up_is_what_pitch_says(self, views: RayBatch) -> None:
        _, _, camera, _, up, _ = views
        tilted = camera[:, COLUMN["tilt_known"]] > 0
        looks_down = np.degrees(np.arcsin(-up[:, 2]))
        off = looks_down[tilted] - camera[tilted, COLUMN["pitch_deg"]]
        assert np.abs(off).max() < 6  # degrees; it is known to about one

    def test_over_time_the_last_frame_is_now(self, moves: Moves, rng: np.random.Generator) -> None:
        keypoints, visible, *_ = batch(moves, rng, 200, window=27)
        assert keypoints.shape == (200, 27, 16, 2)
        assert (visible[:, -1].max(axis=1) > 0).mean() > 0.9
        assert not visible[:, :-1].any()  # the clip has one frame: nothing was before

    def test_what_was_not_captured_counts_nothing(self, rng: np.random.Generator) -> None:
        clip = standing_clip()
        headless = {k: v for k, v in clip.joints.items() if k not in ("head", "neck", "head_top")}
        clip.joints.clear()
        clip.joints.update(headless)
        keypoints, visible, _, joints, _, known = batch(join([clip]), rng, 50)
        assert np.isfinite(keypoints).all()
        assert np.isfinite(joints).all()
        assert (known.sum(axis=1) == 15).all()
        assert not visible[:, 9].any()  # head_top among the inputs


class TestLearning:
    @pytest.mark.parametrize("name", ["ray_lifter", "ray_lifter_over_time"])
    def test_learns_a_handful_of_views(
        self, name: str, moves: Moves, rng: np.random.Generator
    ) -> None:
        torch.manual_seed(0)
        recipe = RAY_RECIPES[name]()
        lifter = RayLifter(recipe.trunk, 64)
        learner = RayLearner(recipe, lifter, moves)
        some = [torch.from_numpy(a) for a in batch(moves, rng, 32, recipe.trunk.window)]
        optimiser = torch.optim.Adam(lifter.parameters(), 5e-3)
        losses = []
        for _ in range(40):
            loss = learner.loss(tuple(some))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            losses.append(float(loss.detach()))
        assert losses[-1] < losses[0] / 4

    def test_a_recipe_without_a_source_says_so(self) -> None:
        assert RAY_RECIPES["ray_lifter_without_hdm05"]().without == ("hdm05",)


class TestFigures:
    @pytest.mark.parametrize("trunk", [OneView, OverTime])
    def test_figures_tell_what_was_known(self, trunk: type[OneView], moves: Moves) -> None:
        figures = view_figures(lift_with(RayLifter(trunk, 32)), moves.poses.repeat(20, axis=0))
        assert {"p1", "p1_focal", "p1_tilt", "p1_tilt_height", "up_off_degrees"} <= figures.keys()
        assert 0 <= figures["within_1_sigma"] <= figures["within_2_sigma"] <= 100

    def test_calibrated_the_spread_holds_as_much_as_it_should(self, tmp_path: Path) -> None:
        data, lifter = [write_mocap(tmp_path)], RayLifter(OneView, 32)
        calibrate(lifter, data)
        assert lifter.calibration != 1
        deviations = off(lifter, held_out_views(1, data, "actor", 1))
        assert 55 < 100 * (deviations < 1).mean() < 80
