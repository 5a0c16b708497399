"""The networks by name, as commands and recipes call them, and how each wants its pictures.

All 2D backbones map (N, 3, H, W) to a list of (N, K, H/4, W/4) heatmaps, one a stack; the last is
the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor, nn

from engine.skeleton import COCO17, MPII16
from training.models.hourglass import StackedHourglass
from training.models.hrnet import HRNet
from training.models.simple_baseline import SimpleBaseline

INPUT_SIZES = {MPII16.name: (256, 256), COCO17.name: (256, 192)}  # H, W where nothing else is said

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
        pixels = image.float().permute(0, 3, 1, 2) / 255  # cast first: TensorRT moves no uint8
        channels = pixels.unbind(1)[:: -1 if self.bgr else 1]
        normalised = zip(channels, self.mean, self.std, strict=True)
        return torch.stack([(channel - mean) / std for channel, mean, std in normalised], dim=1)


MPII_MEAN = Normalisation((0.4404, 0.4440, 0.4327))  # the Hourglass implementations' own
IMAGENET = Normalisation((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
IMAGENET_BGR = replace(IMAGENET, bgr=True)  # SimpleBaseline saw OpenCV's order with these constants


@dataclass(frozen=True)
class Network:
    """An architecture of a backbone and the normalisation of its pictures."""

    title: str  # for the dropdown
    build: Callable[..., nn.Module]  # takes num_keypoints
    normalisation: Normalisation


NETWORKS: dict[str, Network] = {
    "hourglass_1_small": Network(
        "Hourglass-1 small (128 features)",
        partial(StackedHourglass, stacks=1, features=128),
        MPII_MEAN,
    ),
    "hourglass_1": Network("Hourglass-1", partial(StackedHourglass, stacks=1), MPII_MEAN),
    "hourglass_2": Network("Hourglass-2", partial(StackedHourglass, stacks=2), MPII_MEAN),
    "hourglass_8": Network("Hourglass-8", partial(StackedHourglass, stacks=8), MPII_MEAN),
    "hrnet_w18_small": Network(
        "HRNet-W18-small", partial(HRNet, 18, modules=(1, 3, 2), blocks=2), IMAGENET
    ),
    "hrnet_w32": Network("HRNet-W32", partial(HRNet, 32), IMAGENET),
    "hrnet_w48": Network("HRNet-W48", partial(HRNet, 48), IMAGENET),
    "simple_baseline_r18": Network("SimpleBaseline-R18", partial(SimpleBaseline, 18), IMAGENET_BGR),
    "simple_baseline_r50": Network("SimpleBaseline-R50", partial(SimpleBaseline, 50), IMAGENET_BGR),
    "simple_baseline_r101": Network(
        "SimpleBaseline-R101", partial(SimpleBaseline, 101), IMAGENET_BGR
    ),
    "simple_baseline_r152": Network(
        "SimpleBaseline-R152", partial(SimpleBaseline, 152), IMAGENET_BGR
    ),
}
