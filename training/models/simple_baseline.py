"""Simple Baselines for Human Pose Estimation and Tracking (Xiao, Wu, Wei; ECCV 2018).

Parameter names are torchvision's for the ResNet and the official checkpoints' for the head
(microsoft/human-pose-estimation.pytorch). Knows tensors only: no data, no losses, no files.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from training.models.resnet import BasicBlock, Bottleneck, residual_layer

# depth → (block, blocks in each of the four layers), He 2016, table 1
DEPTHS: dict[int, tuple[type[BasicBlock] | type[Bottleneck], tuple[int, int, int, int]]] = {
    18: (BasicBlock, (2, 2, 2, 2)),
    50: (Bottleneck, (3, 4, 6, 3)),
    101: (Bottleneck, (3, 4, 23, 3)),
    152: (Bottleneck, (3, 8, 36, 3)),
}
DECONVOLUTIONS, FILTERS = 3, 256  # section 3.1, 4x4 kernels


class SimpleBaseline(nn.Module):
    """A ResNet, three deconvolutions, heatmaps (section 2).

    depth: 18, 50, 101 or 152 layers.
    forward: (N, 3, H, W) → [(N, K, H/4, W/4)]; H and W are multiples of 32.
    """

    def __init__(self, depth: int = 50, num_keypoints: int = 17) -> None:
        super().__init__()
        block, (first, second, third, fourth) = DEPTHS[depth]
        e = block.expansion
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        self.layer1 = residual_layer(block, 64, 64, first)
        self.layer2 = residual_layer(block, 64 * e, 128, second, stride=2)
        self.layer3 = residual_layer(block, 128 * e, 256, third, stride=2)
        self.layer4 = residual_layer(block, 256 * e, 512, fourth, stride=2)
        self.deconv_layers = deconvolutions(512 * e)
        self.final_layer = nn.Conv2d(FILTERS, num_keypoints, 1)
        nn.init.normal_(self.final_layer.weight, std=0.001)

    def forward(self, image: Tensor) -> list[Tensor]:
        x = self.maxpool(functional.relu(self.bn1(self.conv1(image))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return [self.final_layer(self.deconv_layers(x))]


def deconvolutions(inputs: int) -> nn.Sequential:
    """Each doubles the resolution: deconvolution → BN → ReLU."""
    layers: list[nn.Module] = []
    for step in range(DECONVOLUTIONS):
        deconvolution = nn.ConvTranspose2d(
            FILTERS if step else inputs, FILTERS, 4, stride=2, padding=1, bias=False
        )
        nn.init.normal_(deconvolution.weight, std=0.001)
        layers += [deconvolution, nn.BatchNorm2d(FILTERS), nn.ReLU()]
    return nn.Sequential(*layers)
