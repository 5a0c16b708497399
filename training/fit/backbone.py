"""Backbones on Lightning: the loss, the look at held-out pictures.

Knows pictures and heatmaps; the loop is learner.py's and Lightning's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning.pytorch.loggers import TensorBoardLogger
from torch import Tensor, nn

from training.datasets.pictures.labels import Picture
from training.evaluation.drawing import contact_sheet, picture_tile
from training.evaluation.figures import figures, headline, measured_by
from training.evaluation.predict import Heatmaps, heatmaps_of, predict_pictures
from training.fit.distillation import Teacher
from training.fit.learner import Learner
from training.fit.losses import heatmap_loss
from training.fit.picture_samples import open_pictures
from training.fit.samples import Samples
from training.recipes.recipe import Recipe, Stage

SHOWN = 16  # pictures of a look that the log shows, with what was found in them


def open_backbone(
    recipe: Recipe, folders: Sequence[Path], limit: int | None = None
) -> tuple[BackboneModule, Samples]:
    """The two halves of a run of ``recipe`` on the data in ``folders``, for Lightning's ``fit``;
    limit: see `open_pictures`.
    """
    return BackboneModule(recipe), open_pictures(recipe, folders, limit)


def found_by(recipe: Recipe, network: nn.Module, image: Tensor) -> list[Tensor]:
    """Heatmaps of each stack (N, K, H/4, W/4) in pictures (N, H, W, 3) uint8 RGB."""
    pictures = recipe.known.normalisation(image).contiguous(memory_format=torch.channels_last)
    heatmaps: list[Tensor] = network(pictures)
    return heatmaps


def loss_of(
    recipe: Recipe, heatmaps: list[Tensor], targets: Tensor, weights: Tensor, emphasis: float
) -> Tensor:
    """`heatmap_loss` of the stacks that the recipe supervises."""
    supervised = heatmaps if recipe.intermediate_supervision else heatmaps[-1:]
    return heatmap_loss(supervised, targets, weights, emphasis, recipe.hardest)


class BackboneModule(Learner):
    """A backbone under training."""

    recipe: Recipe

    def __init__(self, recipe: Recipe, network: nn.Module | None = None) -> None:
        super().__init__(recipe, network or recipe.build())
        self.teacher: Teacher | None = None

    @property
    def stage(self) -> Stage:
        return self.recipe.stage_at(self.current_epoch)

    def batch_at(self, epoch: int) -> int:
        return round(self.recipe.batch * self.recipe.stage_at(epoch).part)

    def rate(self) -> float:
        return self.recipe.rate(self.epoch, self.global_step)

    def on_train_epoch_end(self) -> None:
        super().on_train_epoch_end()
        if self.recipe.starts_stage(self.current_epoch + 1):
            self.average.n_averaged.zero_()  # another size, other weights: average afresh

    def loss(self, batch: tuple[Tensor, Tensor, Tensor, int]) -> Tensor:
        image, targets, weights, epoch = batch
        if self.teacher:
            targets, weights = self.teacher(image, targets, weights)
        heatmaps = found_by(self.recipe, self.network, image)
        emphasis = self.recipe.stage_at(epoch).emphasis
        return loss_of(self.recipe, heatmaps, targets, weights, emphasis)

    def look(self) -> dict[str, float]:
        return self.look_through(self.recipe, self.average.module)

    def look_through(self, recipe: Recipe, network: nn.Module, mark: str = "") -> dict[str, float]:
        """The headline figure of each set, at the stage's size; ``score`` is their mean.

        mark: put before all names, for the log.
        """
        rows = {}
        held_out = self.trainer.datamodule.numbered.held_out  # type: ignore[attr-defined]
        precision = self.trainer.precision_plugin.forward_context
        heatmaps = heatmaps_of(network, recipe.known.normalisation, precision)
        for name, pictures in held_out.items():
            found, scores = (self._everyones(part) for part in self._predict(heatmaps, pictures))
            kind = measured_by(pictures).split("@")[0].lower()
            rows[f"{mark}{kind}_{name}"] = headline(figures(pictures, found, scores))
            self._show(f"{mark}{name}", pictures[:SHOWN], found)
        return {**rows, f"{mark}score": float(np.mean(list(rows.values())))}

    def _predict(
        self, heatmaps: Heatmaps, pictures: list[Picture]
    ) -> tuple[np.ndarray, np.ndarray]:
        """This process's share of the pictures."""
        mine = pictures[self.global_rank :: self.trainer.world_size]
        return predict_pictures(heatmaps, mine, self.stage.size)

    def _everyones(self, mine: np.ndarray) -> np.ndarray:
        """What all processes found, in the order of the pictures."""
        world = self.trainer.world_size
        if world == 1:
            return mine
        parts: list[Any] = [None] * world
        torch.distributed.all_gather_object(parts, mine)
        whole = np.empty((sum(map(len, parts)), *mine.shape[1:]), mine.dtype)
        for rank, part in enumerate(parts):
            whole[rank::world] = part
        return whole

    def _show(self, name: str, pictures: list[Picture], found: np.ndarray) -> None:
        tiles = [picture_tile(p, k, self.stage.size) for p, k in zip(pictures, found, strict=False)]
        for logger in self.loggers:
            if isinstance(logger, TensorBoardLogger):
                sheet = contact_sheet(tiles)
                logger.experiment.add_image(name, sheet, self.samples, dataformats="HWC")
