"""Several networks in one run: a time instead of a length, a teacher that learns itself."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.training.dots import dot_recipe, joint_recipe
from tests.training.runs import killed_at, rows, run, tick
from training import train as training
from training.checkpoints.run_folder import how_trained, load_trained
from training.checkpoints.safe import CheckpointError, read_checkpoint
from training.fit.backbone import found_by, loss_of
from training.fit.batches import TimedBatches, TimedLoader
from training.fit.callbacks import Pace
from training.fit.distillation import SHARE, mixed
from training.fit.learner import Learner
from training.fit.together import Together
from training.recipes.schedules import Schedule

TEACHER, STUDENT = "hourglass_1_small", "student"
SECONDS = 24  # twelve steps, and the one that is under way when they are over
STEPS = 13
Labelled = tuple[Tensor, Tensor, Tensor]  # pictures, targets, weights
ALONE = 5  # of the teacher


@pytest.fixture(autouse=True)
def a_step_takes_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pace, "_since", tick)


@pytest.fixture(scope="module")
def whole(dots: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Learner, Path]:
    """A run of two networks from start to end, and its folder."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pace, "_since", tick)
        return run(joint_recipe(SECONDS), dots, folder), folder


def test_each_network_leaves_a_checkpoint_and_a_curve(whole: tuple[Learner, Path]) -> None:
    learner, folder = whole
    for member, epochs in zip(learner.recipe.members, (3, 2), strict=True):  # type: ignore[attr-defined]
        recipe, network = load_trained(folder / member.name)
        assert recipe == member
        average = learner.average.module[member.name]  # type: ignore[index]
        for a, b in zip(network.parameters(), average.parameters(), strict=True):
            torch.testing.assert_close(a, b)
        curve = rows(folder / member.name)
        assert len(curve) == epochs
        assert float(curve[-1]["pck_synthetic"]) == float(curve[-1]["score"])


def test_the_teacher_learns(whole: tuple[Learner, Path]) -> None:
    losses = [float(row["loss"]) for row in rows(whole[1] / TEACHER)]
    assert losses == sorted(losses, reverse=True)


def test_a_checkpoint_tells_how_its_network_was_trained(whole: tuple[Learner, Path]) -> None:
    told = how_trained(whole[1] / STUDENT)
    assert (told["recipe"], told["teacher"]) == (STUDENT, TEACHER)
    assert told["samples"] == 4 * (STEPS - ALONE)
    assert how_trained(whole[1] / TEACHER)["samples"] == whole[0].samples
    assert told["command"] == "python -m training.train --together both --minutes 0.4"


def test_the_run_itself_is_no_network(whole: tuple[Learner, Path]) -> None:
    with pytest.raises(CheckpointError, match=f"several networks: name one of .*{STUDENT}"):
        load_trained(whole[1])


@pytest.mark.parametrize("seen", [24, 40, 60])
def test_a_run_that_was_killed_goes_on_where_it_stood(
    seen: int, dots: Path, whole: tuple[Learner, Path], tmp_path: Path
) -> None:
    """Before the student joins, when it does and after: no sample and no second is lost."""
    killed_at(seen, joint_recipe(SECONDS), dots, tmp_path)
    kept = read_checkpoint(tmp_path / "last.ckpt")["progress"]
    assert kept[0] in (seen, seen - 8)  # the last step of an epoch is not kept
    run(joint_recipe(SECONDS), dots, tmp_path)
    samples, seconds = read_checkpoint(tmp_path / "last.ckpt")["progress"]
    assert samples == pytest.approx(whole[0].samples, abs=8)
    assert seconds == pytest.approx(2 * STEPS, abs=2)
    assert len(rows(tmp_path / STUDENT)) == 2


def test_a_finished_run_is_left_as_it_is(dots: Path, whole: tuple[Learner, Path]) -> None:
    run(joint_recipe(SECONDS), dots, whole[1])
    assert len(rows(whole[1] / TEACHER)) == 3


def test_a_single_network_can_have_a_time_too(dots: Path, tmp_path: Path) -> None:
    schedule = Schedule("linear", minutes=8 / 60)
    assert run(dot_recipe(schedule=schedule), dots, tmp_path).samples == 5 * 8
    assert [row["samples"] for row in rows(tmp_path)] == ["24", "40"]


def test_an_epoch_that_is_over_before_it_begins_is_passed_over(dots: Path, tmp_path: Path) -> None:
    run(joint_recipe(seconds=2), dots, tmp_path)
    assert len(rows(tmp_path / TEACHER)) < 3


