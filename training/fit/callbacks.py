"""Around a run: speed measured, checkpoints written, known warnings of Lightning silenced."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
from lightning.pytorch.callbacks import Checkpoint

CHECKPOINT_SECONDS = 180


SEEN_TO = (  # warnings of Lightning about what this loop handles, or what only Lightning can change
    "The number of training batches",
    "You're resuming from a checkpoint that ended before the epoch ended",
    "The 'train_dataloader' does not have many workers",
    "Checkpoint directory .* exists and is not empty",
    "It is recommended to use .*sync_dist=True",
    r"`isinstance\(treespec, LeafSpec\)` is deprecated",
)


@contextmanager
def quiet() -> Iterator[None]:
    """Lightning without the warnings of `SEEN_TO`."""
    with warnings.catch_warnings():
        for message in SEEN_TO:
            warnings.filterwarnings("ignore", message)
        yield


class Pace:
    """How fast samples go by and which share of the time a step waits for them."""

    def __init__(self) -> None:
        self.samples, self.waited, self.seconds = 0, 0.0, 0.0
        self.moment = time.monotonic()

    def start(self) -> None:
        self.waited += self._since()

    def end(self, samples: int) -> None:
        self.samples += samples
        self._since()

    def _since(self) -> float:
        now = time.monotonic()
        passed, self.moment = now - self.moment, now
        self.seconds += passed
        return passed

    def figures(self) -> dict[str, float]:
        seconds = max(self.seconds, 1e-9)
        return {"samples_per_second": self.samples / seconds, "waiting": self.waited / seconds}


class KeepLast(Checkpoint):
    """``last.ckpt`` every few minutes, between two optimiser steps; written whole or not at all."""

    def __init__(self, path: Path, seconds: float = CHECKPOINT_SECONDS) -> None:
        self.path, self.seconds = path, seconds
        self.saved = time.monotonic()

    def on_train_batch_end(
        self, trainer: pl.Trainer, learner: pl.LightningModule, *batch: Any
    ) -> None:
        index: int = batch[-1]
        stepped = (index + 1) % trainer.accumulate_grad_batches == 0 and not trainer.is_last_batch
        due = stepped and time.monotonic() - self.saved > self.seconds
        if trainer.strategy.broadcast(due):
            trainer.save_checkpoint(self.path, weights_only=False)
            self.saved = time.monotonic()
