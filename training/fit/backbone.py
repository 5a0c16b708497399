"""Backbones on Lightning: the samples of a recipe, the loss, the look at held-out pictures.

Knows pictures and heatmaps; the loop is harness.py's and Lightning's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning.pytorch.loggers import TensorBoardLogger
from torch import Tensor

from training.datasets.picture_sets import load_pictures
from training.datasets.pictures.augment import Sample, make_sample
from training.datasets.pictures.label_weights import weighed
from training.datasets.pictures.labels import Picture
from training.evaluation.drawing import contact_sheet, picture_tile
from training.evaluation.figures import figures, headline, measured_by
from training.evaluation.predict import heatmaps_of, predict_pictures
from training.fit.distillation import Teacher
from training.fit.learner import Learner
from training.fit.losses import heatmap_loss
from training.fit.samples import Numbered, Samples
from training.recipes.recipe import Recipe, Stage

CHANNELS_LAST = torch.channels_last
SHOWN = 16  # pictures of a look that the log shows, with what was found in them


def open_backbone(
    recipe: Recipe, folders: Sequence[Path], limit: int | None = None
) -> tuple[BackboneModule, Samples]:
    """The two halves of a run of ``recipe`` on the data in ``folders``, for Lightning's ``fit``.

    limit: take only so many training pictures of each set.
    """
    samples = Samples(partial(PictureSamples, recipe, folders, limit), recipe.batch)
    return BackboneModule(recipe), samples


class PictureSamples(Numbered):
    """The samples of a recipe, each drawn from its own seed; held_out: what is looked at, by set.

    Raises FileNotFoundError where a set is missing.
    """

    def __init__(self, recipe: Recipe, folders: Sequence[Path], limit: int | None = None) -> None:
        names = dict.fromkeys(name for stage in recipe.stages for name in stage.shares)
        loaded = {name: load_pictures(folders, name) for name in names}
        self.recipe = recipe
        self.training = {
            name: weighed(folders, name, both[0][:limit]) for name, both in loaded.items()
        }
        people = {name: [p for p in both[1] if p.labelled.any()] for name, both in loaded.items()}
        self.held_out = {name: some[: recipe.looked_at] for name, some in people.items() if some}
        everything = sum(len(self.training[name]) for name in recipe.stages[0].shares)
        self.epoch_images = recipe.epoch_images or everything

    def __getitem__(self, numbers: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        """Images (N, H, W, 3) uint8 RGB, targets (N, K, H/4, W/4), weights (N, K), emphasis."""
        stage = self.recipe.stage_at(numbers[0] // self.epoch_images)
        samples = [self._sample(number, stage) for number in numbers]
        return (
            np.stack([sample.image for sample in samples]),
            np.stack([sample.heatmaps for sample in samples]),
            np.stack([sample.weights for sample in samples]),
            stage.emphasis,
        )

    def _sample(self, number: int, stage: Stage) -> Sample:
        rng = np.random.default_rng([self.recipe.seed, number])
        picture = self._draw(number, stage, rng)
        return make_sample(picture, stage.size, stage.sigma, stage.augmentation, rng)

    def _draw(self, number: int, stage: Stage, rng: np.random.Generator) -> Picture:
        """Of several sets by their shares; of a single one each picture once in a round."""
        if len(stage.shares) == 1:
            (pictures,) = (self.training[name] for name in stage.shares)
            turn, place = divmod(number, len(pictures))
            chosen: Picture = pictures[_order(self.recipe.seed, turn, len(pictures))[place]]
            return chosen
        shares = np.array(list(stage.shares.values()))
        pictures = self.training[rng.choice(list(stage.shares), p=shares / shares.sum())]
        return pictures[rng.integers(len(pictures))]


@lru_cache(maxsize=2)
def _order(seed: int, turn: int, count: int) -> np.ndarray:
    return np.random.default_rng([seed, turn]).permutation(count)


class BackboneModule(Learner):
    """A backbone under training."""

    recipe: Recipe

    def __init__(self, recipe: Recipe) -> None:
        super().__init__(recipe, recipe.build())
        self.teacher: Teacher | None = None

    @property
    def stage(self) -> Stage:
        return self.recipe.stage_at(self.current_epoch)

    def rate(self) -> float:
        return super().rate() * self.recipe.stage_at(int(self.epoch)).boost

    def on_train_epoch_start(self) -> None:
        if self.recipe.starts_stage(self.current_epoch) and self.epoch == self.current_epoch:
            self.average.n_averaged.zero_()  # another size, other weights: average afresh

    def loss(self, batch: tuple[Tensor, Tensor, Tensor, float]) -> Tensor:
        image, targets, weights, emphasis = batch
        if self.teacher:
            targets, weights = self.teacher(image, targets, weights)
        image = self.recipe.known.normalisation(image).contiguous(memory_format=CHANNELS_LAST)
        heatmaps = self.network(image)
        supervised = heatmaps if self.recipe.intermediate_supervision else heatmaps[-1:]
        return heatmap_loss(supervised, targets, weights, emphasis, self.recipe.hardest)

    def look(self) -> dict[str, float]:
        """The headline figure of each set, at the stage's size; ``score`` is their mean."""
        rows = {}
        held_out = self.trainer.datamodule.numbered.held_out  # type: ignore[attr-defined]
        for name, pictures in held_out.items():
            found, scores = (self._everyones(part) for part in self._predict(pictures))
            kind = measured_by(pictures).split("@")[0].lower()
            rows[f"{kind}_{name}"] = headline(figures(pictures, found, scores))
            self._show(name, pictures[:SHOWN], found)
        return {**rows, "score": float(np.mean(list(rows.values())))}

    def _predict(self, pictures: list[Picture]) -> tuple[np.ndarray, np.ndarray]:
        """This process's share of the pictures."""
        precision = self.trainer.precision_plugin.forward_context
        heatmaps = heatmaps_of(self.average.module, self.recipe.known.normalisation, precision)
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
