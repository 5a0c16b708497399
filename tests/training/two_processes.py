"""Runs on two CPU processes, started by a test: what DDP does on several GPUs or nodes.

In the folder on the command line, ``alone`` is of one network, ``together`` of two on `tick`'s
clock; beside the checkpoint each process leaves the weights that it ended with.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.dots import dot_recipe, hold_out_few, joint_recipe
from tests.training.fit.test_together import SECONDS
from tests.training.runs import tick
from training.fit.callbacks import Pace
from training.recipes.recipe import Recipe
from training.train import SHARED_LATE, open_run, open_trainer, train


def run_shared(recipe: Recipe, data: Path, folder: Path, **options: Any) -> None:
    learner, samples = open_run(recipe, [data])
    samples.workers = 0
    trainer = open_trainer(folder, recipe.epochs, accelerator="cpu", devices=2, **options)
    train(trainer, learner, samples)
    weights = {name: value.clone() for name, value in learner.network.state_dict().items()}
    torch.save(weights, folder / f"rank_{trainer.global_rank}.pt")


if __name__ == "__main__":
    torch.set_num_threads(1)
    place = Path(sys.argv[1])
    with pytest.MonkeyPatch.context() as patch:
        hold_out_few(patch)
        run_shared(dot_recipe(), place, place / "alone")
        patch.setattr(Pace, "_since", tick)
        run_shared(joint_recipe(SECONDS), place, place / "together", strategy=SHARED_LATE)
