"""Captured motion on bodies that nobody captured, sitting too.

Lengths of bones are drawn as widely as people and rigs differ, and every joint's definition is
moved: what one rig calls a hip lies centimetres from what another does, or from what people mark in
pictures. Works on N stretches at once, each with one body. Knows no cameras and no files.
"""

from __future__ import annotations

import numpy as np

from engine.skeleton import H36M17, kind_of

AS_CAPTURED = 0.25  # share of the bodies whose bones are as captured
SITTING = 0.12  # share of the stretches that are made to sit
ANKLE_HEIGHT = 0.08  # metres above the floor
HEADLESS = 0.30  # metres from thorax to crown where no head was captured
HALF_HIPS, HALF_SHOULDERS = (0.065, 0.145), (0.13, 0.25)  # metres
LEGS, TRUNK = 0.495, 0.288  # of the height; legs from hip to ankle
THIGH_TO_SHANK = (0.8, 1.25)
# The other bones, of the height, and the deviation of the logarithm.
OTHERS = {
    "nose": (0.105, 0.25), "head_top": (0.085, 0.20), "elbow": (0.163, 0.08), "wrist": (0.149, 0.08)
}  # fmt: skip
# Deviation in metres of where a joint is taken to be, in the trunk's axes: left, up, forward.
DEFINED = {
    "hip": (0, 0.025, 0.02), "shoulder": (0, 0.025, 0.02), "spine": (0, 0.02, 0.02),
    "nose": (0, 0.015, 0.03), "knee": (0.01, 0.01, 0.015), "ankle": (0.01, 0.015, 0.015),
    "elbow": (0.01, 0.01, 0.01), "wrist": (0.01, 0.015, 0.01),
}  # fmt: skip
THORAX_ABOVE = (0.4, 0.08)  # share of the bodies whose thorax is above the shoulders, by up to m

_JOINT = {name: i for i, name in enumerate(H36M17.keypoints)}
_SIDES = (("left", 1.0), ("right", -1.0))
_UPPER = [
    i for name, i in _JOINT.items() if kind_of(name) not in ("pelvis", "hip", "knee", "ankle")
]
_UP = np.array([0, 1, 0], np.float32)


