"""Runs in this process, whole or killed on the way, and what they leave."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from training.fit.callbacks import KeepLast, Pace
from training.fit.learner import Learner
from training.recipes.recipe import Recipe
from training.train import open_run, open_trainer, train


class KilledError(RuntimeError):
    """Stands in for a power cut."""


def run(recipe: Recipe, data: Path, folder: Path, **options: Any) -> Learner:
    """Train in this process; the callbacks are those of a real run."""
    learner, samples = open_run(recipe, [data])
    samples.workers = 0
    train(open_trainer(folder, recipe.epochs, **options), learner, samples)
    return learner


def killed_at(seen: int, recipe: Recipe, data: Path, folder: Path, **options: Any) -> None:
    """Train, saving after every step, until ``seen`` samples are done; then all is lost."""
    learner, samples = open_run(recipe, [data])
    samples.workers = 0
    loss: Callable[[Any], torch.Tensor] = learner.loss

    def last_moments(batch: Any) -> torch.Tensor:
        if learner.samples > seen:
            raise KilledError
        return loss(batch)

    learner.loss = last_moments  # type: ignore[method-assign]
    trainer = open_trainer(folder, recipe.epochs, **options)
    for callback in trainer.callbacks:  # type: ignore[attr-defined]
        if isinstance(callback, KeepLast):
            callback.seconds = -1.0
    with pytest.raises(KilledError):
        train(trainer, learner, samples)


def tick(pace: Pace) -> float:
    """In place of `Pace._since`: each look at the clock finds that a second has passed, so that a
    step takes two.
    """
    pace.seconds += 1
    return 1.0


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "curve.csv").open() as file:
        return list(csv.DictReader(file))
