"""Samples by number, for Lightning. Knows no pictures and no poses."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import cv2
import lightning.pytorch as pl
from torch.utils.data import DataLoader, Dataset, Sampler

from training.fit.batches import Drawn, EpochBatches, TimedBatches, TimedLoader

AHEAD, AHEAD_TIMED = 8, 2  # batches that a worker draws ahead, those of a time as it is then


class Numbered(Dataset[Any], ABC):
    """A data set without end: ``self[epoch, numbers]`` is a batch, the samples of those numbers as
    that epoch has them, stacked.

    epoch_images: samples an epoch, whole batches; what an epoch is in a recipe and in the log,
    unless the run has a time.
    """

    epoch_images: int

    @abstractmethod
    def __getitem__(self, drawn: Drawn) -> tuple[Any, ...]: ...


class Samples(pl.LightningDataModule):
    """The batches of a run for Lightning; an epoch becomes a whole number of them.

    open_samples reads the data, when a run starts; batch: samples an optimiser step, over all
    devices; workers: processes, by default as many as there are cores but one.
    """

    numbered: Numbered

    def __init__(
        self, open_samples: Callable[[], Numbered], batch: int, workers: int | None = None
    ) -> None:
        super().__init__()
        self.open_samples, self.batch, self.workers = open_samples, batch, workers

    def setup(self, stage: str) -> None:
        if hasattr(self, "numbered"):
            return
        self.numbered = self.open_samples()
        whole = max(self.numbered.epoch_images // self.batch, 1) * self.batch
        self.numbered.epoch_images = whole

    def train_dataloader(self) -> DataLoader[Any] | TimedLoader:
        trainer: Any = self.trainer
        learner, parts = trainer.lightning_module, trainer.accumulate_grad_batches
        _check_divides(learner, parts * trainer.world_size)
        share = trainer.global_rank, trainer.world_size
        if learner.recipe.schedule.minutes:
            timed = TimedBatches(lambda: learner.samples, lambda: learner.now(parts), *share)
            return TimedLoader(self._loader(timed, AHEAD_TIMED), learner.epoch_is_over)
        length, batch = self.numbered.epoch_images, self.batch // parts
        batches = EpochBatches(length, batch, lambda: learner.samples, *share)
        return self._loader(batches, AHEAD)

    def _loader(self, batches: Sampler[Drawn], ahead: int) -> DataLoader[Any]:
        trainer: Any = self.trainer
        workers = self.workers
        if workers is None:
            workers = min(max((os.cpu_count() or 2) // trainer.num_devices - 1, 1), 16)
        return DataLoader(
            self.numbered,
            batch_size=None,
            sampler=batches,
            num_workers=workers,
            prefetch_factor=ahead if workers else None,
            persistent_workers=workers > 0,
            worker_init_fn=_use_one_thread,
            pin_memory=trainer.lightning_module.device.type == "cuda",
        )


def _check_divides(learner: Any, parts: int) -> None:
    for batch in {learner.batch_at(epoch) for epoch in range(learner.recipe.epochs)}:
        if batch % parts:
            raise ValueError(
                f"A batch of {batch} does not divide into {parts} parts: "
                "choose other --devices or --accumulate."
            )


def _use_one_thread(worker: int) -> None:
    """OpenCV's threads: a worker has one core."""
    cv2.setNumThreads(0)
