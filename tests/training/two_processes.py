"""A run on two CPU processes, started by test_train.py: what DDP does on several GPUs or nodes."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

from tests.training.dots import dot_recipe
from training.train import open_run, open_trainer, train

if __name__ == "__main__":
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    recipe = dot_recipe()
    learner, samples = open_run(recipe, [folder])
    samples.workers = 0
    trainer = open_trainer(folder / "run", recipe.epochs, accelerator="cpu", devices=2)
    train(trainer, learner, samples)
    weights = {name: value.clone() for name, value in learner.network.state_dict().items()}
    torch.save(weights, folder / f"rank_{trainer.global_rank}.pt")
