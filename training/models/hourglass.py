"""Stacked Hourglass Networks for Human Pose Estimation (Newell, Yang, Deng; ECCV 2016), read top to
bottom.

Knows tensors only: no data, no losses, no files.
"""

from __future__ import annotations

from functools import partial

from torch import Tensor, nn
from torch.nn import functional

relu = partial(functional.relu, inplace=True)


class Residual(nn.Module):
    """Pre-activation bottleneck (figure 4, left): BN→ReLU→conv three times, 1x1, 3x3, 1x1; the
    input is added.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        middle = outputs // 2
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, middle, 1)
        self.bn2 = nn.BatchNorm2d(middle)
        self.conv2 = nn.Conv2d(middle, middle, 3, padding=1)
        self.bn3 = nn.BatchNorm2d(middle)
        self.conv3 = nn.Conv2d(middle, outputs, 1)
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(relu(self.bn1(x)))
        y = self.conv2(relu(self.bn2(y)))
        y = self.conv3(relu(self.bn3(y)))
        y += self.skip(x)
        return y  # type: ignore[no-any-return]


def residuals(features: int, count: int) -> nn.Module:
    """So many residual modules at one location."""
    modules = [Residual(features, features) for _ in range(count)]
    return modules[0] if count == 1 else nn.Sequential(*modules)


class Hourglass(nn.Module):
    """One hourglass (figure 3): pool and process down to the lowest resolution, then up again by
    nearest neighbour, adding at each scale a branch that kept its resolution."""

    def __init__(self, depth: int, features: int, modules: int = 1) -> None:
        super().__init__()
        self.up1 = residuals(features, modules)
        self.low1 = residuals(features, modules)
        self.low2 = (
            Hourglass(depth - 1, features, modules) if depth > 1 else residuals(features, modules)
        )
        self.low3 = residuals(features, modules)

    def forward(self, x: Tensor) -> Tensor:
        low = self.low3(self.low2(self.low1(functional.max_pool2d(x, 2))))
        return self.up1(x) + functional.interpolate(low, scale_factor=2.0)  # type: ignore[no-any-return]


class StackedHourglass(nn.Module):
    """Picture → one set of heatmaps a stack; the last is the answer, all are supervised (section
    3.3).

    wide_stem: full width right after the pool (bearpaw/pytorch-pose) or one residual later
    (princeton-vl/pytorch_stacked_hourglass), the only difference between the two. modules: residual
    modules at each location (the paper's figure 3 has one).
    forward: (N, 3, H, W) RGB 0..1, mean already taken off → list of (N, K, H/4, W/4); H and W are
    multiples of 4 · 2^depth.
    """

    def __init__(
        self,
        stacks: int = 8,
        features: int = 256,
        num_keypoints: int = 16,
        depth: int = 4,
        wide_stem: bool = True,
        modules: int = 1,
    ) -> None:
        super().__init__()
        half, pooled = features // 2, features if wide_stem else features // 2
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, stride=2, padding=3),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            Residual(64, half),
            nn.MaxPool2d(2),
            Residual(half, pooled),
            Residual(pooled, features),
        )
        self.hourglasses = nn.ModuleList(Hourglass(depth, features, modules) for _ in range(stacks))
        self.features = nn.ModuleList(
            nn.Sequential(
                residuals(features, modules),
                nn.Conv2d(features, features, 1),
                nn.BatchNorm2d(features),
                nn.ReLU(inplace=True),
            )
            for _ in range(stacks)
        )
        self.scores = nn.ModuleList(nn.Conv2d(features, num_keypoints, 1) for _ in range(stacks))
        self.merge_features = nn.ModuleList(
            nn.Conv2d(features, features, 1) for _ in range(stacks - 1)
        )
        self.merge_scores = nn.ModuleList(
            nn.Conv2d(num_keypoints, features, 1) for _ in range(stacks - 1)
        )

    def forward(self, image: Tensor) -> list[Tensor]:
        x = self.stem(image)
        heatmaps: list[Tensor] = []
        for stack, hourglass in enumerate(self.hourglasses):
            y = self.features[stack](hourglass(x))
            heatmaps.append(self.scores[stack](y))
            if stack < len(self.merge_features):
                x = x + self.merge_features[stack](y) + self.merge_scores[stack](heatmaps[-1])
        return heatmaps
