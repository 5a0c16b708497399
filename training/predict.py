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
from training.models import Normalisation

BATCH = 20

Heatmaps = Callable[[np.ndarray], np.ndarray]  # (N, H, W, 3) uint8 RGB → (N, K, H/4, W/4)


class ServedBackbone(nn.Module):
    """What is exported: takes what the camera gives, gives the last stack's heatmaps."""

    def __init__(self, network: nn.Module, normalisation: Normalisation) -> None:
        super().__init__()
        self.network, self.normalisation = network, normalisation

    def forward(self, image: Tensor) -> Tensor:
        heatmaps: Tensor = self.network(self.normalisation(image))[-1]
        return heatmaps


def heatmaps_of(network: nn.Module, normalisation: Normalisation) -> Heatmaps:
    """A network under training as a function of numpy pictures."""
    device = next(network.parameters()).device
    served = ServedBackbone(network, normalisation).eval()

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
