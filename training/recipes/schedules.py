"""Optimisers and how their learning rate falls: plain data, and what it becomes in torch.

Knows no network and no loop; time is counted in epochs (`Learner.epoch`), as the papers count it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import torch
from torch.nn import Parameter

OPTIMISERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "rmsprop": torch.optim.RMSprop,
    "adam": partial(torch.optim.Adam, fused=True),
    "adamw": partial(torch.optim.AdamW, fused=True),
}


@dataclass(frozen=True)
class Optimiser:
    name: Literal["rmsprop", "adam", "adamw"]
    learning_rate: float
    weight_decay: float = 0.0

    def build(
        self, parameters: Iterable[Parameter] | Iterable[dict[str, Any]]
    ) -> torch.optim.Optimizer:
        """Torch's, for a network's parameters, or for groups of them with rates of their own."""
        kind = OPTIMISERS[self.name]
        return kind(parameters, lr=self.learning_rate, weight_decay=self.weight_decay)


@dataclass(frozen=True)
class Schedule:
    """What the learning rate is multiplied by, after a linear warm-up of ``warmup`` epochs.

    ``steps``: by ``factor`` at each epoch of ``at``. ``exponential``: by ``factor`` every ``every``
    optimiser steps. ``linear`` and ``cosine``: down to zero at the end of the run. ``plateau``: by
    ``factor`` when ``score`` has not risen for ``patience`` epochs. With ``minutes`` a run has a
    time instead of a length: that long it learns, and an epoch is an equal share of it.
    """

    kind: Literal["constant", "linear", "cosine", "steps", "exponential", "plateau"] = "constant"
    factor: float = 1.0
    at: tuple[int, ...] = ()
    every: int = 1
    patience: int = 0
    warmup: float = 0.0
    minutes: float | None = None

    def rate(self, epoch: float, epochs: int, step: int) -> float:
        """The multiplier at a moment of the run; a plateau is not known here and counts as 1."""
        progress = min(epoch / epochs, 1.0)
        shapes: dict[str, float] = {
            "linear": 1 - progress,
            "cosine": 0.5 * (1 + math.cos(math.pi * progress)),
            "steps": self.factor ** sum(epoch >= at for at in self.at),
            "exponential": self.factor ** (step / self.every),
        }
        warm = min(1.0, epoch / self.warmup + 0.01) if self.warmup else 1.0
        return shapes.get(self.kind, 1.0) * warm
