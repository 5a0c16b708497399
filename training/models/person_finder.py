"""A small one-pass person finder: centres, boxes and coarse keypoints of everybody in a picture.

Residual stages at strides 4 to 32 and a feature pyramid (Lin, CVPR 2017) that ends in one map at
stride 8, with the anchor-free outputs of CenterNet (Zhou 2019). Knows tensors only.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.models.model_spec import FINDER_STRIDE
from training.models.resnet import BasicBlock, conv3x3

CHANNELS = (32, 64, 96, 128)  # of the stages at strides 4, 8, 16, 32
BLOCKS = 2  # in each
WIDTH = 64  # of the pyramid
FIRST = 4  # pixels, each way, that the first convolution takes as one
OUTPUTS = ("centers", "boxes", "points")  # of a served finder
RARE = -4.6  # logit of a centre in a fresh network: one cell in a hundred (focal loss, Lin 2017)


class PersonFinder(nn.Module):
    """forward: (N, 3, H, W) → logits of the centres (N, 1, H/8, W/8), boxes (N, 4, H/8, W/8) and
    points (N, 2 * num_keypoints, H/8, W/8), as `engine.people.centres.Maps`, in input pixels.

    H and W are multiples of 32.
    """

    def __init__(self, num_keypoints: int = 17) -> None:
        super().__init__()
        self.stem = _conv(3 * FIRST**2, CHANNELS[0])
        inputs = (CHANNELS[0], *CHANNELS[:-1])
        self.stages = nn.ModuleList(
            _stage(i, o, stride=2 if index else 1)
            for index, (i, o) in enumerate(zip(inputs, CHANNELS, strict=True))
        )
        self.lateral = nn.ModuleList(nn.Conv2d(channels, WIDTH, 1) for channels in CHANNELS[1:])
        self.smooth = _conv(WIDTH, WIDTH)
        self.centers = nn.Sequential(_conv(WIDTH, WIDTH), nn.Conv2d(WIDTH, 1, 1))
        self.places = nn.Sequential(_conv(WIDTH, WIDTH), nn.Conv2d(WIDTH, 4 + 2 * num_keypoints, 1))
        nn.init.constant_(self.centers[-1].bias, RARE)  # type: ignore[arg-type]

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.stem(functional.pixel_unshuffle(image, FIRST))
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        top = self.lateral[-1](maps[-1])
        for lateral, finer in zip(self.lateral[-2::-1], maps[-2:0:-1], strict=True):
            top = functional.interpolate(top, scale_factor=2.0) + lateral(finer)
        top = self.smooth(top)
        places = self.places(top).float()
        boxes = places[:, :4].clamp(max=4.0).exp() * FINDER_STRIDE
        return self.centers(top).float(), boxes, places[:, 4:] * (4.0 * FINDER_STRIDE)


def _conv(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(conv3x3(inputs, outputs, stride), nn.BatchNorm2d(outputs), nn.ReLU())


def _stage(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    first = [_conv(inputs, outputs, stride)] if stride > 1 else []
    return nn.Sequential(*first, *(BasicBlock(outputs, outputs) for _ in range(BLOCKS)))


class ServedFinder(nn.Module):
    """A finder as `model.onnx` has it: the camera's picture in, probabilities of centres out.

    forward: (N, H, W, 3) uint8 RGB → centers, boxes, points.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        logits, boxes, points = self.network(normalised(image))
        return torch.sigmoid(logits), boxes, points


def normalised(image: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 RGB → (N, 3, H, W) float32, about -2..2."""
    return (image.float().permute(0, 3, 1, 2) - 128) / 64