def vary(poses: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The same motion on other bodies, mirrored in half of them, and how tall these are.

    poses: (N, T, 17, 3) metres, Y up → (N, T, 17, 3) and (N,) metres.
    """
    factors = _draw_factors(bone_lengths(poses), rng)
    carried = {kind: factors[kind] ** rng.random(len(poses)) for kind in ("hip", "shoulder")}
    varied, wider = poses.copy(), {}
    for parent, child in H36M17.bones:
        a, b, kind = _JOINT[parent], _JOINT[child], kind_of(child)
        bone = poses[:, :, b] - poses[:, :, a]
        factor = carried.get(kind, factors[kind])
        varied[:, :, b] = varied[:, :, a] + bone * factor[:, None, None]
        wider[b] = bone * (factors[kind] - factor)[:, None, None]
    height = stature(bone_lengths(varied))
    for joint, further in wider.items():  # of a hip, what the leg does not follow
        varied[:, :, joint] += further
    _redefine(varied, factors["hip"] != 1, rng)
    mirrored = varied[:, :, H36M17.flip] * np.array([-1, 1, 1], np.float32)
    return np.where(rng.random((len(poses), 1, 1, 1)) < 0.5, mirrored, varied), height


def _draw_factors(
    lengths: dict[str, np.ndarray], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """By kind, (N,) float32: what a bone's length is multiplied by; 1 for bodies as captured."""
    count = len(lengths["hip"])
    tall = rng.normal(1.72, 0.10, count).clip(1.45, 2.0)
    legs = LEGS * tall * np.exp(rng.normal(0, 0.05, count))
    ratio = np.exp(rng.uniform(np.log(THIGH_TO_SHANK[0]), np.log(THIGH_TO_SHANK[1]), count))
    trunk = TRUNK * tall * np.exp(rng.normal(0, 0.08, count))
    drawn = {
        "hip": rng.uniform(*HALF_HIPS, count),
        "shoulder": rng.uniform(*HALF_SHOULDERS, count),
        "knee": legs * ratio / (1 + ratio),
        "ankle": legs / (1 + ratio),
        "spine": trunk / 2,
        "thorax": trunk / 2,
    }
    for kind, (share, scatter) in OTHERS.items():
        drawn[kind] = share * tall * np.exp(rng.normal(0, scatter, count))
    weight = (rng.random(count) >= AS_CAPTURED) * rng.uniform(0.3, 1, count)
    return {
        kind: ((length / lengths[kind]) ** weight).astype(np.float32)
        for kind, length in drawn.items()
    }


def _redefine(poses: np.ndarray, which: np.ndarray, rng: np.random.Generator) -> None:
    """Move joints to where another rig has them, both sides alike, in place; which: (N,) bool."""
    count, axes = len(poses), trunk_axes(poses)
    thorax = rng.uniform(0, THORAX_ABOVE[1], count) * (rng.random(count) < THORAX_ABOVE[0])
    hips, shoulders = (
        [_JOINT[f"{side}_{kind}"] for side, _ in _SIDES] for kind in ("hip", "shoulder")
    )
    for kind, scatter in DEFINED.items():
        moved = rng.normal(0, 1, (count, 3)) * scatter * which[:, None]
        for side, sign in _SIDES if f"left_{kind}" in _JOINT else (("", 1.0),):
            joint = _JOINT[f"{side}_{kind}".removeprefix("_")]
            offset = (moved * [sign, 1, 1]).astype(poses.dtype)[:, None, None]
            poses[:, :, joint] += (offset @ axes)[:, :, 0]
    poses[:, :, 0] = poses[:, :, hips].mean(axis=2)
    above = axes[:, :, 1] * (thorax * which).astype(poses.dtype)[:, None, None]
    poses[:, :, _JOINT["thorax"]] = poses[:, :, shoulders].mean(axis=2) + above


def trunk_axes(poses: np.ndarray) -> np.ndarray:
    """(..., 17, 3) → (..., 3, 3): rows left, up and forward of each trunk, orthonormal."""
    up = _unit(poses[..., _JOINT["thorax"], :] - poses[..., 0, :])
    forward = _unit(np.cross(poses[..., _JOINT["left_hip"], :] - poses[..., 0, :], up))
    return np.stack([np.cross(up, forward), up, forward], axis=-2)


def height_of(poses: np.ndarray) -> np.ndarray:
    """(N,) metres, how tall those are whose poses (N, 17, 3) these are, when they stand."""
    return stature(bone_lengths(poses[:, None]))


def seat(poses: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Make some of those who are upright sit, the trunk leaning, arms and head as they moved.

    poses: (N, T, 17, 3) metres, Y up → the same.
    """
    count = len(poses)
    trunk = trunk_axes(poses[:, -1])
    upright = trunk[:, 1, 1] > 0.8
    rows = np.flatnonzero(upright & (rng.random(count) < SITTING))
    seated, n = poses[rows], len(rows)
    left = _unit(trunk[rows, 0] * [1, 0, 1])
    forward = np.cross(left, _UP)
    lean = _about(left, np.deg2rad(rng.normal(8, 15, n)))
    pelvis = seated[:, :, :1]
    above = seated[:, :, _UPPER] - pelvis
    seated[:, :, _UPPER] = above @ np.swapaxes(lean, 1, 2)[:, None] + pelvis
    together = np.deg2rad(rng.normal([0, 0], [12, 18], (n, 2)))  # thigh above level, shank forward
    for side, sign in _SIDES:
        hip, knee, ankle = (_JOINT[f"{side}_{part}"] for part in ("hip", "knee", "ankle"))
        raised, ahead = (together + np.deg2rad(rng.normal(0, 7, (n, 2)))).T[..., None]
        apart = np.deg2rad(rng.normal(10, 12, (n, 1))) * sign
        outward = np.cos(apart) * forward + np.sin(apart) * left
        thigh = np.cos(raised) * outward + np.sin(raised) * _UP
        shank = np.sin(ahead) * outward - np.cos(ahead) * _UP
        for a, b, direction in ((hip, knee, thigh), (knee, ankle, shank)):
            length = np.linalg.norm(poses[rows, -1, b] - poses[rows, -1, a], axis=-1)
            seated[:, :, b] = seated[:, :, a] + (direction * length[:, None])[:, None]
    result = poses.copy()
    result[rows] = seated
    return result


def _about(axes: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """(N, 3, 3) rotations about unit vectors (N, 3) (Rodrigues)."""
    cross = np.cross(np.eye(3), axes[:, None])  # rows are e × axis, so that cross @ v = axis × v
    sine, cosine = np.sin(angles)[:, None, None], np.cos(angles)[:, None, None]
    return np.asarray(np.eye(3) + sine * cross + (1 - cosine) * cross @ cross)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6))


def bone_lengths(poses: np.ndarray) -> dict[str, np.ndarray]:
    """By the kind of joint that a bone ends at: (N,) metres of (N, T, 17, 3), the mean of both
    sides in the last frame; `OTHERS` says how long the bones of a head are that is not there.
    """
    found: dict[str, list[np.ndarray]] = {}
    last = poses[:, -1]
    for parent, child in H36M17.bones:
        length = np.linalg.norm(last[:, _JOINT[child]] - last[:, _JOINT[parent]], axis=-1)
        found.setdefault(kind_of(child), []).append(length)
    means = {kind: np.maximum(np.mean(both, axis=0), 0.02) for kind, both in found.items()}
    crown = last[:, _JOINT["head_top"]] - last[:, _JOINT["thorax"]]
    headless = np.isnan(crown[:, 0])
    means["head"] = np.where(headless, HEADLESS, np.linalg.norm(crown, axis=-1))
    return means


def stature(lengths: dict[str, np.ndarray]) -> np.ndarray:
    """(N,) metres that somebody with these `bone_lengths` is tall when standing upright."""
    return np.asarray(
        sum(lengths[kind] for kind in ("knee", "ankle", "spine", "thorax", "head")) + ANKLE_HEIGHT
    )
