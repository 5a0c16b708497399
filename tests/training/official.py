"""Stacked Hourglass as its two publishers lay it out, built from the facts, and what official files
look like: the stand-ins for checkpoints that are not part of this project.

The two are written apart from training/models, to compare with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.models.hrnet import HRNet

WIDTH, KEYPOINTS, LEVELS = 256, 16, 4


def pooled(x: Tensor) -> Tensor:
    return functional.max_pool2d(x, 2)


def doubled(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0)


class Conv(nn.Module):
    """princeton: a convolution with whatever follows it."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding=(kernel - 1) // 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)  # type: ignore[no-any-return]


class ConvNormReLU(Conv):
    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.bn(self.conv(x)))


class PrincetonResidual(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), Conv(inputs, outputs // 2)
        self.bn2, self.conv2 = nn.BatchNorm2d(outputs // 2), Conv(outputs // 2, outputs // 2, 3)
        self.bn3, self.conv3 = nn.BatchNorm2d(outputs // 2), Conv(outputs // 2, outputs)
        self.skip_layer = Conv(inputs, outputs)  # there even where it is not used
        self.same = inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(functional.relu(self.bn1(x)))
        y = self.conv2(functional.relu(self.bn2(y)))
        y = self.conv3(functional.relu(self.bn3(y)))
        return y + (x if self.same else self.skip_layer(x))  # type: ignore[no-any-return]


class PrincetonHourglass(nn.Module):
    def __init__(self, levels: int) -> None:
        super().__init__()
        self.up1 = PrincetonResidual(WIDTH, WIDTH)
        self.low1 = PrincetonResidual(WIDTH, WIDTH)
        self.low2: nn.Module = PrincetonResidual(WIDTH, WIDTH)
        if levels > 1:
            self.low2 = PrincetonHourglass(levels - 1)
        self.low3 = PrincetonResidual(WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return self.up1(x) + doubled(self.low3(self.low2(self.low1(pooled(x)))))  # type: ignore[no-any-return]


class Merge(nn.Module):
    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.conv = Conv(inputs, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)  # type: ignore[no-any-return]


class Princeton(nn.Module):
    """forward: RGB 0..1 → (N, stacks, 16, H/4, W/4)."""

    def __init__(self, stacks: int) -> None:
        super().__init__()
        self.pre = nn.Sequential(
            ConvNormReLU(3, 64, 7, 2),
            PrincetonResidual(64, 128),
            nn.MaxPool2d(2),
            PrincetonResidual(128, 128),
            PrincetonResidual(128, WIDTH),
        )
        self.hgs = nn.ModuleList(nn.Sequential(PrincetonHourglass(LEVELS)) for _ in range(stacks))
        self.features = nn.ModuleList(
            nn.Sequential(PrincetonResidual(WIDTH, WIDTH), ConvNormReLU(WIDTH, WIDTH))
            for _ in range(stacks)
        )
        self.outs = nn.ModuleList(Conv(WIDTH, KEYPOINTS) for _ in range(stacks))
        self.merge_features = nn.ModuleList(Merge(WIDTH) for _ in range(stacks - 1))
        self.merge_preds = nn.ModuleList(Merge(KEYPOINTS) for _ in range(stacks - 1))

    def forward(self, image: Tensor) -> Tensor:
        x, answers = self.pre(image), []
        for i, hourglass in enumerate(self.hgs):
            feature = self.features[i](hourglass(x))
            answers.append(self.outs[i](feature))
            if i < len(self.merge_preds):
                x = x + self.merge_preds[i](answers[-1]) + self.merge_features[i](feature)
        return torch.stack(answers, 1)


class BearpawResidual(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs // 2, 1)
        self.bn2 = nn.BatchNorm2d(outputs // 2)
        self.conv2 = nn.Conv2d(outputs // 2, outputs // 2, 3, padding=1)
        self.bn3, self.conv3 = nn.BatchNorm2d(outputs // 2), nn.Conv2d(outputs // 2, outputs, 1)
        if inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1))

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(functional.relu(self.bn1(x)))
        y = self.conv2(functional.relu(self.bn2(y)))
        y = self.conv3(functional.relu(self.bn3(y)))
        return y + (self.downsample(x) if hasattr(self, "downsample") else x)  # type: ignore[no-any-return]


def bearpaw_layer(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(BearpawResidual(inputs, outputs))


class BearpawHourglass(nn.Module):
    """``hg[level]``: up1, low1, low3 and, at the lowest level, what the others find below them."""

    def __init__(self) -> None:
        super().__init__()
        self.hg = nn.ModuleList(
            nn.ModuleList(bearpaw_layer(WIDTH, WIDTH) for _ in range(3 if level else 4))
            for level in range(LEVELS)
        )

    def forward(self, x: Tensor, level: int = LEVELS - 1) -> Tensor:
        parts: Sequence[nn.Module] = list(self.hg[level].children())
        low = parts[1](pooled(x))
        low = self.forward(low, level - 1) if level else parts[3](low)
        return parts[0](x) + doubled(parts[2](low))  # type: ignore[no-any-return]


class Bearpaw(nn.Module):
    """forward: RGB 0..1 less MPII's mean → a list of (N, 16, H/4, W/4)."""

    def __init__(self, stacks: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3), nn.BatchNorm2d(64)
        self.layer1, self.layer2 = bearpaw_layer(64, 128), bearpaw_layer(128, WIDTH)
        self.layer3 = bearpaw_layer(WIDTH, WIDTH)
        self.hg = nn.ModuleList(BearpawHourglass() for _ in range(stacks))
        self.res = nn.ModuleList(bearpaw_layer(WIDTH, WIDTH) for _ in range(stacks))
        self.fc = nn.ModuleList(
            nn.Sequential(nn.Conv2d(WIDTH, WIDTH, 1), nn.BatchNorm2d(WIDTH), nn.ReLU())
            for _ in range(stacks)
        )
        self.score = nn.ModuleList(nn.Conv2d(WIDTH, KEYPOINTS, 1) for _ in range(stacks))
        self.fc_ = nn.ModuleList(nn.Conv2d(WIDTH, WIDTH, 1) for _ in range(stacks - 1))
        self.score_ = nn.ModuleList(nn.Conv2d(KEYPOINTS, WIDTH, 1) for _ in range(stacks - 1))

    def forward(self, image: Tensor) -> list[Tensor]:
        x = self.layer1(functional.relu(self.bn1(self.conv1(image))))
        x, answers = self.layer3(self.layer2(pooled(x))), []
        for i, hourglass in enumerate(self.hg):
            y = self.fc[i](self.res[i](hourglass(x)))
            answers.append(self.score[i](y))
            if i < len(self.fc_):
                x = x + self.fc_[i](y) + self.score_[i](answers[-1])
        return answers


def small_hrnet(keypoints: int = 17) -> HRNet:
    return HRNet(18, keypoints, modules=(1, 3, 2), blocks=2)


def trained(network: nn.Module) -> nn.Module:
    """The network as if it had been trained: weights and statistics that let pictures through."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(module.weight)
        elif isinstance(module, nn.BatchNorm2d | nn.BatchNorm1d):
            module.momentum = 1.0
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.2, 0.2)
    with torch.no_grad():
        network.train()(torch.rand(4, 3, 64, 64))
    return network.eval()


def old_file(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state dict as PyTorch before 0.4.1 wrote it: batch norms count no batches."""
    return {name: value for name, value in state.items() if not name.endswith("batches_tracked")}


def prefixed(prefix: str, state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {prefix + name: value for name, value in state.items()}


def write_old(content: object, path: Path) -> Path:
    """As PyTorch 0.4 and numpy 1 wrote it: not a zip, scalars under ``numpy.core``."""
    torch.save(content, path, _use_new_zipfile_serialization=False)
    path.write_bytes(path.read_bytes().replace(b"numpy._core.", b"numpy.core."))
    return path
