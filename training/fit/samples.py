"""Samples by number, and the batches of them that a run still has before it.

Sample ``i`` of a run is the same one whenever it is drawn. Knows no pictures and no poses.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import lightning.pytorch as pl
from torch.utils.data import DataLoader, Dataset, Sampler


class Numbered(Dataset[Any], ABC):
    """A data set without end: ``self[numbers]`` is a batch, the samples of those numbers stacked.

    epoch_images: samples an epoch, whole batches; what an epoch is in a recipe and in the log.
    """

    epoch_images: int

    @abstractmethod
    def __getitem__(self, numbers: list[int]) -> tuple[Any, ...]: ...


class EpochBatches(Sampler[list[int]]):
    """The numbers of the batches of an epoch that are still to come; this process's share of each.

    done: how many samples the run has seen. The length is that of the whole epoch, as Lightning
    counts it, also where a resumed run starts in its middle.
    """

    def __init__(
        self, epoch_images: int, batch: int, done: Callable[[], int], rank: int = 0, world: int = 1
    ) -> None:
        self.epoch_images, self.batch, self.done = epoch_images, batch, done
        self.rank, self.world = rank, world

    def __len__(self) -> int:
        return self.epoch_images // self.batch

    def __iter__(self) -> Iterator[list[int]]:
        done = self.done()
        end = (done // self.epoch_images + 1) * self.epoch_images
        for start in range(done, end, self.batch):
            yield list(range(start + self.rank, start + self.batch, self.world))


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

    def train_dataloader(self) -> DataLoader[Any]:
        trainer = self.trainer
        assert trainer is not None
        learner: Any = trainer.lightning_module
        share = trainer.accumulate_grad_batches * trainer.world_size
        if self.batch % share:
            raise ValueError(
                f"A batch of {self.batch} does not divide into {share} parts: "
                "choose other --devices or --accumulate."
            )
        batches = EpochBatches(
            self.numbered.epoch_images,
            self.batch // trainer.accumulate_grad_batches,
            lambda: learner.samples,
            trainer.global_rank,
            trainer.world_size,
        )
        workers = self.workers
        if workers is None:
            workers = min(max((os.cpu_count() or 2) // trainer.num_devices - 1, 1), 16)
        return DataLoader(
            self.numbered,
            batch_size=None,
            sampler=batches,
            num_workers=workers,
            prefetch_factor=8 if workers else None,
            persistent_workers=workers > 0,
            worker_init_fn=_use_one_thread,
            pin_memory=learner.device.type == "cuda",
        )


def _use_one_thread(worker: int) -> None:
    """Of OpenCV's; a worker has one core."""
    cv2.setNumThreads(0)
