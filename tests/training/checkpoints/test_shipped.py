"""A model folder's weights in the network that it was exported from."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from training.artifacts.model_folder import export_onnx
from training.checkpoints.safe import CheckpointError
from training.checkpoints.shipped import restore

PICTURES = torch.rand(8, 3, 16, 16, generator=torch.Generator().manual_seed(1))


class Residual(nn.Module):
    """What goes past a convolution is added to its output in place."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = self.conv(x)
        return found.add_(x)


def network(channels: int = 4) -> nn.Sequential:
    """The first normalisation is folded into its convolution, the others have none before them."""
    return nn.Sequential(
        *(nn.Conv2d(3, channels, 3, bias=False), nn.BatchNorm2d(channels), nn.ReLU()),
        *(nn.BatchNorm2d(channels), Residual(channels), nn.BatchNorm2d(channels)),
        nn.Conv2d(channels, 2, 1),
    )


@pytest.fixture
def trained() -> nn.Sequential:
    torch.manual_seed(2)
    made = network()
    for values in (*made.parameters(), *made.buffers()):
        if values.is_floating_point():
            values.data.uniform_(0.5, 2)
    return made.eval()


@pytest.fixture
def folder(trained: nn.Module, tmp_path: Path) -> Path:
    export_onnx(trained, [PICTURES], ["image"], ["heatmaps"], tmp_path / "model.onnx")
    return tmp_path


def test_it_computes_what_the_folder_does_and_goes_on_training_from_there(
    trained: nn.Module, folder: Path
) -> None:
    begun = network()
    restore(begun, folder, lambda: begun(PICTURES))
    torch.testing.assert_close(begun.eval()(PICTURES), trained(PICTURES))
    first = begun[:2].train()(PICTURES)
    torch.testing.assert_close(first, begun[:2].eval()(PICTURES), rtol=0.05, atol=0.05)


def test_where_nothing_is_folded_parameters_are_known_by_name(tmp_path: Path) -> None:
    layers, points = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8)), torch.rand(5, 4)
    layers(points)  # statistics of its own
    export_onnx(layers, [points], ["keypoints"], ["joints"], tmp_path / "model.onnx")
    begun = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8))
    restore(begun, tmp_path, lambda: pytest.fail("nothing needs to be seen"))
    torch.testing.assert_close(begun.eval()(points), layers.eval()(points))


def test_a_folder_of_another_network_is_refused(folder: Path) -> None:
    wider = network(channels=8)
    with pytest.raises(CheckpointError, match="another network"):
        restore(wider, folder, lambda: wider(PICTURES))
    shorter = network()[:3]
    with pytest.raises(CheckpointError, match="another network"):
        restore(shorter, folder, lambda: shorter(PICTURES))
