"""What a run begins with: the weights of other runs, and a teacher.

Knows runs by the name of their recipe; the loop is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch

from training.checkpoints.run_folder import start_from
from training.checkpoints.shipped import restore
from training.fit.backbone import BackboneModule
from training.fit.distillation import open_teacher
from training.fit.learner import Learner
from training.fit.net2net import grow_from
from training.fit.samples import Samples
from training.fit.together import Together
from training.recipes.recipe import Recipe

SHOWN = 16  # batches whose statistics a model folder's normalisations get


def begin(learner: Learner, samples: Samples, runs: Path, weights: Path | None) -> Iterator[str]:
    """Give a fresh network the weights that its recipe names, from ``runs``, or those in the file,
    run or model folder ``weights``; says what was given. Of several networks, ``weights`` is where
    those lie that their recipes name. Raises FileNotFoundError or CheckpointError.
    """
    recipe = learner.recipe
    if isinstance(learner, Together):
        for member in learner.recipe.members:
            if member.starts_from:
                place = (weights or runs) / member.starts_from
                yield start_from(learner.network[member.name], place)
    elif weights and (weights / "model.onnx").exists():
        yield restore(learner.network, weights, lambda: _show(learner, samples))
    elif weights:
        yield start_from(learner.network, weights)
    elif recipe.starts_from:
        put = grow_from if isinstance(recipe, Recipe) and recipe.grows else start_from
        yield put(learner.network, runs / recipe.starts_from)


def _show(learner: Learner, samples: Samples) -> None:
    """The network sees its first batches."""
    size = samples.batch
    for first in range(0, SHOWN * size, size):
        batch = samples.numbered[0, list(range(first, first + size))]
        learner.loss([torch.as_tensor(part) for part in batch])


def teach(learner: Learner, runs: Path) -> None:
    """Give a learner the teacher that its recipe names."""
    if isinstance(learner, BackboneModule) and learner.recipe.teacher:
        learner.teacher = open_teacher(runs / learner.recipe.teacher)
