"""The networks by name, as commands and recipes call them, and how each wants its pictures.

All 2D backbones map (N, 3, H, W) to a list of (N, K, H/4, W/4) heatmaps, one a stack; the last is
the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from training.models.hourglass import StackedHourglass

Channels = tuple[float, float, float]


@dataclass(frozen=True)
class Normalisation:
    """What is taken off a picture of 0..1, and what it is divided by, channel by channel.

    bgr: the channels are turned around first, the constants stay in the order given.
    """

    mean: Channels
    std: Channels = (1.0, 1.0, 1.0)
    bgr: bool = False

    def __call__(self, image: Tensor) -> Tensor:
        """(N, H, W, 3) uint8 RGB → (N, 3, H, W) float32."""
        pixels = image.float().permute(0, 3, 1, 2)  # cast first: TensorRT moves no uint8 about
        if self.bgr:
            pixels = pixels.flip(1)
        mean, std = (
            torch.tensor(c, device=image.device).view(3, 1, 1) for c in (self.mean, self.std)
        )
        return (pixels / 255 - mean) / std


MPII_MEAN = Normalisation((0.4404, 0.4440, 0.4327))  # the Hourglass implementations' own
IMAGENET = Normalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


@dataclass(frozen=True)
class Network:
    title: str  # for the dropdown
    build: Callable[..., nn.Module]  # takes num_keypoints
    normalisation: Normalisation


NETWORKS: dict[str, Network] = {
    "hourglass_1_small": Network(
        "Hourglass-1 small (128 features)", partial(StackedHourglass, 1, 128), MPII_MEAN
    ),
    "hourglass_1": Network("Hourglass-1", partial(StackedHourglass, 1), MPII_MEAN),
    "hourglass_2": Network("Hourglass-2", partial(StackedHourglass, 2), MPII_MEAN),
    "hourglass_8": Network("Hourglass-8", partial(StackedHourglass, 8), MPII_MEAN),
}
