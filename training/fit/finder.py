"""A person finder under training: its loss, and what the training loop asks of it.

`open_finder` is the door. What it learns from is in finder_samples.py, its figures are in
finder_figures.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.models.model_spec import FINDER_STRIDE, ModelSpec
from engine.people.finder import Finder
from engine.skeleton import COCO17
from training.datasets.scenes import Scene, load_mistakes, load_scenes
from training.evaluation.finder_figures import looked_at, quick_figures
from training.fit.finder_samples import FinderSamples
from training.fit.learner import Learner
from training.fit.samples import Samples
from training.models.person_finder import OUTPUTS, PersonFinder, ServedFinder, normalised
from training.recipes.person_finder import FinderRecipe

BOXES, POINTS = 2.0, 1.0  # what these losses weigh beside the centres'


class FinderLearner(Learner):
    """A finder under training."""

    recipe: FinderRecipe
    network: PersonFinder

    def __init__(self, recipe: FinderRecipe, held_out: dict[str, list[Scene]]) -> None:
        super().__init__(recipe, recipe.build())
        self.held_out = looked_at(held_out)

    def loss(self, batch: Sequence[Tensor]) -> Tensor:
        image, centers, known, boxes, points = batch
        pixels = normalised(image).contiguous(memory_format=torch.channels_last)
        logits, found_boxes, found_points = self.network(pixels)
        return (
            centre_loss(logits, centers, known)
            + BOXES * box_loss(found_boxes, boxes, centers)
            + POINTS * point_loss(found_points, points, boxes, centers)
        )

    def look(self) -> dict[str, float]:
        """See `quick_figures`, of some held-out pictures."""
        with self.trainer.precision_plugin.forward_context():
            return quick_figures(
                finder_in_torch(self.recipe, self.average.module).find, self.held_out
            )


class TorchRuntime:
    """A finder under training in the place of a runtime of the engine's."""

    name, device, precision, note = "torch", "cpu", "f32", ""

    def __init__(self, network: nn.Module) -> None:
        self.served = ServedFinder(network).eval()

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        with torch.inference_mode():
            maps = self.served(torch.from_numpy(inputs["image"]))
        return dict(zip(OUTPUTS, (values.float().numpy() for values in maps), strict=True))

    def close(self) -> None:
        """Nothing is held."""


def finder_in_torch(recipe: FinderRecipe, network: nn.Module) -> Finder:
    """A network of that recipe as the engine uses it."""
    spec = ModelSpec(
        folder=Path(),
        name=recipe.name,
        task="find_people",
        title=recipe.title,
        architecture="PersonFinder",
        keypoints=COCO17.keypoints,
        skeleton=COCO17,
        sha256="",
        input_size=recipe.input_size,
        free_size=True,
    )
    return Finder(spec, TorchRuntime(network))


def open_finder(recipe: FinderRecipe, folders: Sequence[Path]) -> tuple[FinderLearner, Samples]:
    """The two halves of a run of ``recipe`` on the data in ``folders``, for Lightning's ``fit``.

    Raises FileNotFoundError where the data is missing.
    """
    scenes = load_scenes(folders)
    mined = load_mistakes(folders) if recipe.mined else None
    numbered = FinderSamples(recipe, scenes, mined)
    return FinderLearner(recipe, numbered.held_out), Samples(lambda: numbered, recipe.batch)


def centre_loss(logits: Tensor, centers: Tensor, known: Tensor) -> Tensor:
    """The focal loss whose penalty is reduced around each centre (CornerNet, Law 2018, eq. 1), a
    person; all (N, 1, h, w).
    """
    there = centers == 1
    sure, unsure = functional.logsigmoid(logits), functional.logsigmoid(-logits)
    missed = -sure * unsure.exp().square()
    false = -unsure * sure.exp().square() * (1 - centers).pow(4) * known
    return torch.where(there, missed, false).sum() / there.sum().clamp(min=1)


def box_loss(found: Tensor, boxes: Tensor, centers: Tensor) -> Tensor:
    """1 - GIoU (Rezatofighi 2019) of (N, 4, h, w) distances to the sides, a weighted mean."""
    weights, (found, boxes) = _speaking(boxes, centers), _rows(found, boxes)
    boxes = boxes.nan_to_num()
    both, around = _area(found.minimum(boxes)), _area(found.maximum(boxes))
    either = _area(found) + _area(boxes) - both
    giou = both / either.clamp(min=1) - (around - either) / around.clamp(min=1)
    return ((1 - giou) * weights).sum() / weights.sum().clamp(min=1)


def point_loss(found: Tensor, points: Tensor, boxes: Tensor, centers: Tensor) -> Tensor:
    """Mean distance, each way, of (N, 2P, h, w) keypoints as a share of the box's sides."""
    weights, (found, points, boxes) = _speaking(boxes, centers), _rows(found, points, boxes)
    extent = (boxes.nan_to_num().sum(dim=1, keepdim=True) / 2).clamp(min=1)
    weights = weights[:, None] * points.isfinite()
    error = (found - points.nan_to_num()).abs() / extent
    return (error * weights).sum() / weights.sum().clamp(min=1)


def _rows(*maps: Tensor) -> tuple[Tensor, ...]:
    """(N, C, h, w) → (N * h * w, C)."""
    return tuple(some.permute(0, 2, 3, 1).flatten(0, 2) for some in maps)


def _area(boxes: Tensor) -> Tensor:
    """(N,) of (N, 4) distances to the sides."""
    left, top, right, bottom = boxes.unbind(1)
    return (left + right) * (top + bottom)


def _speaking(boxes: Tensor, centers: Tensor) -> Tensor:
    """(N * h * w,) what each cell counts: nothing where nobody is, less away from the centre and
    less in large boxes, which have many cells.
    """
    weights = centers[:, 0].flatten() * FINDER_STRIDE / _area(_rows(boxes)[0]).clamp(min=1).sqrt()
    return weights.nan_to_num()
