"""Two processes train as one does, over gloo, as several GPUs and nodes do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.training.fit import test_together as together
from tests.training.runs import rows
from tests.training.test_train import STEPS
from training.checkpoints.run_folder import how_trained
from training.checkpoints.safe import read_checkpoint

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trained(dots: Path) -> Path:
    """What tests/training/two_processes.py leaves."""
    command = [sys.executable, "-m", "tests.training.two_processes", str(dots)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return dots


@pytest.mark.parametrize("run", ["alone", "together"])
def test_both_processes_end_with_the_same_weights(run: str, trained: Path) -> None:
    first, second = (torch.load(trained / run / f"rank_{rank}.pt") for rank in (0, 1))
    for name, value in first.items():
        if "running" not in name:  # each process has statistics of its own half
            torch.testing.assert_close(value, second[name])


def test_they_go_through_the_samples_and_steps_of_one_process(trained: Path) -> None:
    assert read_checkpoint(trained / "alone" / "last.ckpt")["global_step"] == STEPS
    assert [row["samples"] for row in rows(trained / "alone")] == ["80", "160"]


def test_networks_that_learn_together_go_by_one_clock(trained: Path) -> None:
    teacher, student = (
        how_trained(trained / "together" / name)["samples"]
        for name in (together.TEACHER, together.STUDENT)
    )
    assert student == 4 * (together.STEPS - together.ALONE)
    assert teacher == 8 * together.ALONE + student
