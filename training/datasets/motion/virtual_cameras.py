"""Captured poses → how cameras see them, as many ways as one likes.

Bodies are varied, cameras drawn, joints projected. Works on N poses at once. Knows no files and
no detectors.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from engine.skeleton import H36M17, MPII16, kind_of
from engine.space.bone_lengths import HUMAN
from engine.space.camera import focal_length, look_at, project, to_camera
from training.datasets.motion.bodies import trunk_axes

WIDTH, HEIGHT = 640, 480  # pixels of the pictures
NEAREST = 0.3  # metres from the camera to the nearest joint
CLOSE_UPS = 0.25  # share of the pictures framed to head and shoulders, as a webcam's often are
OTHER_BODIES = 0.5  # share of the bodies that are not as captured
_UPPER = np.array([n in ("head_top", "nose") or "shoulder" in n for n in H36M17.keypoints])
_HALF = np.array([not n.endswith(("knee", "ankle")) for n in H36M17.keypoints])
_FROM_H36M = {
    "pelvis": ("left_hip", "right_hip"),
    "thorax": ("left_shoulder", "right_shoulder"),
    "upper_neck": ("thorax", "head_top"),
}
_ARM_CHAINS, _LEG_CHAINS = (
    [[H36M17.index(f"{side}_{part}") for part in parts] for side in ("left", "right")]
    for parts in (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
)


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """N poses or stretches of T, each seen by a camera of its own."""

    keypoints: np.ndarray  # (N, [T,] 17, 2) float32 pixels, H36M-17
    joints: np.ndarray  # (N, 17, 3) float32 mm, camera axes, from the pelvis; of the last of T
    inside: np.ndarray  # (N, [T,] 17) bool, within the picture
    pitch: np.ndarray  # (N,) degrees, positive: the camera looks down
    roll: np.ndarray  # (N,) degrees, positive: turned clockwise as it sees
    focal: np.ndarray  # (N,) pixels; the picture's middle is the centre
    up: np.ndarray  # (N, 3) float32 unit vectors in camera axes


def take(views: Views, rows: np.ndarray) -> Views:
    """Those of the indices ``rows``, in their order, as often as they are named."""
    return Views(*(getattr(views, field.name)[rows] for field in fields(Views)))


def vary_bodies(poses: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same poses on other bodies: half as captured, half with bones nearer to human lengths and
    scattered, as the sources' figures are few and partly odd; sides swapped in half of them.

    poses: (N, 17, 3) metres, Y up → (N, 17, 3).
    """
    other = rng.random(len(poses)) < OTHER_BODIES
    toward_human, varied = other * rng.uniform(0, 1, len(poses)), np.zeros_like(poses)
    factors: dict[str, np.ndarray] = {}
    for parent, child in H36M17.bones:
        bone = poses[:, H36M17.index(child)] - poses[:, H36M17.index(parent)]
        kind = kind_of(child)
        if kind not in factors:  # both sides alike
            length = np.maximum(np.linalg.norm(bone, axis=1), 0.02)
            scatter = np.exp(other * rng.normal(0, 0.03, len(poses)))
            factors[kind] = scatter * (HUMAN[kind] / 1000 / length) ** toward_human
        start = varied[:, H36M17.index(parent)]
        varied[:, H36M17.index(child)] = start + bone * factors[kind][:, None]
    mirrored = varied[:, H36M17.flip] * np.array([-1, 1, 1], np.float32)
    return np.where(rng.random((len(poses), 1, 1)) < 0.5, mirrored, varied)


