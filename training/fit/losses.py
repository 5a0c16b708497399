"""The loss of backbones: squared errors of heatmaps, weighted joint by joint.

Knows tensors only.
"""

from __future__ import annotations

import torch
from torch import Tensor


def heatmap_loss(
    heatmaps: list[Tensor],
    targets: Tensor,
    weights: Tensor,
    emphasis: float = 0.0,
    hardest: int | None = None,
) -> Tensor:
    """Squared error summed over stacks (Newell 2016, section 3.3) and each sample's maps.

    heatmaps: one (N, K, H, W) a stack; targets: (N, K, H, W) peak 1; weights: (N, K), 0 masks a
    joint. emphasis: how much more a peak counts than the ground; with none, a fresh network takes
    long to learn that all zero is not the answer. hardest: only that many joints of each sample
    count, those with the largest error (online hard keypoint mining; Chen 2018, section 3.3).
    """
    mask = weights[:, :, None, None] * (1 + emphasis * targets)
    errors = torch.stack([(mask * (h.float() - targets) ** 2).sum(dim=(2, 3)) for h in heatmaps])
    if hardest is not None:
        errors = errors.topk(hardest, dim=2).values
    return errors.sum(dim=(0, 2)).mean()
