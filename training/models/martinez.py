"""A simple yet effective baseline for 3D pose estimation (Martinez et al., ICCV 2017).

`Martinez` is the paper's network. Two modules serve it, pixels in, millimetres out, with everything
between inside the graph: `PaperLifter` as the paper does, for the cameras it was trained on, and
`Lifter` for any camera. Knows tensors only: no data, no losses, no files.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.skeleton import H36M17, kind_of, mirror_name

INPUTS = tuple(name for name in H36M17.keypoints if name != "nose")
MIRRORED = [INPUTS.index(mirror_name(name)) for name in INPUTS]
DETECTED = {"spine": "thorax", "thorax": "upper_neck"}  # what Hourglass detections stand in for
TORSO = ("hip", "shoulder", "pelvis", "spine", "thorax")


def clip_norm(weight: Tensor) -> Tensor:
    """The matrix, scaled down to a Frobenius norm of 1 where it exceeds that."""
    return torch.div(weight, weight.norm().clamp(min=1.0))


def mirror(points: Tensor) -> Tensor:
    """(N, K, D) with x turned over; the joints keep their names."""
    return torch.cat([-points[..., :1], points[..., 1:]], dim=-1)


class ConstrainedLinear(nn.Linear):
    """Linear layer whose weights act through `clip_norm` in the forward pass (section 3.2)."""

    def __init__(self, inputs: int, outputs: int, max_norm: bool) -> None:
        super().__init__(inputs, outputs)
        self.max_norm = max_norm
        nn.init.kaiming_normal_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(
            x, clip_norm(self.weight) if self.max_norm else self.weight, self.bias
        )

    def bake(self) -> None:
        """Store the weights as they act, so that an exported graph need not clip them."""
        if self.max_norm:
            self.weight.data = clip_norm(self.weight.data)
            self.max_norm = False


class Block(nn.Module):
    """Two times Linear → BN → ReLU → Dropout, with the block's input added (figure 2)."""

    def __init__(
        self, width: int, dropout: float, max_norm: bool, batch_norm: bool, residual: bool
    ) -> None:
        super().__init__()
        self.residual = residual
        self.w1 = ConstrainedLinear(width, width, max_norm)
        self.batch_norm1 = _batch_norm(width, batch_norm)
        self.w2 = ConstrainedLinear(width, width, max_norm)
        self.batch_norm2 = _batch_norm(width, batch_norm)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        y = self.dropout(functional.relu(self.batch_norm1(self.w1(x))))
        y = self.dropout(functional.relu(self.batch_norm2(self.w2(y))))
        return torch.add(x, y) if self.residual else y


class Martinez(nn.Module):
    """Standardised 2D keypoints (and, with ``visibility``, one flag each) → standardised 3D joints.

    forward: (N, 2 * num_inputs [+ num_inputs]) → (N, 3 * num_outputs). Names and shapes of the
    parameters are those of weigq/3d_pose_baseline_pytorch; the defaults have 4,291,632 of them.
    """

    def __init__(
        self,
        num_inputs: int = 16,
        num_outputs: int = 16,
        width: int = 1024,
        blocks: int = 2,
        dropout: float = 0.5,
        max_norm: bool = True,
        batch_norm: bool = True,
        residual: bool = True,
        visibility: bool = False,
    ) -> None:
        super().__init__()
        self.w1 = ConstrainedLinear(num_inputs * (3 if visibility else 2), width, max_norm)
        self.batch_norm1 = _batch_norm(width, batch_norm)
        self.linear_stages = nn.ModuleList(
            Block(width, dropout, max_norm, batch_norm, residual) for _ in range(blocks)
        )
        self.w2 = ConstrainedLinear(width, num_outputs * 3, max_norm)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        y = self.dropout(functional.relu(self.batch_norm1(self.w1(x))))
        for stage in self.linear_stages:
            y = stage(y)
        joints: Tensor = self.w2(y)
        return joints

    def bake(self) -> None:
        """`ConstrainedLinear.bake` for every layer: the same function, no clipping left in it."""
        for module in self.modules():
            if isinstance(module, ConstrainedLinear):
                module.bake()