def swap_limbs(poses: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Some poses with the arms of others, some with the legs, held to the trunk as they were.

    poses: (N, [T,] 17, 3) metres → the same. People combine what they do more freely than
    recordings.
    """
    donors = rng.permutation(len(poses))
    trunks = trunk_axes(poses)
    turn = np.swapaxes(trunks[donors], -1, -2) @ trunks
    swapped = poses.copy()
    for share, limbs in ((0.3, _ARM_CHAINS), (0.15, _LEG_CHAINS)):
        rows = np.flatnonzero(rng.random(len(poses)) < share)
        for start, *chain in limbs:
            given = poses[donors[rows]]
            offsets = given[..., chain, :] - given[..., [start], :]
            taking = swapped[rows]
            taking[..., chain, :] = offsets @ turn[rows] + taking[..., [start], :]
            swapped[rows] = taking
    return swapped


def sample_views(
    poses: np.ndarray,
    rng: np.random.Generator,
    close_ups: float = CLOSE_UPS,
    half_bodies: float = 0.0,
) -> Views:
    """Put a camera before each of the (N, 17, 3) poses in metres, Y up, or of the (N, T, 17, 3).

    Yaw is all around, pitch -20..45, roll -5..5, the horizontal field of view 45..90 degrees. The
    person, or in close-ups head and shoulders, or of half bodies all but the legs, fills 30..95 %
    of the picture.
    """
    over = tuple(range(1, poses.ndim - 1))  # what one camera sees
    apart = (slice(None), *[None] * (poses.ndim - 2))
    count = len(poses)
    pitch, roll = rng.uniform(-20, 45, count), rng.uniform(-5, 5, count)
    axes = look_at(_direction(rng.uniform(0, 360, count), pitch), np.zeros(3), roll)
    axes = axes.astype(poses.dtype)
    root = poses.reshape(count, -1, *poses.shape[-2:])[:, -1, 0]
    relative = to_camera(poses - root[apart], axes[apart[:-1]], np.zeros(3, poses.dtype))
    kind = rng.random((count, 1))
    part = np.where(kind < close_ups + half_bodies, _HALF, kind >= close_ups)
    framed = (_UPPER | part)[apart[:-1]] & ~np.isnan(relative[..., 0])
    low = np.where(framed[..., None], relative, np.inf).min(axis=over)
    high = np.where(framed[..., None], relative, -np.inf).max(axis=over)
    focal = focal_length(rng.uniform(45, 90, count), WIDTH)
    fill = rng.uniform(0.3, 0.95, count)
    extent = np.maximum(high[:, 1] - low[:, 1], (high[:, 0] - low[:, 0]) * HEIGHT / WIDTH)
    middle = (low + high) / 2
    nearest = middle[:, 2] - np.nanmin(relative[..., 2], axis=over)
    distance = np.maximum(focal * extent / (fill * HEIGHT), nearest + NEAREST)
    aside = rng.uniform(-1, 1, (count, 2)) * [WIDTH / 4, HEIGHT / 2] * (1 - fill[:, None])
    placed = relative - middle[apart]
    placed[..., :2] += (aside * (distance / focal)[:, None])[apart]
    placed[..., 2] += distance[apart]
    keypoints = project(placed, focal[apart][..., None], (WIDTH / 2, HEIGHT / 2))
    inside = np.all((keypoints >= 0) & (keypoints < [WIDTH, HEIGHT]), axis=-1)
    joints = relative.reshape(count, -1, *poses.shape[-2:])[:, -1] * 1000
    return Views(
        keypoints.astype(np.float32),
        joints.astype(np.float32),
        inside,
        pitch,
        roll,
        focal,
        axes[..., 1].astype(np.float32),
    )


def _direction(yaw: np.ndarray, pitch: np.ndarray) -> np.ndarray:
    """(N, 3) unit vectors from the person to the camera; degrees."""
    y, p = np.deg2rad(yaw), np.deg2rad(pitch)
    return np.stack([np.sin(y) * np.cos(p), np.sin(p), np.cos(y) * np.cos(p)], axis=1)


def as_mpii16(views: Views) -> tuple[np.ndarray, np.ndarray]:
    """What a perfect detector gives: MPII-16 (N, [T,] 16, 2) pixels and (N, [T,] 16) bool, seen if
    inside."""
    parts = [
        [H36M17.index(part) for part in _FROM_H36M.get(name, (name,))] for name in MPII16.keypoints
    ]
    keypoints = np.stack([views.keypoints[..., part, :].mean(axis=-2) for part in parts], axis=-2)
    return keypoints, np.stack([views.inside[..., part].all(axis=-1) for part in parts], axis=-1)
