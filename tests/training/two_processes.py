"""A run on two CPU processes, started by tests: what DDP does on several GPUs or nodes.

With ``together`` on the command line it is one of two networks, on `tick`'s clock.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from tests.training.dots import dot_recipe, joint_recipe
from tests.training.runs import tick
from training.fit.callbacks import Pace
from training.train import SHARED_LATE, open_run, open_trainer, train

if __name__ == "__main__":
    torch.set_num_threads(1)
    folder, together = Path(sys.argv[1]), "together" in sys.argv
    if together:
        Pace._since = tick  # type: ignore[method-assign, assignment]
    recipe = joint_recipe(seconds=24) if together else dot_recipe()
    learner, samples = open_run(recipe, [folder])
    samples.workers = 0
    options = {"strategy": SHARED_LATE} if together else {}
    trainer = open_trainer(folder / "run", recipe.epochs, accelerator="cpu", devices=2, **options)
    train(trainer, learner, samples)
    weights = {name: value.clone() for name, value in learner.network.state_dict().items()}
    torch.save(weights, folder / f"rank_{trainer.global_rank}.pt")
