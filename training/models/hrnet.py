"""Deep High-Resolution Representation Learning for Human Pose Estimation (Sun et al., CVPR 2019),
read top to bottom.

Parameter names are those of the official checkpoints (leoxiaobin/deep-high-resolution-net.pytorch).
Knows tensors only: no data, no losses, no files.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional

from training.models.resnet import BasicBlock, Bottleneck, conv3x3, residual_layer


class Fusion(nn.Module):
    """One multi-resolution module: every branch for itself, then each resolution the sum of all
    (section 3.2, figure 3).

    forward: a list of (N, C·2ⁱ, H/2ⁱ, W/2ⁱ) → the first ``outputs`` of the same shapes.
    """

    def __init__(self, widths: Sequence[int], blocks: int, outputs: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            residual_layer(BasicBlock, width, width, blocks) for width in widths
        )
        self.fuse_layers = nn.ModuleList(
            nn.ModuleList(exchange(widths, j, i) for j in range(len(widths)))
            for i in range(outputs)
        )

    def forward(self, x: list[Tensor]) -> list[Tensor]:
        x = [branch(y) for branch, y in zip(self.branches, x, strict=True)]
        return [functional.relu(fuse(row, x)) for row in self.fuse_layers]


def fuse(row: nn.Module, x: list[Tensor]) -> Tensor:
    """The sum of all resolutions, each brought to that of ``row``."""
    first, *rest = (layer(y) for layer, y in zip(row.children(), x, strict=True))
    fused: Tensor = sum(rest, start=first)
    return fused


def exchange(widths: Sequence[int], source: int, target: int) -> nn.Module:
    """Branch → branch: up by a 1x1 convolution and nearest neighbour, down by strided 3x3
    convolutions, of which the last changes the width and has no ReLU."""
    if source == target:
        return nn.Identity()
    inputs, outputs = widths[source], widths[target]
    if source > target:
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.Upsample(scale_factor=2.0 ** (source - target)),
        )
    halvings = [conv_bn_relu(inputs, inputs, stride=2) for _ in range(target - source - 1)]
    return nn.Sequential(*halvings, conv_bn_relu(inputs, outputs, stride=2)[:2])


def conv_bn_relu(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(conv3x3(inputs, outputs, stride), nn.BatchNorm2d(outputs), nn.ReLU())


def transition(before: Sequence[int], after: Sequence[int]) -> nn.ModuleList:
    """One branch more, halved from the lowest; the others are convolved where the width changes."""
    passing = (
        nn.Identity() if old == new else conv_bn_relu(old, new)
        for old, new in zip(before, after, strict=False)
    )
    return nn.ModuleList([*passing, nn.Sequential(conv_bn_relu(before[-1], after[-1], stride=2))])


def stage(widths: Sequence[int], modules: int, blocks: int, outputs: int) -> nn.Sequential:
    """``modules`` fusions in a row; the last gives ``outputs`` resolutions."""
    fusions = [Fusion(widths, blocks, len(widths)) for _ in range(modules - 1)]
    return nn.Sequential(*fusions, Fusion(widths, blocks, outputs))


class HRNet(nn.Module):
    """Picture → heatmaps, from a branch that keeps a quarter of the resolution throughout.

    width: channels C of that branch; the others have 2C, 4C and 8C. modules: fusions in stages 2,
    3 and 4; blocks: residual blocks of stage 1 and of a branch in each fusion. The defaults are the
    paper's; ``HRNet(18, modules=(1, 3, 2), blocks=2)`` is the authors' W18-small-v2
    (HRNet/HRNet-Image-Classification, cls_hrnet_w18_small_v2).
    forward: (N, 3, H, W) → [(N, K, H/4, W/4)]; H and W are multiples of 32.
    """

    def __init__(
        self,
        width: int = 32,
        num_keypoints: int = 17,
        modules: tuple[int, int, int] = (1, 4, 3),
        blocks: int = 4,
    ) -> None:
        super().__init__()
        widths = [width * 2**branch for branch in range(4)]
        self.conv1 = conv3x3(3, 64, stride=2)
        self.bn1 = nn.BatchNorm2d(64)
        self.conv2 = conv3x3(64, 64, stride=2)
        self.bn2 = nn.BatchNorm2d(64)
        self.layer1 = residual_layer(Bottleneck, 64, 64, blocks)
        self.transition1 = transition([64 * Bottleneck.expansion], widths[:2])
        self.stage2 = stage(widths[:2], modules[0], blocks, outputs=2)
        self.transition2 = transition(widths[:2], widths[:3])
        self.stage3 = stage(widths[:3], modules[1], blocks, outputs=3)
        self.transition3 = transition(widths[:3], widths)
        self.stage4 = stage(widths, modules[2], blocks, outputs=1)
        self.final_layer = nn.Conv2d(width, num_keypoints, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.normal_(module.weight, std=0.001)  # as the authors start from scratch

    def forward(self, image: Tensor) -> list[Tensor]:
        y = functional.relu(self.bn1(self.conv1(image)))
        y = functional.relu(self.bn2(self.conv2(y)))
        x = [self.layer1(y)]
        for widen, exchange in (
            (self.transition1, self.stage2),
            (self.transition2, self.stage3),
            (self.transition3, self.stage4),
        ):
            x = exchange([layer(y) for layer, y in zip(widen, [*x, x[-1]], strict=True)])
        return [self.final_layer(x[0])]
