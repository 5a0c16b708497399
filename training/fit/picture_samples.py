"""What backbones learn from, sample by sample: pictures of several sets, varied as a recipe says.

Knows pictures and targets; no networks and no losses.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from training.datasets.picture_sets import load_pictures
from training.datasets.pictures.augment import Sample, make_sample
from training.datasets.pictures.label_weights import weighed
from training.datasets.pictures.labels import Picture
from training.fit.batches import Drawn
from training.fit.samples import Numbered, Samples
from training.recipes.recipe import Recipe, Stage


def open_pictures(recipe: Recipe, folders: Sequence[Path], limit: int | None = None) -> Samples:
    """The samples of a run on the data in ``folders``; limit: take only so many training pictures
    of each set.
    """
    return Samples(partial(PictureSamples, recipe, folders, limit), recipe.batch)


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

    def __getitem__(self, drawn: Drawn) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
        """Images (N, H, W, 3) uint8 RGB, targets (N, K, H/4, W/4), weights (N, K), the epoch."""
        epoch, numbers = drawn
        stage = self.recipe.stage_at(epoch)
        samples = [self._sample(number, stage) for number in numbers]
        return (
            np.stack([sample.image for sample in samples]),
            np.stack([sample.heatmaps for sample in samples]),
            np.stack([sample.weights for sample in samples]),
            epoch,
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
