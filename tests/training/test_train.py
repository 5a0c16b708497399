"""The loop: it learns, resumes where it was killed, keeps what it needs and says what it did."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch.optim.swa_utils import AveragedModel

from tests.training.dots import dot_recipe
from tests.training.runs import killed_at, rows, run
from training import train as training
from training.checkpoints.run_folder import load_trained, recipe_in, start_from
from training.checkpoints.safe import CheckpointError, read_checkpoint
from training.fit.average import follow
from training.fit.backbone import open_backbone
from training.fit.batches import EpochBatches
from training.fit.callbacks import Pace
from training.fit.learner import Learner
from training.fit.picture_samples import PictureSamples
from training.recipes import RECIPES
from training.recipes.schedules import Schedule
from training.train import open_trainer, train

STEPS = 20  # of a whole run


@pytest.fixture(scope="module")
def whole(dots: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Learner, Path]:
    """A run from start to end, and its folder."""
    folder = tmp_path_factory.mktemp("whole")
    return run(dot_recipe(), dots, folder), folder


@pytest.mark.parametrize("seen", [40, 80, 120])
def test_a_run_that_was_killed_goes_the_way_it_would_have_gone(
    seen: int, dots: Path, whole: tuple[Learner, Path], tmp_path: Path
) -> None:
    """In the middle of an epoch or at its end: weights and average come out the same."""
    killed_at(seen, dot_recipe(), dots, tmp_path)
    resumed = run(dot_recipe(), dots, tmp_path)
    expected = whole[0].state_dict()
    for name, value in resumed.state_dict().items():
        torch.testing.assert_close(value, expected[name], rtol=0, atol=0)
    assert rows(tmp_path)[-1]["loss"]
    assert rows(tmp_path)[-1]["samples"] == "160"


def test_with_accumulation_it_is_saved_between_two_optimiser_steps(
    dots: Path, tmp_path: Path
) -> None:
    recipe, parts = dot_recipe(), {"accumulate_grad_batches": 2}
    uncut = run(recipe, dots, tmp_path / "whole", **parts)
    assert uncut.trainer.global_step == STEPS
    killed_at(44, recipe, dots, tmp_path / "cut", **parts)
    resumed = run(recipe, dots, tmp_path / "cut", **parts)
    for a, b in zip(uncut.parameters(), resumed.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


def test_it_learns_and_says_so(whole: tuple[Learner, Path]) -> None:
    first, last = rows(whole[1])
    assert float(last["loss"]) < 0.8 * float(first["loss"])
    assert float(last["samples_per_second"]) > 0
    assert 0 <= float(last["waiting"]) <= 1
    assert float(last["pck_synthetic"]) == float(last["score"])


def test_the_log_shows_pictures_with_what_was_found(whole: tuple[Learner, Path]) -> None:
    log = EventAccumulator(str(whole[1] / "tensorboard"))
    log.Reload()
    assert log.Tags()["images"] == ["synthetic"]
    assert {"score", "samples_per_second", "waiting"} <= set(log.Tags()["scalars"])


def test_a_checkpoint_carries_its_recipe_and_the_average(whole: tuple[Learner, Path]) -> None:
    recipe, network = load_trained(whole[1])
    assert recipe == dot_recipe()
    for a, b in zip(network.parameters(), whole[0].average.module.parameters(), strict=True):
        torch.testing.assert_close(a, b)


def test_a_finished_run_is_left_as_it_is(
    dots: Path, whole: tuple[Learner, Path], tmp_path: Path
) -> None:
    again = run(dot_recipe(), dots, whole[1])
    assert len(rows(whole[1])) == 2
    for a, b in zip(again.parameters(), whole[0].parameters(), strict=True):
        torch.testing.assert_close(a, b)


def test_the_folder_of_another_recipe_is_refused(dots: Path, whole: tuple[Learner, Path]) -> None:
    with pytest.raises(ValueError, match="is a run of dots: give --run another folder"):
        run(dot_recipe(name="others"), dots, whole[1])


def test_a_changed_recipe_goes_on_and_says_what_changed(
    dots: Path, whole: tuple[Learner, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run(dot_recipe(ema=0.9), dots, whole[1])
    assert "ema was 0.5, goes on with 0.9" in capsys.readouterr().out


def test_a_plateau_lowers_the_rate(dots: Path, tmp_path: Path) -> None:
    stage = replace(dot_recipe().stages[0], epochs=3)
    schedule = Schedule("plateau", factor=0.2, patience=0)
    recipe = dot_recipe(stages=(stage,), epoch_images=8, schedule=schedule)

    class Stuck(type(open_backbone(recipe, [dots])[0])):  # type: ignore[misc]
        def look(self) -> dict[str, float]:
            return {"score": 1.0}

    samples = open_backbone(recipe, [dots])[1]
    samples.workers = 0
    train(open_trainer(tmp_path, recipe.epochs), Stuck(recipe), samples)
    rates = [float(row["learning_rate"]) for row in rows(tmp_path)]
    assert rates == pytest.approx([2e-3, 2e-3, 4e-4])


class TestAverage:
    def test_without_memory_it_is_the_network(self) -> None:
        network = torch.nn.Linear(2, 2)
        average = AveragedModel(network, multi_avg_fn=follow(0.0))
        for step in range(3):
            network.weight.data.fill_(step)
            average.update_parameters(network)
        torch.testing.assert_close(average.module.weight, network.weight)

    def test_it_starts_short(self) -> None:
        average, current = torch.zeros(1), torch.ones(1)
        follow(0.999)([average], [current], 1)
        assert float(average) == pytest.approx(1 - 2 / 11)

    def test_every_stage_starts_it_afresh(self, whole: tuple[Learner, Path]) -> None:
        assert whole[0].state_dict()["average.n_averaged"] == STEPS / 2


class TestSamples:
    def test_a_resumed_epoch_goes_on_where_it_was(self) -> None:
        batches = EpochBatches(40, 8, lambda: 56)
        assert len(batches) == 5
        assert [(epoch, numbers[0]) for epoch, numbers in batches] == [(1, 56), (1, 64), (1, 72)]

    def test_processes_share_every_batch(self) -> None:
        shares = [list(EpochBatches(16, 8, lambda: 0, rank, 2)) for rank in (0, 1)]
        assert [sorted(a + b) for (_, a), (_, b) in zip(*shares, strict=True)] == [
            list(range(8)),
            list(range(8, 16)),
        ]

    def test_a_single_set_is_gone_through_once_a_round(self, dots: Path) -> None:
        samples = PictureSamples(dot_recipe(epoch_images=None), [dots])
        count = len(samples.training["synthetic"])
        assert samples.epoch_images == count
        stage, rng = samples.recipe.stages[0], np.random.default_rng(0)
        for turn in (0, 1):
            drawn = [samples._draw(turn * count + i, stage, rng).encoded for i in range(count)]
            assert len(set(drawn)) == count

    def test_a_batch_that_does_not_divide_is_one_line(self, dots: Path, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="A batch of 8 does not divide into 3 parts"):
            run(dot_recipe(), dots, tmp_path, accumulate_grad_batches=3)


def test_the_pace_tells_work_from_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 1.0, 4.0, 5.0, 8.0])
    monkeypatch.setattr("training.fit.callbacks.time.monotonic", lambda: next(moments))
    pace = Pace()
    for _ in range(2):
        pace.start()
        pace.end(16)
    assert pace.figures() == {"samples_per_second": 4.0, "waiting": 0.25}


class TestWeights:
    def test_of_another_run_start_a_new_one(self, whole: tuple[Learner, Path]) -> None:
        network = dot_recipe().build()
        assert "parameters of the network are in" in start_from(network, whole[1])
        expected = whole[0].average.module.state_dict()
        for name, value in network.state_dict().items():
            torch.testing.assert_close(value, expected[name])

    def test_of_imagenet_start_all_but_the_head(self, tmp_path: Path) -> None:
        recipe = dot_recipe(network="hrnet_w18_small", arguments={})
        state = {k: v for k, v in recipe.build().state_dict().items() if "final_layer" not in k}
        torch.save({**state, "classifier.weight": torch.zeros(1000, 8)}, tmp_path / "imagenet.pth")
        network = recipe.build()
        said = start_from(network, tmp_path / "imagenet.pth")
        assert said.startswith(f"{len(state)} of {len(state) + 2} parameters")
        torch.testing.assert_close(network.state_dict()["conv1.weight"], state["conv1.weight"])

    def test_of_another_network_are_refused(self, whole: tuple[Learner, Path]) -> None:
        other = dot_recipe(network="hrnet_w18_small", arguments={}).build()
        with pytest.raises(CheckpointError, match=r"Only \d+ of \d+ .* another network"):
            start_from(other, whole[1])

    def test_a_file_that_is_something_else_is_one_line(self, tmp_path: Path) -> None:
        file = tmp_path / "other.ckpt"
        torch.save({"weights": torch.zeros(2)}, file)
        with pytest.raises(CheckpointError, match="names no recipe"):
            recipe_in(read_checkpoint(file), file)
        torch.save({"recipe": {**asdict(dot_recipe()), "mood": "good"}}, file)
        with pytest.raises(CheckpointError, match=r"another version of the recipes .*mood"):
            load_trained(file)
        with pytest.raises(FileNotFoundError, match="No checkpoint at"):
            load_trained(tmp_path / "nowhere")


class TestCommand:
    def call(self, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["training.train", *map(str, arguments)])
        return training.main()

    def test_a_missing_data_set_is_one_line(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        places = "--data", tmp_path, "--run", tmp_path / "run"
        assert self.call(monkeypatch, "hourglass_8_mpii", *places) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
        assert not (tmp_path / "run").exists()

    def test_a_trial_of_a_few_steps_keeps_nothing(
        self, dots: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(RECIPES, "dots", dot_recipe)
        places = "--data", dots, "--run", tmp_path / "run"
        assert self.call(monkeypatch, "dots", *places, "--max-steps", 2, "--limit", 8) == 0
        assert not list((tmp_path / "run").glob("**/*"))

    def test_a_run_that_goes_on_may_draw_other_samples(
        self, dots: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(RECIPES, "dots", dot_recipe)
        run = tmp_path / "run"
        assert self.call(monkeypatch, "dots", "--data", dots, "--run", run, "--seed", 7) == 0
        assert load_trained(run)[0].seed == 7
        assert dot_recipe().seed != 7
