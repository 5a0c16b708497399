"""A trained network that teaches another beside the labels: distillation of heatmaps.

Knows tensors and a run's checkpoint; the loop and the data are elsewhere.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from training.checkpoints.run_folder import load_trained
from training.models import Normalisation
from training.recipes.recipe import Recipe

SHARE = 0.5  # of the teacher in the loss (Zhang, Zhu, Ye; CVPR 2019, section 3.3: alpha)


def open_teacher(run: Path) -> Teacher:
    """The averaged network of a run. Raises FileNotFoundError, CheckpointError, or ValueError where
    the run is not of a backbone.
    """
    recipe, network = load_trained(run)
    if not isinstance(recipe, Recipe):
        raise ValueError(f"{run} is not a run of a backbone, and a backbone is taught by one.")
    return Teacher(network, recipe.known.normalisation)


class Teacher:
    """Mixes what a network sees into what the labels say."""

    def __init__(self, network: nn.Module, normalisation: Normalisation) -> None:
        self.network = network.eval().requires_grad_(False)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.normalisation = normalisation

    def __call__(self, image: Tensor, targets: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Targets and weights whose squared error is that of the labels and of the teacher, mixed.

        image: (N, H, W, 3) uint8 RGB; targets: (N, K, H/4, W/4); weights: (N, K).
        """
        self.network.to(image.device)
        with torch.no_grad():
            pictures = self.normalisation(image).contiguous(memory_format=torch.channels_last)
            seen = self.network(pictures)[-1].float()
        return mixed(targets, weights, seen, SHARE)


def mixed(targets: Tensor, weights: Tensor, seen: Tensor, share: float) -> tuple[Tensor, Tensor]:
    """Targets and weights of the labels, and of what a teacher saw with that share of the loss.

    targets, seen: (N, K, H/4, W/4); weights: (N, K); share: above 0. A joint without a label is the
    teacher's alone. The two losses and that of the mixed target differ by what no gradient sees.
    """
    labelled = (1 - share) * weights
    together = labelled + share
    goal = labelled[..., None, None] * targets + share * seen
    return goal / together[..., None, None], together