def pulls(loss: Tensor, module: Together, name: str) -> bool:
    """Whether a network's parameters have a gradient of that loss."""
    parameters = list(module.network[name].parameters())
    gradients = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
    return any(gradient is not None for gradient in gradients)


class TestTeacher:
    @pytest.fixture
    def module(self) -> Together:
        torch.manual_seed(0)
        return Together(joint_recipe(SECONDS))

    @pytest.fixture
    def batch(self) -> Labelled:
        torch.manual_seed(1)
        image = torch.randint(0, 256, (2, 64, 64, 3), dtype=torch.uint8)
        return image, torch.rand(2, 16, 16, 16), (torch.rand(2, 16) > 0.3).float()

    def test_learns_alone_until_students_join(self, module: Together, batch: Labelled) -> None:
        loss = module.loss((*batch, 0))
        assert list(module.losses) == [TEACHER]
        assert (pulls(loss, module, TEACHER), pulls(loss, module, STUDENT)) == (True, False)

    @pytest.mark.parametrize(("epoch", "share"), [(1, SHARE / 2), (2, SHARE)])
    def test_is_heard_with_a_share_that_rises_to_one_half(
        self, epoch: int, share: float, module: Together, batch: Labelled
    ) -> None:
        image, targets, weights = batch
        total = module.loss((*batch, epoch))
        teacher, student = module.recipe.members
        seen = found_by(teacher, module.network[TEACHER], image)[-1].clamp(0, 1)
        found = found_by(student, module.network[STUDENT], image)
        goal = mixed(targets, weights, seen, share)
        torch.testing.assert_close(module.losses[STUDENT], loss_of(student, found, *goal, 10.0))
        torch.testing.assert_close(total, module.losses[TEACHER] + module.losses[STUDENT])

    def test_hears_nothing_of_its_students(self, module: Together, batch: Labelled) -> None:
        module.loss((*batch, 2))
        loss = module.losses[STUDENT]
        assert (pulls(loss, module, STUDENT), pulls(loss, module, TEACHER)) == (True, False)


class TestTime:
    def test_batches_are_of_the_moment_they_are_drawn_at(self) -> None:
        moments = iter([(0, 4), (0, 4), (1, 2)])
        drawn = iter(TimedBatches(lambda: 8, lambda: next(moments), rank=1, world=2))
        assert [next(drawn) for _ in range(3)] == [(0, [9, 11]), (0, [13, 15]), (1, [17])]

    def test_a_resumed_run_draws_what_its_time_asks_for(self) -> None:
        module = Together(joint_recipe(SECONDS))
        assert module.now(parts=1) == (0, 8)
        module.on_load_checkpoint({"progress": [56, 17.0], "learned": {TEACHER: 56, STUDENT: 16}})
        assert module.now(parts=2) == (2, 2)

    def test_what_was_drawn_ahead_begins_the_next_epoch(self) -> None:
        over = iter([False, True, False, False, True])
        loader = TimedLoader(range(9), lambda: next(over))
        assert (list(loader), list(loader)) == ([0], [1, 2])

    def test_the_rate_of_a_student_begins_when_it_joins(self) -> None:
        module = Together(joint_recipe(SECONDS))
        teacher, student = module.recipe.members
        rates = []
        for module.told in np.array([0.5, 1.0, 1.6, 2.0, 3.0]) * SECONDS / 3:
            rates.append([module._rate(member, 0) for member in (teacher, student)])
        assert rates[0] == [pytest.approx(0.93, abs=0.01), 0.01]
        assert rates[1][1] == 0.01
        assert [student for _, student in rates[2:]] == pytest.approx([0.79, 0.5, 0], abs=0.01)


class TestCommand:
    def call(self, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["training.train", *map(str, arguments)])
        return training.main()

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (
                ["--together", "hourglass_2", "hourglass_3"],
                "No network hourglass_3 to train togeth",
            ),
            (["--together", "hourglass_2", "--minutes", "0"], "--minutes 0: a run has more than 0"),
            (["--together", "hourglass_2", "--seed", "1"], "--seed goes with a recipe, not with"),
            (["hourglass_3"], "No recipe hourglass_3."),
        ],
    )
    def test_what_there_is_not_is_one_line(
        self,
        arguments: list[str],
        said: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        assert self.call(monkeypatch, *arguments) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"sandglass: {said}")
