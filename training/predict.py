"""Networks on labelled pictures: the same crop and decoding as live, in batches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from engine.crop import apply_affine, crop_frame
from engine.heatmaps import decode
from training.datasets.augment import person_box
from training.datasets.pictures import Picture

MEAN = (0.4404, 0.4440, 0.4327)  # RGB of MPII, as the Hourglass implementations take it off


def prepare(image: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 RGB → (N, 3, H, W) float32 as Hourglass networks take it."""
    pixels = image.permute(0, 3, 1, 2).float() / 255
    return pixels - torch.tensor(MEAN, device=image.device)[None, :, None, None]


def predict_pictures(
    model: nn.Module, pictures: Sequence[Picture], size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keypoints found (N, 16, 2), true ones (N, 16, 2), both picture pixels, and labelled (N, 16)."""
    device = next(model.parameters()).device
    model.eval()
    found = []
    for start in range(0, len(pictures), 20):
        batch = pictures[start : start + 20]
        crops = [crop_frame(p.image(), person_box(p), (size, size)) for p in batch]
        with torch.inference_mode():
            image = torch.from_numpy(np.stack([crop.image for crop in crops])).to(device)
            heatmaps = model(prepare(image))[-1].float().cpu().numpy()
        for crop, maps in zip(crops, heatmaps, strict=True):
            found.append(apply_affine(crop.to_frame, decode(maps)[0]))
    truth = np.stack([p.keypoints for p in pictures])
    return np.stack(found), truth, np.stack([p.labelled for p in pictures])
