"""What every training run has, whatever it trains: `Learner`, on Lightning.

The random numbers of a step follow from the samples before it: a run that is killed and resumed
goes the way it would have gone. Knows no pictures, no poses and no command line.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, cast

import lightning.pytorch as pl
import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau
from torch.optim.swa_utils import AveragedModel

from training.fit.callbacks import Pace
from training.fit.curve import log_row
from training.recipes.schedules import Optimiser, Schedule

Tensors = tuple[Tensor, ...] | list[Tensor]


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


def follow(decay: float) -> Callable[[Tensors, Tensors, Tensor | int], None]:
    """An exponential moving average that starts short, so that it is of use from the first
    minute; with a decay of 0 it is the network itself.
    """

    def update(average: Tensors, current: Tensors, count: Tensor | int) -> None:
        weight = 1 - min(decay, (1 + int(count)) / (10 + int(count)))
        for mine, new in zip(average, current, strict=True):
            if mine.is_floating_point():
                mine.lerp_(new, weight)
            else:
                mine.copy_(new)

    return update


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
        datamodule = self.trainer.datamodule  # type: ignore[attr-defined]
        return self.samples / float(datamodule.numbered.epoch_images)

    def configure_optimizers(self) -> Any:
        recipe = self.recipe
        optimiser = recipe.optimiser.build(self.network.parameters())
        if recipe.schedule.kind != "plateau":
            scheduler = LambdaLR(optimiser, lambda _: self.rate())
            return [optimiser], [{"scheduler": scheduler, "interval": "step"}]
        factor, patience = recipe.schedule.factor, recipe.schedule.patience
        plateau = ReduceLROnPlateau(optimiser, "max", factor, patience)
        return [optimiser], [{"scheduler": plateau, "interval": "epoch", "monitor": "score"}]

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
        pace = self.pace.figures()
        self.seconds += self.pace.seconds
        with torch.inference_mode():
            figures = self.look()
        self.log_dict(pace | figures)
        if self.trainer.is_global_zero:
            row: dict[str, object] = {"seconds": round(self.seconds), "samples": self.samples}
            row["learning_rate"] = f"{self.trainer.optimizers[0].param_groups[0]['lr']:.2e}"
            row["loss"] = f"{float(self.trainer.callback_metrics['loss_epoch']):.3e}"
            row |= {key: round(value, 3) for key, value in (pace | figures).items()}
            folder = Path(self.trainer.default_root_dir)
            log_row(folder / "curve.csv" if self.loggers else None, row)
        self.pace = Pace()

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["recipe"] = dataclasses.asdict(cast(Any, self.recipe))
        checkpoint["progress"] = [self.samples, self.seconds + self.pace.seconds]

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self.samples, self.seconds = checkpoint["progress"]
