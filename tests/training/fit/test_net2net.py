"""A larger Hourglass that begins as a small one."""

from __future__ import annotations

import pytest
import torch

from training.fit.net2net import grown
from training.models.hourglass import StackedHourglass
from training.models.simple_baseline import SimpleBaseline

FEATURES = 8


def small_one() -> StackedHourglass:
    return StackedHourglass(1, FEATURES, num_keypoints=3)


@pytest.mark.parametrize(("stacks", "features"), [(1, 8), (2, 8), (1, 12), (3, 16)])
def test_every_stack_answers_as_the_small_one_did(stacks: int, features: int) -> None:
    torch.manual_seed(0)
    small = small_one()
    for _ in range(3):
        small(torch.rand(2, 3, 64, 64))  # the running means are no longer the initial ones
    large = StackedHourglass(stacks, features, num_keypoints=3)
    large.load_state_dict(grown(large.state_dict(), small.state_dict()))
    picture = torch.rand(2, 3, 64, 64)
    (expected,) = small.eval()(picture)
    heatmaps = large.eval()(picture)
    assert len(heatmaps) == stacks
    for heatmap in heatmaps:
        torch.testing.assert_close(heatmap, expected, atol=1e-5, rtol=1e-4)


def test_what_is_new_learns_from_the_first_step() -> None:
    torch.manual_seed(0)
    small, large = small_one(), StackedHourglass(2, 16, num_keypoints=3)
    large.load_state_dict(grown(large.state_dict(), small.state_dict()))
    torch.stack(large(torch.rand(2, 3, 64, 64))).square().mean().backward()  # type: ignore[no-untyped-call]
    for name in ("merge_features.0.weight", "scores.0.weight"):
        gradient = large.get_parameter(name).grad
        assert gradient is not None
        assert gradient[:, FEATURES:].any()


@pytest.mark.parametrize(
    "other",
    [
        SimpleBaseline(18, num_keypoints=3),
        StackedHourglass(1, FEATURES, num_keypoints=3, modules=2),
    ],
)
def test_what_does_not_fit_inside_is_refused(other: torch.nn.Module) -> None:
    large = StackedHourglass(2, 16, num_keypoints=3)
    with pytest.raises(ValueError, match="Only a Hourglass that fits inside"):
        grown(large.state_dict(), other.state_dict())
