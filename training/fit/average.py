"""The running average of a network's weights, which is what ships. Knows tensors only."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

Tensors = tuple[Tensor, ...] | list[Tensor]


def follow(decay: float) -> Callable[[Tensors, Tensors, Tensor | int], None]:
    """An exponential moving average whose memory is short at first, so that it is useful from the
    first minute; with a decay of 0 it is the network itself.
    """

    def update(average: Tensors, current: Tensors, count: Tensor | int) -> None:
        weight = 1 - min(decay, (1 + int(count)) / (10 + int(count)))
        for mine, new in zip(average, current, strict=True):
            if mine.is_floating_point():
                mine.lerp_(new, weight)
            else:
                mine.copy_(new)

    return update
