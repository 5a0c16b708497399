"""Captured poses → what a camera and a 2D detector would make of them, as many ways as one likes.

Bodies are varied, cameras drawn, joints projected, and the projections blurred, mixed up and
dropped as detections are. Works on N poses at once. Knows no files and no networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.camera import focal_length, look_at, project, to_camera
from engine.skeleton import H36M17, MPII16, mirror_name

WIDTH, HEIGHT = 640, 480  # pixels of the pictures
NEAREST = 0.3  # metres from the camera to the nearest joint
CLOSE_UPS = 0.35  # share of the pictures framed to head and shoulders, as a webcam's often are

# The bone that ends at a joint, in metres; of a person of 1.75 m (Winter, Biomechanics, chapter 4).
_HUMAN = {
    "hip": 0.085, "knee": 0.42, "ankle": 0.42, "spine": 0.255, "thorax": 0.255,
    "nose": 0.20, "head_top": 0.165, "shoulder": 0.175, "elbow": 0.285, "wrist": 0.26,
}  # fmt: skip
_UPPER = np.array([n in ("head_top", "nose") or "shoulder" in n for n in H36M17.keypoints])
_FROM_H36M = {
    "pelvis": ("left_hip", "right_hip"),
    "thorax": ("left_shoulder", "right_shoulder"),
    "upper_neck": ("thorax", "head_top"),
}
_ARM_CHAINS, _LEG_CHAINS = (
    [[H36M17.index(f"{side}_{part}") for part in parts] for side in ("left", "right")]
    for parts in (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
)
_LEGS = ("left_knee", "left_ankle", "right_knee", "right_ankle")
_HIPS = ("left_hip", "right_hip", "pelvis")
_ARMS = ("left_elbow", "left_wrist", "right_elbow", "right_wrist")
# What a detector misses together: name → (how often, MPII-16 keypoints); half of them mirrored.
MISSING: dict[str, tuple[float, tuple[str, ...]]] = {
    "nothing": (12.0, ()),
    "legs": (4.0, _LEGS),
    "hips and legs": (4.0, _LEGS + _HIPS),
    "below the chest": (1.5, _LEGS + _HIPS + _ARMS),
    "ankles": (1.0, ("left_ankle", "right_ankle")),
    "one leg": (1.0, ("left_knee", "left_ankle")),
    "one side": (1.0, tuple(name for name in MPII16.keypoints if name.startswith("left_"))),
    "one arm": (2.0, ("left_elbow", "left_wrist")),
    "one wrist": (1.0, ("left_wrist",)),
    "both arms": (1.0, _ARMS),
    "head": (1.0, ("head_top", "upper_neck")),
}


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """N poses, each seen by a camera of its own."""

    keypoints: np.ndarray  # (N, 17, 2) float32 pixels, H36M-17
    joints: np.ndarray  # (N, 17, 3) float32 mm, camera axes, relative to the pelvis
    inside: np.ndarray  # (N, 17) bool, within the picture
    pitch: np.ndarray  # (N,) degrees, positive: the camera looks down


def vary_bodies(poses: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same poses on other bodies: bones nearer to human lengths and scattered, sides swapped.

    poses: (N, 17, 3) metres, Y up → (N, 17, 3). The sources' figures are few and partly odd.
    """
    toward_human, varied = rng.uniform(0, 1, len(poses)), np.zeros_like(poses)
    factors: dict[str, np.ndarray] = {}
    for parent, child in H36M17.bones:
        bone = poses[:, H36M17.index(child)] - poses[:, H36M17.index(parent)]
        kind = child.split("_", 1)[1] if child != mirror_name(child) else child
        if kind not in factors:  # both sides alike
            length = np.maximum(np.linalg.norm(bone, axis=1), 0.02)
            scatter = np.exp(rng.normal(0, 0.03, len(poses)))
            factors[kind] = scatter * (_HUMAN[kind] / length) ** toward_human
        start = varied[:, H36M17.index(parent)]
        varied[:, H36M17.index(child)] = start + bone * factors[kind][:, None]
    mirrored = varied[:, H36M17.flip] * np.array([-1, 1, 1], np.float32)
    return np.where(rng.random((len(poses), 1, 1)) < 0.5, mirrored, varied)


