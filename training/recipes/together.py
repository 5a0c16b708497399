"""Several backbones trained together on the shared data (docs/training.md): one stream of samples,
a time instead of a length, and the largest, from scratch, teaches the others while it learns.

To learn from other sets, change `SHARES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from training.datasets.pictures.augment import Augmentation
from training.recipes.recipe import Recipe, Stage
from training.recipes.schedules import Optimiser, Schedule
from training.recipes.shared import DATA, STRONG

SHARES = {"lsp": 0.12, "lsp_extended": 0.5, "coco": 0.1, "synthetic": 0.25, "empty": 0.03}
TRAINED_ON = DATA.format(8_000)
RATES = {  # network → learning rate, the smallest network first
    "hourglass_1_small": 1.5e-3,
    "hrnet_w18_small": 1.5e-3,
    "hourglass_2": 1e-3,
    "hrnet_w32": 2e-3,
}
MINUTES = 8.0
BATCH, CPU_BATCH = 512, 32
LATE = Augmentation(30, scale=0.25, shift=0.1, half_body=0.2, background=0.03, colour=0.3)
STAGES = (  # 36, 24 and 40 % of the time
    Stage((128, 128), 9, 1.0, SHARES, STRONG, emphasis=10.0),
    Stage((192, 192), 6, 1.5, SHARES, STRONG, emphasis=6.0, part=320 / 512),
    Stage((256, 256), 10, 2.0, SHARES, LATE, emphasis=3.0, part=224 / 512),
)
STUDENTS_JOIN = 1  # the stage


def together(names: Sequence[str], minutes: float = MINUTES, batch: int = BATCH) -> Recipe:
    """The largest of the networks, and its students, which start from what their own recipes left.

    Raises ValueError for a name that is none of `RATES`.
    """
    if unknown := [name for name in names if name not in RATES]:
        raise ValueError(f"No network {', '.join(unknown)} to train together: {', '.join(RATES)}.")
    *small, largest = (name for name in RATES if name in names)
    teacher = Recipe(
        name="+".join((*small, largest)),
        network=largest,
        trained_on=TRAINED_ON,
        stages=STAGES,
        batch=batch,
        optimiser=Optimiser("adamw", RATES[largest], weight_decay=1e-4),
        schedule=Schedule("cosine", warmup=1.0, minutes=minutes),
        ema=0.998,
    )
    return replace(teacher, students=tuple(_student(name, teacher) for name in small))


def _student(name: str, teacher: Recipe) -> Recipe:
    return replace(
        teacher,
        name=name,
        network=name,
        stages=STAGES[STUDENTS_JOIN:],
        optimiser=replace(teacher.optimiser, learning_rate=RATES[name]),
        starts_from=name,
        teacher=teacher.network,
    )


def command(recipe: Recipe) -> str:
    """What trains the networks of ``recipe``, which is of `together`."""
    names = recipe.name.replace("+", " ")
    return f"python -m training.train --together {names} --minutes {recipe.schedule.minutes:g}"
