"""Which samples come next: the numbers of a run's batches, by its length or by its time.

Sample ``i`` of an epoch is the same one whenever it is drawn. Knows neither data nor networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from torch.utils.data import Sampler

Drawn = tuple[int, list[int]]  # an epoch of the recipe, the numbers of samples


class EpochBatches(Sampler[Drawn]):
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

    def __iter__(self) -> Iterator[Drawn]:
        done = self.done()
        epoch = done // self.epoch_images
        for start in range(done, (epoch + 1) * self.epoch_images, self.batch):
            yield epoch, list(range(start + self.rank, start + self.batch, self.world))


class TimedBatches(Sampler[Drawn]):
    """The same without end, for a run that has a time.

    now: the epoch at this moment and the batch in it, asked for every batch.
    """

    def __init__(
        self,
        done: Callable[[], int],
        now: Callable[[], tuple[int, int]],
        rank: int = 0,
        world: int = 1,
    ) -> None:
        self.done, self.now, self.rank, self.world = done, now, rank, world

    def __iter__(self) -> Iterator[Drawn]:
        start = self.done()
        while True:
            epoch, batch = self.now()
            yield epoch, list(range(start + self.rank, start + batch, self.world))
            start += batch


class TimedLoader:
    """Batches without end, cut into epochs where ``over`` says so.

    What is drawn ahead when an epoch ends is the beginning of the next: nobody waits, nothing is
    lost.
    """

    def __init__(self, loader: Iterable[Any], over: Callable[[], bool]) -> None:
        self.batches, self.over = iter(loader), over

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if self.over():
            raise StopIteration
        return next(self.batches)