def swap_limbs(poses: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Some poses with the arms of others, some with the legs, held to the trunk as they were.

    poses: (N, 17, 3) metres → (N, 17, 3). People combine what they do more freely than recordings.
    """
    donors = rng.permutation(len(poses))
    trunks = _trunk_axes(poses)
    turn = np.swapaxes(trunks[donors], 1, 2) @ trunks
    swapped = poses.copy()
    for share, limbs in ((0.3, _ARM_CHAINS), (0.15, _LEG_CHAINS)):
        rows = np.flatnonzero(rng.random(len(poses)) < share)
        for start, *chain in limbs:
            offsets = poses[donors[rows]][:, chain] - poses[donors[rows]][:, [start]]
            swapped[rows[:, None], chain] = offsets @ turn[rows] + poses[rows][:, [start]]
    return swapped


def _trunk_axes(poses: np.ndarray) -> np.ndarray:
    """(N, 3, 3): rows left, up and forward of each trunk, orthonormal."""
    left, thorax = H36M17.index("left_hip"), H36M17.index("thorax")
    up = poses[:, thorax] - poses[:, 0]
    up = up / np.linalg.norm(up, axis=1, keepdims=True)
    forward = np.cross(poses[:, left] - poses[:, 0], up)
    forward = forward / np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-6)
    return np.stack([np.cross(up, forward), up, forward], axis=1)


def sample_views(
    poses: np.ndarray, rng: np.random.Generator, close_ups: float = CLOSE_UPS
) -> Views:
    """Put a camera before each of the (N, 17, 3) poses in metres, Y up.

    Yaw is all around, pitch -20..45, roll -5..5, the horizontal field of view 45..90 degrees. The
    person, or in close-ups head and shoulders, fills 30..95 % of the picture.
    """
    count = len(poses)
    pitch, roll = rng.uniform(-20, 45, count), rng.uniform(-5, 5, count)
    axes = look_at(_direction(rng.uniform(0, 360, count), pitch), np.zeros(3), roll)
    relative = to_camera(poses - poses[:, :1], axes, np.zeros(3))
    framed = _UPPER | (rng.random((count, 1)) >= close_ups)
    low = np.where(framed[..., None], relative, np.inf).min(axis=1)
    high = np.where(framed[..., None], relative, -np.inf).max(axis=1)
    focal = focal_length(rng.uniform(45, 90, count), WIDTH)
    fill = rng.uniform(0.3, 0.95, count)
    extent = np.maximum(high[:, 1] - low[:, 1], (high[:, 0] - low[:, 0]) * HEIGHT / WIDTH)
    middle = (low + high) / 2
    nearest = middle[:, 2] - relative[..., 2].min(axis=1)
    distance = np.maximum(focal * extent / (fill * HEIGHT), nearest + NEAREST)
    aside = rng.uniform(-1, 1, (count, 2)) * [WIDTH / 4, HEIGHT / 2] * (1 - fill[:, None])
    placed = relative - middle[:, None]
    placed[..., :2] += (aside * (distance / focal)[:, None])[:, None]
    placed[..., 2] += distance[:, None]
    keypoints = project(placed, focal[:, None, None], (WIDTH / 2, HEIGHT / 2))
    inside = np.all((keypoints >= 0) & (keypoints < [WIDTH, HEIGHT]), axis=2)
    return Views(keypoints.astype(np.float32), (relative * 1000).astype(np.float32), inside, pitch)


def _direction(yaw: np.ndarray, pitch: np.ndarray) -> np.ndarray:
    """(N, 3) unit vectors from the person to the camera; degrees."""
    y, p = np.deg2rad(yaw), np.deg2rad(pitch)
    return np.stack([np.sin(y) * np.cos(p), np.sin(p), np.cos(y) * np.cos(p)], axis=1)


def as_mpii16(views: Views) -> tuple[np.ndarray, np.ndarray]:
    """What a perfect detector gives: MPII-16 (N, 16, 2) pixels and (N, 16) bool, seen if inside."""
    parts = [
        [H36M17.index(part) for part in _FROM_H36M.get(name, (name,))] for name in MPII16.keypoints
    ]
    keypoints = np.stack([views.keypoints[:, part].mean(axis=1) for part in parts], axis=1)
    return keypoints, np.stack([views.inside[:, part].all(axis=1) for part in parts], axis=1)


def blur(
    keypoints: np.ndarray, seen: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Spoil (N, 16, 2) MPII-16 keypoints as a detector does; also what it still claims to see.

    Gaussian noise of up to 3 % of the person's size in the picture (limbs' ends 1.5 times that),
    now and then a joint that jumps, half of them noticed, and arms or legs taken for each other.
    """
    count = len(keypoints)
    size = np.ptp(np.clip(keypoints, 0, [WIDTH, HEIGHT]), axis=1).max(axis=1)[:, None, None]
    ends = [1.5 if "wrist" in name or "ankle" in name else 1.0 for name in MPII16.keypoints]
    noise = rng.normal(0, 1, keypoints.shape) * np.array(ends)[:, None]
    spoilt = keypoints + noise * size * rng.uniform(0, 0.03, (count, 1, 1))
    jumps = rng.random((count, 16)) < 0.02
    spoilt += jumps[..., None] * rng.normal(0, 0.2, keypoints.shape) * size
    for limbs in (_ARMS, _LEGS):
        which = [MPII16.index(name) for name in limbs]
        rows = np.flatnonzero(rng.random(count) < 0.02)[:, None]
        spoilt[rows, which] = spoilt[rows, MPII16.flip[which]]
    return spoilt, seen & ~(jumps & (rng.random((count, 16)) < 0.5))


def missing(name: str, mirrored: bool = False) -> np.ndarray:
    """(16,) bool, the MPII-16 keypoints of an entry of `MISSING`."""
    mask = np.array([keypoint in MISSING[name][1] for keypoint in MPII16.keypoints])
    return mask[MPII16.flip] if mirrored else mask


def drop(seen: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N, 16) bool with keypoints lost in the patterns of `MISSING`, and sometimes singly."""
    often = np.array([weight for weight, _ in MISSING.values()])
    patterns = np.array([[missing(name), missing(name, mirrored=True)] for name in MISSING])
    which = rng.choice(len(often), len(seen), p=often / often.sum())
    lost = patterns[which, rng.integers(0, 2, len(seen))]
    singly = rng.random(seen.shape) < rng.choice([0.0, 0.1], (len(seen), 1), p=[0.7, 0.3])
    return np.asarray(seen & ~lost & ~singly)
