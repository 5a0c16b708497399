"""What every training run has, whatever it trains: `Learner`, on Lightning.

The random numbers of a step follow from the samples before it: a run that is killed and resumed
goes the way it would have gone, or, where it has a time, goes on where it stood. Knows no pictures,
no poses and no command line.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, cast

import lightning.pytorch as pl
import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau
from torch.optim.swa_utils import AveragedModel

from training.fit.average import follow
from training.fit.callbacks import Pace
from training.fit.curve import log_row
from training.recipes.schedules import Optimiser, Schedule

Curve = tuple[str, int, float, float, dict[str, float]]  # whose, samples, rate, loss, figures


class Plan(Protocol):
    """What the loop asks of a recipe, a frozen dataclass of plain data."""

    @property
    def name(self) -> str: ...
    @property
    def optimiser(self) -> Optimiser: ...
    @property
    def schedule(self) -> Schedule: ...
    @property
    def epochs(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def starts_from(self) -> str | None: ...
    @property
    def ema(self) -> float: ...
    @property
    def seed(self) -> int: ...


class Learner(pl.LightningModule, ABC):
    """A network under training, beside it its running average, which is looked at and shipped.

    Tasks give `loss` and `look`. A checkpoint holds both networks (``average.module.…`` is the
    average), how far the run is and its recipe as plain data.
    """

    def __init__(self, recipe: Plan, network: nn.Module) -> None:
        super().__init__()
        self.recipe, self.network = recipe, network
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = AveragedModel(network, multi_avg_fn=follow(recipe.ema), use_buffers=True)
        self.average.requires_grad_(False)
        self.samples, self.seconds = 0, 0.0
        self.told = 0.0  # seconds of the run, as all processes were told before the last batch
        self.pace = Pace()

    @abstractmethod
    def loss(self, batch: Any) -> Tensor:
        """What is brought down, from what `Numbered` gives."""

    @abstractmethod
    def look(self) -> dict[str, float]:
        """Figures of the average at the end of an epoch; ``score``, where there is one, is what a
        plateau is seen in: higher is better.
        """

    def rate(self) -> float:
        """What the learning rate is multiplied by now."""
        return self.recipe.schedule.rate(self.epoch, self.recipe.epochs, self.global_step)

    @property
    def epoch(self) -> float:
        """Epochs done, with the begun one's share."""
        if minutes := self.recipe.schedule.minutes:
            return self.told / (60 * minutes) * self.recipe.epochs
        datamodule = self.trainer.datamodule  # type: ignore[attr-defined]
        return self.samples / float(datamodule.numbered.epoch_images)

    def batch_at(self, epoch: int) -> int:
        """Samples an optimiser step in that epoch."""
        return self.recipe.batch

    def now(self, parts: int) -> tuple[int, int]:
        """The epoch that a batch drawn now is of, and the samples of one of its ``parts``."""
        epoch = min(int(self.epoch), self.recipe.epochs - 1)
        return epoch, self.batch_at(epoch) // parts

    def epoch_is_over(self) -> bool:
        """Of a run that has a time; on all processes by the first one's clock."""
        self.told = self.trainer.strategy.broadcast(self.seconds + self.pace.seconds)
        return self.epoch >= self.current_epoch + 1

    def configure_optimizers(self) -> Any:
        recipe = self.recipe
        optimiser = recipe.optimiser.build(self.network.parameters())
        if recipe.schedule.kind != "plateau":
            scheduler = LambdaLR(optimiser, lambda _: self.rate())
            return [optimiser], [{"scheduler": scheduler, "interval": "step"}]
        factor, patience = recipe.schedule.factor, recipe.schedule.patience
        plateau = ReduceLROnPlateau(optimiser, "max", factor, patience)
        return [optimiser], [{"scheduler": plateau, "interval": "epoch", "monitor": "score"}]

    def on_train_start(self) -> None:
        self.pace = Pace()

    def on_train_batch_start(self, batch: Any, batch_idx: int) -> None:
        torch.manual_seed(self.recipe.seed + self.samples + self.global_rank)
        self.pace.start()

    def training_step(self, batch: Any, batch_idx: int) -> Tensor:
        self.samples += len(batch[0]) * self.trainer.world_size
        loss = self.loss(batch)
        self.log("loss", loss, prog_bar=True, on_step=True, on_epoch=True, batch_size=len(batch[0]))
        return loss

    def optimizer_step(self, *step: Any, **options: Any) -> None:
        super().optimizer_step(*step, **options)
        self.average.update_parameters(self.network)

    def on_train_batch_end(self, outputs: Any, batch: Any, batch_idx: int) -> None:
        self.pace.end(len(batch[0]) * self.trainer.world_size)

    def on_train_epoch_end(self) -> None:
        if not self.pace.samples:
            return  # its time had passed before it began
        pace = self.pace.figures()
        self.seconds += self.pace.seconds
        with torch.inference_mode():
            figures = self.look()
        self.log_dict(pace | figures)
        if self.trainer.is_global_zero:
            for name, samples, rate, loss, shown in self.curves(figures):
                row: dict[str, object] = {"seconds": round(self.seconds), "samples": samples}
                row |= {"learning_rate": f"{rate:.2e}", "loss": f"{loss:.3e}"}
                row |= {key: round(value, 3) for key, value in (pace | shown).items()}
                file = Path(self.trainer.default_root_dir) / name / "curve.csv"
                log_row(file if self.loggers else None, row, name and f"{name}: ")
        self.pace = Pace()

    def curves(self, figures: dict[str, float]) -> Iterator[Curve]:
        """What the curve of each network gets at the end of an epoch, of what `look` gave. A name
        is that of a folder in the run's; a single network has none.
        """
        rate = self.trainer.optimizers[0].param_groups[0]["lr"]
        loss = float(self.trainer.callback_metrics["loss_epoch"])
        yield "", self.samples, rate, loss, figures

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["recipe"] = dataclasses.asdict(cast(Any, self.recipe))
        checkpoint["progress"] = [self.samples, self.seconds + self.pace.seconds]

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self.samples, self.seconds = checkpoint["progress"]
        self.told = self.seconds
