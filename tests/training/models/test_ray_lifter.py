"""What the graph of a ray lifter promises, for any weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.models.model_spec import CAMERA
from engine.skeleton import H36M17
from engine.space.camera import look_at
from training.models.martinez import MIRRORED, mirror
from training.models.ray_lifter import OneView, OverTime, RayLifter, up_of

FOCAL, MIDDLE = 500.0, (320.0, 240.0)


def camera(count: int, **known: float) -> Tensor:
    """(count, 7), all alike."""
    facts = dict.fromkeys(CAMERA, 0.0) | {"focal_px": FOCAL, "x_px": MIDDLE[0], "y_px": MIDDLE[1]}
    return torch.tensor([list((facts | known).values())]).repeat(count, 1)


TILTED = {"pitch_deg": 20.0, "roll_deg": -4.0, "tilt_known": 1.0}


def ignore(lifter: RayLifter, inputs: slice) -> None:
    """Cut these inputs off."""
    layers = [lifter.network.layers[0]]
    if isinstance(lifter.network, OverTime):
        layers.append(lifter.network.expand[0])
    for layer in layers:
        assert isinstance(layer, torch.nn.Linear)
        layer.weight.data[:, inputs] = 0


@pytest.fixture(params=[OneView, OverTime], ids=["one view", "over time"])
def lifter(request: pytest.FixtureRequest) -> RayLifter:
    torch.manual_seed(1)
    built = RayLifter(request.param, 32).eval()
    for name, parameter in built.network.named_parameters():
        if name.startswith("add."):  # begins with zeros: as if it had learned
            torch.nn.init.normal_(parameter, 0, 0.1)
    return built


@pytest.fixture
def seen(lifter: RayLifter) -> tuple[Tensor, Tensor]:
    """Keypoints and visibility of four stretches; most is seen."""
    torch.manual_seed(2)
    steps = (4, lifter.network.window) if lifter.network.window > 1 else (4,)
    keypoints = torch.rand(*steps, 16, 2) * 200 + torch.tensor([250.0, 100.0])
    return keypoints, (torch.rand(*steps, 16) > 0.2).float()


def test_up_is_as_given_where_the_tilt_is_known(
    lifter: RayLifter, seen: tuple[Tensor, Tensor]
) -> None:
    _, up, _ = lifter(*seen, camera(4, **TILTED))
    eye = np.array([0.0, np.tan(np.deg2rad(20)), -1.0])
    world_up = look_at(eye, np.zeros(3), roll=-4.0)[:, 1]
    assert up.detach().numpy() == pytest.approx(np.tile(world_up, (4, 1)), abs=1e-5)


def test_up_is_a_unit_vector_where_it_is_estimated(
    lifter: RayLifter, seen: tuple[Tensor, Tensor]
) -> None:
    _, up, _ = lifter(*seen, camera(4))
    assert torch.allclose(up.norm(dim=1), torch.ones(4), atol=1e-5)
    assert (up[:, 1] < 0).all()


def test_size_of_the_picture_does_not_matter(
    lifter: RayLifter, seen: tuple[Tensor, Tensor]
) -> None:
    keypoints, visible = seen
    larger = camera(4, **TILTED) * torch.tensor([2.0, 2.0, 2.0, 1, 1, 1, 1])
    one, other = (
        lifter(keypoints, visible, camera(4, **TILTED)),
        lifter(2 * keypoints, visible, larger),
    )
    for a, b in zip(one, other, strict=True):
        assert torch.allclose(a, b, atol=1e-3)


def test_a_rolled_camera_sees_the_same_person(
    lifter: RayLifter, seen: tuple[Tensor, Tensor]
) -> None:
    """Turned about its axis by what it says, the picture is of the same body, turned; of a lifter
    that does not heed where in the picture the person is.
    """
    keypoints, visible = seen
    ignore(lifter, slice(49, 52))
    angle = torch.deg2rad(torch.tensor(30.0))
    turn = torch.tensor([[angle.cos(), angle.sin()], [-angle.sin(), angle.cos()]])
    middle = torch.tensor(MIDDLE)
    turned = (keypoints - middle) @ turn.T + middle
    level = camera(4, tilt_known=1.0, pitch_deg=10.0)
    rolled = camera(4, tilt_known=1.0, pitch_deg=10.0, roll_deg=30.0)
    joints, _, _ = lifter(keypoints, visible, level)
    found, up, _ = lifter(turned, visible, rolled)
    assert torch.allclose(up_of(rolled), up, atol=1e-5)
    expected = torch.cat([joints[..., :2] @ turn.T, joints[..., 2:]], dim=-1)
    assert torch.allclose(found, expected, atol=2.0)


def test_unseen_keypoints_have_no_influence(lifter: RayLifter, seen: tuple[Tensor, Tensor]) -> None:
    keypoints, visible = seen
    garbage = torch.where(visible[..., None] > 0.5, keypoints, torch.nan)
    for a, b in zip(
        lifter(keypoints, visible, camera(4)), lifter(garbage, visible, camera(4)), strict=True
    ):
        assert torch.equal(a, b)


def test_mirrored_person_comes_out_mirrored(lifter: RayLifter, seen: tuple[Tensor, Tensor]) -> None:
    keypoints, visible = seen
    flipped = torch.stack([2 * MIDDLE[0] - keypoints[..., 0], keypoints[..., 1]], dim=-1)
    other = {**TILTED, "roll_deg": 4.0}
    joints, up, spread = lifter(keypoints, visible, camera(4, **TILTED))
    found, found_up, found_spread = lifter(
        flipped[..., MIRRORED, :], visible[..., MIRRORED], camera(4, **other)
    )
    assert torch.allclose(mirror(found)[:, H36M17.flip], joints, atol=1e-2)
    assert torch.allclose(mirror(found_up), up, atol=1e-5)
    assert torch.allclose(found_spread[:, H36M17.flip], spread, atol=1e-2)


def test_twice_as_tall_is_twice_as_large(lifter: RayLifter, seen: tuple[Tensor, Tensor]) -> None:
    """Of a lifter that heeds nothing but the keypoints otherwise."""
    ignore(lifter, slice(48, None))
    small, large = (
        lifter(*seen, camera(4, **TILTED, body_height_m=tall))[0] for tall in (0.9, 1.8)
    )
    assert torch.allclose(2 * small, large, atol=1e-2)


@pytest.mark.parametrize("count", [0, 1])
def test_nearly_nothing_seen_is_still_finite(lifter: RayLifter, count: int) -> None:
    steps = (1, lifter.network.window) if lifter.network.window > 1 else (1,)
    visible = torch.zeros(*steps, 16)
    visible[..., :count] = 1
    joints, up, spread = lifter(torch.rand(*steps, 16, 2) * 400, visible, camera(1))
    assert joints.shape == spread.shape == (1, 17, 3)
    assert joints.isfinite().all()
    assert up.isfinite().all()
    assert (spread[:, 1:] > 0).all()
    assert not joints[:, 0].any()  # the pelvis is the origin


def test_over_time_begins_as_one_view() -> None:
    one, over = RayLifter(OneView, 32).eval(), RayLifter(OverTime, 32).eval()
    over.load_state_dict(one.state_dict(), strict=False)
    keypoints = torch.rand(4, 16, 2) * 200 + torch.tensor([250.0, 100.0])
    past = torch.zeros(4, OverTime.window, 16, 2)
    visible = torch.zeros(4, OverTime.window, 16)
    past[:, -1], visible[:, -1] = keypoints, 1.0
    first = one(keypoints, torch.ones(4, 16), camera(4, **TILTED))
    for a, b in zip(first, over(past, visible, camera(4, **TILTED)), strict=True):
        assert torch.allclose(a, b, atol=1e-2)