class Standardised(nn.Module):
    """A network between the statistics of its training set: mean and deviation of every number."""

    mean_2d: Tensor  # (16, 2) and std_2d, of what goes in
    std_2d: Tensor
    mean_3d: Tensor  # (16, 3) mm and std_3d, of the joints without the pelvis
    std_3d: Tensor

    def __init__(self, network: Martinez) -> None:
        super().__init__()
        self.network = network
        for name, joints, axes in (("2d", len(INPUTS), 2), ("3d", len(H36M17) - 1, 3)):
            self.register_buffer(f"mean_{name}", torch.zeros(joints, axes))
            self.register_buffer(f"std_{name}", torch.ones(joints, axes))

    def millimetres(self, outputs: Tensor) -> Tensor:
        """The network's (N, 48) → joints (N, 17, 3) mm, the pelvis in front as the origin."""
        joints = outputs.reshape(-1, len(H36M17) - 1, 3) * self.std_3d + self.mean_3d
        pelvis = joints[:, :1] * 0.0  # written so that N stays dynamic in ONNX
        return torch.cat([pelvis, joints], dim=1)


class PaperLifter(Standardised):
    """Standardised pixels in, standardised millimetres out (section 3.1).

    forward: keypoints (N, 16, 2) pixels in the order of `INPUTS` → joints (N, 17, 3) mm in `H36M17`
    order, camera axes, relative to the pelvis. Means what it says only before cameras and pictures
    like those of its training set.
    """

    def forward(self, keypoints: Tensor) -> Tensor:
        return self.millimetres(self.network(self.standardised(keypoints)))

    def standardised(self, keypoints: Tensor) -> Tensor:
        """(N, 16, 2) pixels → (N, 32)."""
        return ((keypoints - self.mean_2d) / self.std_2d).flatten(1)


class Lifter(Standardised):
    """Keypoints of any camera and picture size → joints in space; what is unseen has no influence.

    forward: keypoints (N, 16, 2) pixels in the order of `INPUTS`, visible (N, 16), seen above 0.5
    → joints (N, 17, 3) mm in `H36M17` order, camera axes, relative to the pelvis. Outside training
    it is the mean of the pose and of the mirrored pose mirrored back: 3 mm better, and symmetric.
    weighs: visible says how sure a keypoint is, too, from 0.5 (not at all) to 1, and each keypoint
    counts as much.
    """

    centring: Tensor  # (16, 1) weights in the centre

    def __init__(self, network: Martinez, weighs: bool = False) -> None:
        super().__init__(network)
        self.weighs = weighs
        torso = [1.0 if kind_of(name) in TORSO else 1e-3 for name in INPUTS]
        self.register_buffer("centring", torch.tensor(torso)[:, None], persistent=False)

    def forward(self, keypoints: Tensor, visible: Tensor) -> Tensor:
        if self.training:
            return self.lift(keypoints, visible)
        keypoints = torch.cat([keypoints, mirror(keypoints)[:, MIRRORED]])
        joints = self.lift(keypoints, torch.cat([visible, visible[:, MIRRORED]]))
        joints, mirrored = joints.chunk(2)
        return torch.add(joints, mirror(mirrored)[:, H36M17.flip]) / 2

    def lift(self, keypoints: Tensor, visible: Tensor) -> Tensor:
        """One pass, as `forward` in training."""
        weights = self.weights(visible)
        seen = weights[..., None] > 0
        points = (self.normalise(keypoints, weights) - self.mean_2d) / self.std_2d * seen
        return self.millimetres(self.network(torch.cat([points.flatten(1), weights], dim=1)))

    def weights(self, visible: Tensor) -> Tensor:
        """(N, 16), what each keypoint counts: 0 where it is unseen, 1 where it is sure."""
        return (2 * visible - 1).clamp(0, 1) if self.weighs else (visible > 0.5).to(torch.float32)

    def normalise(self, keypoints: Tensor, weights: Tensor) -> Tensor:
        """(N, 16, 2) about the centre of the seen torso, in units of the seen joints' RMS distance.

        weights: (N, 16). Without a torso the other seen joints are the centre; unseen joints come
        out as zero.
        """
        counts = weights[..., None]
        points = torch.where(counts > 0, keypoints, 0.0)
        central = counts * self.centring
        centre = (points * central).sum(1, keepdim=True) / central.sum(1, keepdim=True).clamp(1e-6)
        offsets = (points - centre) * (counts > 0)
        square = (counts * offsets.square()).sum((1, 2), keepdim=True)
        return offsets / (square / counts.sum(1, keepdim=True).clamp(1e-6)).clamp(1e-6).sqrt()


def _batch_norm(width: int, wanted: bool) -> nn.Module:
    return nn.BatchNorm1d(width) if wanted else nn.Identity()
