"""A network that teaches another beside the labels."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from training.fit.distillation import SHARE, Teacher, open_teacher
from training.fit.losses import heatmap_loss
from training.models import Normalisation

AS_IT_IS = Normalisation(mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))


class SeesALamp(nn.Module):
    """Finds every joint where the picture is bright."""

    def forward(self, image: Tensor) -> list[Tensor]:
        bright = nn.functional.avg_pool2d(image.mean(1, keepdim=True), 4)
        return [torch.zeros_like(bright).expand(-1, 2, -1, -1), bright.expand(-1, 2, -1, -1)]


def lamp_at(row: int, column: int) -> Tensor:
    image = torch.zeros(1, 16, 16, 3, dtype=torch.uint8)
    image[:, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4] = 255
    return image


def test_the_mixed_target_pulls_as_labels_and_teacher_do_together() -> None:
    torch.manual_seed(0)
    image, targets, weights = lamp_at(1, 2), torch.rand(1, 2, 4, 4), torch.tensor([[1.0, 0.3]])
    seen = torch.zeros(1, 2, 4, 4)
    seen[:, :, 1, 2] = 1

    def pull(heatmaps: Tensor, loss: Tensor) -> Tensor:
        return torch.autograd.grad(loss, heatmaps)[0]

    heatmaps = torch.rand(1, 2, 4, 4, requires_grad=True)
    labels = heatmap_loss([heatmaps], targets, weights)
    teacher = heatmap_loss([heatmaps], seen, torch.ones(1, 2))
    mixed = heatmap_loss([heatmaps], *Teacher(SeesALamp(), AS_IT_IS)(image, targets, weights))
    torch.testing.assert_close(
        pull(heatmaps, mixed), pull(heatmaps, (1 - SHARE) * labels + SHARE * teacher)
    )


def test_a_joint_without_a_label_is_the_teachers_alone() -> None:
    targets, weights = torch.rand(1, 2, 4, 4), torch.tensor([[1.0, 0.0]])
    mixed, together = Teacher(SeesALamp(), AS_IT_IS)(lamp_at(3, 0), targets, weights)
    assert mixed[0, 1].argmax() == 3 * 4
    assert together[0].tolist() == pytest.approx([1.0, SHARE])


def test_a_teacher_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="name a run folder"):
        open_teacher(tmp_path)
