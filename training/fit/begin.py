"""What a run begins with: the weights of other runs, and a teacher.

Knows runs by the name of their recipe; the loop is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from training.checkpoints.run_folder import start_from
from training.fit.backbone import BackboneModule
from training.fit.distillation import open_teacher
from training.fit.learner import Learner
from training.fit.net2net import grow_from
from training.fit.together import Together
from training.recipes.recipe import Recipe


def begin(learner: Learner, runs: Path, weights: Path | None) -> Iterator[str]:
    """Give a fresh network the weights that its recipe names, from ``runs``, or those in the file
    or run ``weights``; says what was given. Of several networks, ``weights`` is where those lie
    that their recipes name. Raises FileNotFoundError or CheckpointError.
    """
    recipe = learner.recipe
    if isinstance(learner, Together):
        for member in learner.recipe.members:
            if member.starts_from:
                place = (weights or runs) / member.starts_from
                yield start_from(learner.network[member.name], place)
    elif weights:
        yield start_from(learner.network, weights)
    elif recipe.starts_from:
        put = grow_from if isinstance(recipe, Recipe) and recipe.grows else start_from
        yield put(learner.network, runs / recipe.starts_from)


def teach(learner: Learner, runs: Path) -> None:
    """Give a learner the teacher that its recipe names."""
    if isinstance(learner, BackboneModule) and learner.recipe.teacher:
        learner.teacher = open_teacher(runs / learner.recipe.teacher)
