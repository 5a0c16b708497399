"""Backbones on labelled pictures: the same crop and decoding as live, in batches."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from engine.crop import apply_affine, crop_frame
from engine.heatmaps import decode
from training.datasets.augment import person_box
from training.datasets.pictures import Picture

# RGB of MPII, which the Hourglass implementations take off.
MEAN = torch.tensor((0.4404, 0.4440, 0.4327)).view(1, 3, 1, 1)
BATCH = 20

Heatmaps = Callable[[np.ndarray], np.ndarray]  # (N, H, W, 3) uint8 RGB → (N, K, H/4, W/4)


def prepare(image: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 RGB → (N, 3, H, W) float32 as Hourglass networks take it."""
    pixels = image.float().permute(0, 3, 1, 2)  # cast first: TensorRT moves no uint8 about
    return pixels / 255 - MEAN.to(image.device)


class ServedBackbone(nn.Module):
    """What is exported: takes what the camera gives, gives the last stack's heatmaps."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        heatmaps: Tensor = self.network(prepare(image))[-1]
        return heatmaps


def heatmaps_of(network: nn.Module) -> Heatmaps:
    """A network under training as a function of numpy pictures."""
    device, served = next(network.parameters()).device, ServedBackbone(network).eval()

    def run(images: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return np.asarray(served(torch.from_numpy(images).to(device)).float().cpu())

    return run


def predict_pictures(
    heatmaps: Heatmaps, pictures: Sequence[Picture], size: tuple[int, int], padding: float = 1.25
) -> tuple[np.ndarray, np.ndarray]:
    """Keypoints found (N, K, 2), in picture pixels, and their scores (N, K)."""
    found, scores = [], []
    for start in range(0, len(pictures), BATCH):
        batch = pictures[start : start + BATCH]
        crops = [crop_frame(p.image(), person_box(p), size, padding) for p in batch]
        maps = heatmaps(np.stack([crop.image for crop in crops]))
        for picture, crop, picture_maps in zip(batch, crops, maps, strict=True):
            keypoints, peaks = decode(picture_maps, flip=picture.skeleton.flip)
            found.append(apply_affine(crop.to_frame, keypoints))
            scores.append(peaks)
    return np.stack(found), np.stack(scores)


def truth(pictures: Sequence[Picture]) -> tuple[np.ndarray, np.ndarray]:
    """Labelled keypoints (N, K, 2) and whether they are labelled (N, K)."""
    return np.stack([p.keypoints for p in pictures]), np.stack([p.labelled for p in pictures])
