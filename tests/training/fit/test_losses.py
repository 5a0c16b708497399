"""What backbones are taught by, and how fast they are taught."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from training.fit.losses import heatmap_loss
from training.recipes.schedules import OPTIMISERS, Optimiser, Schedule


@pytest.fixture
def targets() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.rand(2, 16, 8, 8)


def off_by_one(targets: torch.Tensor, *joints: int) -> torch.Tensor:
    changed = targets.clone()
    changed[:, list(joints)] += 1
    return changed


def test_an_unlabelled_joint_is_masked(targets: torch.Tensor) -> None:
    weights = torch.ones(2, 16)
    weights[:, 3] = 0
    assert heatmap_loss([off_by_one(targets, 3)], targets, weights) == 0


def test_errors_are_summed_over_stacks_and_pixels(targets: torch.Tensor) -> None:
    maps = off_by_one(targets, 4)
    assert heatmap_loss([maps, maps], targets, torch.ones(2, 16)) == pytest.approx(2 * 64)


def test_a_joint_counts_by_its_weight(targets: torch.Tensor) -> None:
    weights = torch.ones(2, 16)
    weights[:, 4] = 1.5
    loss = heatmap_loss([off_by_one(targets, 4)], targets, weights)
    assert loss == pytest.approx(1.5 * 64)


def test_peaks_can_count_more_than_the_ground() -> None:
    targets = torch.zeros(1, 16, 8, 8)
    targets[0, 0, 2, 2] = 1.0
    missed = torch.zeros_like(targets)
    weights = torch.ones(1, 16)
    assert heatmap_loss([missed], targets, weights) == 1
    assert heatmap_loss([missed], targets, weights, emphasis=10.0) == 11


def test_only_the_hardest_joints_count_where_the_recipe_says_so(targets: torch.Tensor) -> None:
    maps = off_by_one(targets, *range(10))
    maps[:, 0] += 1  # off by two: four times the error
    loss = heatmap_loss([maps], targets, torch.ones(2, 16), hardest=8)
    assert loss == pytest.approx((4 + 7) * 64)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_brings_a_loss_down(name: str) -> None:
    layer = nn.Linear(1, 1)
    optimiser = Optimiser(name, 0.05).build(layer.parameters())  # type: ignore[arg-type]
    before = float(layer(torch.ones(1)).detach() ** 2)
    for _ in range(5):
        optimiser.zero_grad()
        (layer(torch.ones(1)) ** 2).sum().backward()
        optimiser.step()
    assert float(layer(torch.ones(1)).detach() ** 2) < before


class TestSchedules:
    def test_steps_multiply_at_their_epochs(self) -> None:
        hrnet = Schedule("steps", factor=0.1, at=(170, 200))
        rates = [hrnet.rate(epoch, 210, 0) for epoch in (0, 169.9, 170, 200)]
        assert rates == pytest.approx([1, 1, 0.1, 0.01])

    def test_exponential_decay_counts_optimiser_steps(self) -> None:
        martinez = Schedule("exponential", factor=0.96, every=100_000)
        assert martinez.rate(3.0, 200, 200_000) == pytest.approx(0.96**2)

    @pytest.mark.parametrize("kind", ["linear", "cosine"])
    def test_linear_and_cosine_end_at_zero(self, kind: str) -> None:
        schedule = Schedule(kind)  # type: ignore[arg-type]
        assert schedule.rate(0, 10, 0) == 1
        assert schedule.rate(5, 10, 0) == pytest.approx(0.5)
        assert schedule.rate(10, 10, 0) == pytest.approx(0)

    def test_a_warm_up_starts_low(self) -> None:
        schedule = Schedule(warmup=2.0)
        assert schedule.rate(0, 10, 0) == pytest.approx(0.01)
        assert schedule.rate(1, 10, 0) == pytest.approx(0.51)
        assert schedule.rate(2, 10, 0) == 1
