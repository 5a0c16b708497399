"""A lifter that sees rays instead of pixels and uses what is known of camera and person.

Before the network all is turned to where the person is and then upright, so that place in the
picture, focal length and tilt of the camera change nothing that the network would have to learn;
where the tilt is not known a small network estimates it first. Behind it all is turned back.
`OneView` lifts a single picture (the blocks of Martinez 2017), `OverTime` the last second
(Pavllo 2019, section 3). Knows tensors only: no data, no losses, no files.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.skeleton import H36M17, kind_of
from training.models.martinez import INPUTS, MIRRORED, TORSO, Block, mirror

UNIT = 300.0  # mm, what the network counts in, for somebody of `TALL` metres
TALL = 1.7
GLOBAL = 9  # numbers beside the keypoints, see `RayLifter._known`
LEAST = 1e-6


class Lifted(NamedTuple):
    """N poses in camera axes."""

    joints: Tensor  # (N, 17, 3) mm from the pelvis, H36M-17
    up: Tensor  # (N, 3) unit vectors: as given where the tilt is known, else as estimated
    spread: Tensor  # (N, 17, 3) mm, standard deviations; 0 for the pelvis
    estimated_up: Tensor  # (N, 3), whether it is known or not


class OneView(nn.Module):
    """(N, 1, inputs) → (N, outputs): layers as wide as each other, each block with a way past it
    (Martinez 2017, figure 2).
    """

    window = 1

    def __init__(self, inputs: int, outputs: int, width: int = 512, blocks: int = 2) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *_layer(inputs, width),
            *(
                Block(width, 0.0, max_norm=False, batch_norm=True, residual=True)
                for _ in range(blocks)
            ),
            nn.Linear(width, outputs),
        )

    def forward(self, frames: Tensor) -> Tensor:
        outputs: Tensor = self.layers(frames.flatten(1))
        return outputs


class OverTime(OneView):
    """(N, 27, inputs) → (N, outputs): the last frame as `OneView` has it, and added to its first
    layer what convolutions make of all frames: over three steps, three of them deep, as they act on
    the last frame alone (Pavllo 2019, section 3 and appendix A.5: strided, not dilated).

    At first they add nothing, so that it may go on from a trained `OneView`.
    """

    window = 27

    def __init__(self, inputs: int, outputs: int, width: int = 512, past: int = 128) -> None:
        super().__init__(inputs, outputs, width)
        self.expand = nn.Sequential(*_layer(inputs, past))
        self.levels = nn.ModuleList(
            nn.Sequential(*_layer(3 * past, past), *_layer(past, past)) for _ in range(3)
        )
        self.add = nn.Linear(past, width)
        nn.init.zeros_(self.add.weight)
        nn.init.zeros_(self.add.bias)

    def forward(self, frames: Tensor) -> Tensor:
        x = self.expand(frames.reshape(-1, frames.shape[2]))
        width = x.shape[1]
        for level in self.levels:
            threes = x.reshape(-1, 3 * width)
            x = threes[:, -width:] + level(threes)
        outputs: Tensor = self.layers[1:](self.layers[0](frames[:, -1]) + self.add(x))
        return outputs


class RayLifter(nn.Module):
    """Keypoints through a camera → joints in space, with how sure each is, and where up is.

    forward: keypoints (N, 16, 2) pixels in the order of `INPUTS`, visible (N, 16), how sure they
    are from 0.5 to 1 and 0 where unseen, camera (N, 7) as `engine.models.model_spec.CAMERA` →
    joints, up, spread of `Lifted`. With `OverTime` keypoints are (N, 27, 16, 2), the last one now.
    Outside training it is the mean of the pose and of the mirrored pose mirrored back.
    """

    centring: Tensor  # (16,) weights in the centre
    recent: Tensor  # (T, 1) weights of frames in centre and size: the last counts most
    calibration: Tensor  # (), what the spread is multiplied by

    def __init__(self, network: type[OneView] | type[OverTime], width: int) -> None:
        super().__init__()
        inputs, outputs = 3 * len(INPUTS) + GLOBAL, 9 * (len(H36M17) - 1)
        self.network = network(inputs, outputs, width)
        self.looked_at = slice((network.window - 1) % 9, None, 9)  # frames that the tilt is seen in
        self.tilt = nn.Sequential(*_layer(inputs, 256), *_layer(256, 256), nn.Linear(256, 3))
        torso = [1.0 if kind_of(name) in TORSO else 1e-3 for name in INPUTS]
        age = torch.arange(network.window - 1, -1, -1.0)[:, None]
        self.register_buffer("centring", torch.tensor(torso), persistent=False)
        self.register_buffer("recent", 0.5**age + 1e-3, persistent=False)
        self.register_buffer("calibration", torch.tensor(1.0))

    def forward(
        self, keypoints: Tensor, visible: Tensor, camera: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        lifted = self.lift(
            torch.cat([keypoints, mirror(keypoints)[..., MIRRORED, :]]),
            torch.cat([visible, visible[..., MIRRORED]]),
            torch.cat([camera, _mirror_camera(camera)]),
        )
        joints, mirrored = lifted.joints.chunk(2)
        joints = torch.add(joints, mirror(mirrored)[:, H36M17.flip]) / 2
        one, other = lifted.up.chunk(2)
        up = _unit(torch.add(one, mirror(other)))
        one, other = lifted.spread.chunk(2)
        spread = torch.add(one, other[:, H36M17.flip]) / 2 * self.calibration
        return joints, up, spread

    def lift(self, keypoints: Tensor, visible: Tensor, camera: Tensor) -> Lifted:
        """One pass."""
        frames = (-1, self.network.window, len(INPUTS))  # so that N stays dynamic in ONNX
        weights = (2 * visible - 1).clamp(0, 1).reshape(frames)
        seen = weights[..., None] > 0
        rays = _rays(keypoints.reshape(*frames, 2), seen, camera)
        aim = self._aim(rays, weights)
        points, size = self._normalise(rays @ aim[:, None].transpose(-1, -2), weights)
        known = self._known(size, aim[:, 2], camera)
        guess = self._guess_up(points * seen, weights, known, aim)
        tilted = camera[:, 5:6] > 0.5
        up = torch.where(tilted, (aim @ up_of(camera)[..., None])[..., 0], guess)
        upright, level = _upright(up)
        points = (points @ level[:, None, :2, :2].transpose(-1, -2)) * seen
        known = torch.cat([known[:, :-2], upright[:, 1:, 2]], dim=1)
        found = self.network(self._frames(points, weights, known))
        unit = UNIT / TALL * torch.where(camera[:, 6:] > 0, camera[:, 6:], TALL)
        return self._turned_back(found, unit[..., None], aim, upright, level, up, guess)

    def _aim(self, rays: Tensor, weights: Tensor) -> Tensor:
        """(N, 3, 3), rows: the axes of a camera that looks at the person; its x stays level."""
        central = (weights * self.centring * self.recent)[..., None]
        away = _unit((rays * central).sum((1, 2)) + rays.new_tensor([0.0, 0.0, LEAST]))
        right = _unit(_cross(rays.new_tensor([[0.0, 1.0, 0.0]]).expand_as(away), away))
        return torch.stack([right, _cross(away, right), away], dim=1)

    def _normalise(self, rays: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
        """(N, T, 16, 2) in units of their RMS distance from the middle, which is (N, 1)."""
        points = rays[..., :2] / rays[..., 2:].clamp(min=0.2)
        counts = (weights * self.recent)[..., None]
        square = (counts * points.square()).sum((1, 2, 3)) / counts.sum((1, 2, 3)).clamp(LEAST)
        size = square.clamp(LEAST).sqrt()[:, None]
        return points / size[:, None, None], size

    def _known(self, size: Tensor, away: Tensor, camera: Tensor) -> Tensor:
        """(N, 9): size in the picture, where in the picture, height, tilt; the last two are the
        sine and the cosine of how far the person is seen from above, once that is known.
        """
        tall = camera[:, 6:]
        height = torch.where(tall > 0, tall - TALL, 0.0)
        unknown = torch.zeros_like(away[:, :2])
        flags = [5 * height, (tall > 0).to(size.dtype), camera[:, 5:6]]
        return torch.cat([size.log() + 1.5, 2 * away, *flags, unknown], dim=1)

    def _frames(self, points: Tensor, weights: Tensor, known: Tensor) -> Tensor:
        """(N, T, inputs) of the networks."""
        every = known[:, None].expand(-1, points.shape[1], -1)
        return torch.cat([points.flatten(2), weights, every], dim=2)

    def _guess_up(self, points: Tensor, weights: Tensor, known: Tensor, aim: Tensor) -> Tensor:
        """(N, 3) in aimed axes: what is up in the picture, corrected by what every ninth frame
        says, as much as is seen in it.
        """
        inputs = self._frames(points, weights, known)[:, self.looked_at]
        found = self.tilt(inputs.flatten(0, 1)).reshape(-1, inputs.shape[1], 3)
        counts = weights[:, self.looked_at].sum(2, keepdim=True) + LEAST
        return _unit((found * counts).sum(1) / counts.sum(1) - aim[..., 1])

    def _turned_back(
        self,
        found: Tensor,
        unit: Tensor,
        aim: Tensor,
        upright: Tensor,
        level: Tensor,
        up: Tensor,
        guess: Tensor,
    ) -> Lifted:
        """Network outputs (N, 9 * 16) in ``unit`` mm → camera axes. Joints are the sum of what is
        said in the axes of the view and in those of gravity: each is simple in one of them.
        """
        in_view, in_room, spread = found.reshape(-1, 3, len(H36M17) - 1, 3).unbind(1)
        to_camera = level @ aim
        joints = (in_view @ to_camera + in_room @ upright @ aim) * unit
        variance = (2 * spread.clamp(-4, 3) - 4).exp()
        spread = (variance @ to_camera.square()).sqrt() * unit
        pelvis = joints[:, :1] * 0.0  # written so that N stays dynamic in ONNX
        return Lifted(
            torch.cat([pelvis, joints], dim=1),
            (up[:, None] @ aim)[:, 0],
            torch.cat([pelvis, spread], dim=1),
            (guess[:, None] @ aim)[:, 0],
        )


def _layer(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
    return nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.ReLU()


def _rays(keypoints: Tensor, seen: Tensor, camera: Tensor) -> Tensor:
    """(N, T, 16, 3) unit vectors; along the axis where nothing is seen."""
    focal, centre = camera[:, None, None, :1], camera[:, None, None, 1:3]
    offsets = torch.where(seen, (keypoints - centre) / focal, 0.0)
    return functional.normalize(torch.cat([offsets, torch.ones_like(offsets[..., :1])], -1), dim=-1)


def up_of(camera: Tensor) -> Tensor:
    """(N, 3) in camera axes, of its pitch and roll."""
    pitch, roll = (camera[:, 3:5] * (torch.pi / 180)).unbind(1)
    away = -pitch.sin()
    return torch.stack([-roll.sin() * pitch.cos(), -roll.cos() * pitch.cos(), away], dim=1)


def _upright(up: Tensor) -> tuple[Tensor, Tensor]:
    """Aimed axes → gravity's (x level, y down) and → the view's (x level, z towards the person),
    rows (N, 3, 3) both.
    """
    down, forward = -up, torch.zeros_like(up)
    forward = torch.cat([forward[:, :2], forward[:, 2:] + 1], dim=1)
    away = _unit(forward - down * down[:, 2:])
    right = _cross(down, away)
    upright = torch.stack([right, down, away], dim=1)
    return upright, torch.stack([right, _cross(forward, right), forward], dim=1)


def _mirror_camera(camera: Tensor) -> Tensor:
    signs = camera.new_tensor([1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0])
    return camera * signs


def _cross(a: Tensor, b: Tensor) -> Tensor:
    ax, ay, az = a.unbind(-1)
    bx, by, bz = b.unbind(-1)
    return torch.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], dim=-1)


def _unit(vectors: Tensor) -> Tensor:
    return functional.normalize(vectors, dim=-1, eps=LEAST)
