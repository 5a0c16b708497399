"""Invented poses of people who sit or stand before a webcam: typing, waving, a hand at the face."""

from __future__ import annotations

import numpy as np

from training.synthetic.rotations import unit

# Where the left wrist is, in metres to the left, up and ahead of the middle of the shoulders; and
# where its fingers point.
_WRISTS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "typing": ((0.16, -0.36, 0.36), (-0.3, -0.1, 1.0)),
    "lap": ((0.12, -0.48, 0.2), (-0.7, -0.2, 0.7)),
    "chin": ((0.06, 0.02, 0.2), (-0.4, 1.0, -0.1)),
    "cheek": ((0.1, 0.1, 0.16), (-0.1, 1.0, -0.2)),
    "ear": ((0.14, 0.16, 0.08), (-0.3, 1.0, -0.1)),
    "wave": ((0.36, 0.16, 0.24), (0.1, 1.0, 0.1)),
    "raised": ((0.28, 0.5, 0.08), (0.0, 1.0, 0.1)),
    "crossed": ((-0.12, -0.26, 0.24), (-1.0, 0.2, 0.1)),
    "pointing": ((0.2, -0.04, 0.48), (0.1, 0.1, 1.0)),
    "nape": ((0.1, 0.14, -0.1), (-1.0, 0.2, -0.2)),
    "hanging": ((0.27, -0.52, 0.05), (0.0, -1.0, 0.2)),
    "explaining": ((0.28, -0.22, 0.32), (-0.2, 0.4, 1.0)),
}
_UPPER_ARM, _FOREARM, _THIGH, _SHANK = 0.28, 0.26, 0.42, 0.42  # metres


def desk_pose(rng: np.random.Generator, seated: bool) -> dict[str, np.ndarray]:
    """The common names of captured joints → (1, 3) metres, facing +Z, the hips at the origin."""
    left, up, ahead = chest = _chest_axes(rng)
    joints = {"spine": 0.25 * up, "neck": 0.55 * up + 0.02 * ahead}
    joints["head"] = joints["neck"] + 0.1 * up + 0.02 * ahead + rng.normal(0, 0.01) * left
    joints["head_top"] = joints["head"] + rng.normal([0, 0.18, 0.03], [0.03, 0, 0.03]) @ chest
    names = rng.choice(list(_WRISTS), 2)
    gestures = names if rng.random() < 0.7 else names[[0, 0]]
    for side, sign, gesture in zip("lr", (1, -1), gestures, strict=True):
        _place_leg(joints, rng, side, sign, seated)
        _place_arm(joints, rng, side, chest * [[sign], [1], [1]], str(gesture))
    return {name: point[None] for name, point in joints.items()}


def _chest_axes(rng: np.random.Generator) -> np.ndarray:
    """(3, 3) whose rows are left, up and ahead of a chest that leans and turns a little."""
    up = unit(np.array([rng.normal(0, 0.07), 1.0, rng.normal(0.08, 0.12)]))
    turn = rng.normal(0, 0.12)
    ahead = unit(np.cross([np.cos(turn), 0.0, -np.sin(turn)], up))
    return np.stack([np.cross(up, ahead), up, ahead])


def _place_leg(
    joints: dict[str, np.ndarray], rng: np.random.Generator, side: str, sign: int, seated: bool
) -> None:
    if seated:
        thigh = unit(np.array([sign * rng.uniform(0, 0.3), rng.uniform(-0.15, 0.1), 1.0]))
    else:
        thigh = unit(np.array([sign * rng.uniform(0, 0.15), -1.0, rng.uniform(-0.02, 0.1)]))
    back = rng.uniform(-0.33, 0.22) if seated else -0.03
    shank = unit(np.array([sign * rng.normal(0, 0.1), -1.0, back]))
    joints[side + "_hip"] = np.array([0.09 * sign, 0.0, 0.0])
    joints[side + "_knee"] = joints[side + "_hip"] + _THIGH * thigh
    joints[side + "_ankle"] = joints[side + "_knee"] + _SHANK * shank
    joints[side + "_toe"] = joints[side + "_ankle"] + [0.04 * sign, -0.035, 0.13]


def _place_arm(
    joints: dict[str, np.ndarray],
    rng: np.random.Generator,
    side: str,
    outward: np.ndarray,
    gesture: str,
) -> None:
    """outward: (3, 3), rows: away from the body's middle, up, ahead."""
    place, fingers = np.array(_WRISTS[gesture])
    middle = joints["neck"] - 0.05 * outward[1]
    shoulder = middle + np.array([0.18, rng.normal(0, 0.015), 0.0]) @ outward
    aim = middle + rng.normal(place, 0.04) @ outward - shoulder
    distance = np.clip(np.linalg.norm(aim), 0.1, 0.98 * (_UPPER_ARM + _FOREARM))
    along, toward = unit(aim), rng.normal([0.5, -1.0, -0.5], [0.3, 0.0, 0.0]) @ outward
    aside = unit(toward - along * (toward @ along))
    ahead = (_UPPER_ARM**2 - _FOREARM**2 + distance**2) / (2 * distance)
    joints[side + "_shoulder"] = shoulder
    joints[side + "_elbow"] = shoulder + ahead * along + np.sqrt(_UPPER_ARM**2 - ahead**2) * aside
    joints[side + "_wrist"] = shoulder + distance * along
    joints[side + "_hand"] = joints[side + "_wrist"] + unit(rng.normal(fingers, 0.25) @ outward)
