"""Perfect 2D keypoints → what a detector would make of them: off, mixed up, unsure, missing.

How far off and how sure is drawn from what the shipped backbones did on held-out pictures
(`ERRORS`, written by evaluation/detector_errors.py). Works on N poses at once; knows no cameras.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from engine.skeleton import MPII16
from engine.space.lifter import visibility

SWAPPED_BY = 0.1  # torsos a keypoint, by which the swapped reading of a limb must fit better
ERRORS = Path(__file__).with_name("detector_errors.npz")
DEFAULT, BEST = "hourglass_1_small", "hrnet_w32"  # the backbones in it: the quick one, the best
LIMBS = {
    limb: [MPII16.index(f"{side}_{part}") for side in ("left", "right") for part in parts]
    for limb, parts in (
        ("arms", ("shoulder", "elbow", "wrist")),
        ("legs", ("hip", "knee", "ankle")),
    )
}  # what is taken for its mirror image as a whole → its keypoints
_TORSO = [
    (MPII16.index(a), MPII16.index(b))
    for a, b in (
        ("left_shoulder", "right_hip"),
        ("right_shoulder", "left_hip"),
        ("thorax", "pelvis"),
    )
]
_LEGS = ("left_knee", "left_ankle", "right_knee", "right_ankle")
_HIPS = ("left_hip", "right_hip", "pelvis")
_ARMS = ("left_elbow", "left_wrist", "right_elbow", "right_wrist")
# What a detector misses together: name → (how often, MPII-16 keypoints); half of them mirrored.
MISSING: dict[str, tuple[float, tuple[str, ...]]] = {
    "nothing": (30.0, ()),
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
class DetectorErrors:
    """What backbones made of P pictures of whole people, limbs that were swapped read as meant."""

    distances: np.ndarray  # (P, 16) to the true MPII-16 keypoints, in torsos
    scores: np.ndarray  # (P, 16)
    swapped: np.ndarray  # (P, 2) bool: `LIMBS` that were taken for their mirror image
    backbones: np.ndarray  # (P,) names, who did it
    held: float = 1.0  # seconds until what is wrong is wrong in another way
    fresh: float = 0.1  # share of the keypoints whose error is new in every frame

    def half(self, which: int) -> DetectorErrors:
        """Every other picture: 0 to train on, 1 to measure with."""
        return self._rows(np.arange(which, len(self.scores), 2))

    def of(self, backbone: str) -> DetectorErrors:
        """What one of them did."""
        return self._rows(np.flatnonzero(self.backbones == backbone))

    def _rows(self, rows: np.ndarray) -> DetectorErrors:
        return replace(
            self,
            distances=self.distances[rows],
            scores=self.scores[rows],
            swapped=self.swapped[rows],
            backbones=self.backbones[rows],
        )


@cache
def shipped_errors() -> DetectorErrors:
    """The table in ``detector_errors.npz``."""
    with np.load(ERRORS) as table:
        lasts = {name: float(table[name]) for name in ("held", "fresh")}
        return DetectorErrors(
            table["distances"], table["scores"], table["swapped"], table["backbones"], **lasts
        )


def torso_size(keypoints: np.ndarray) -> np.ndarray:
    """(..., 16, 2) MPII-16 → (...) the longest of shoulder to opposite hip and of pelvis to
    thorax."""
    across = [keypoints[..., a, :] - keypoints[..., b, :] for a, b in _TORSO]
    return np.asarray(np.max([np.linalg.norm(line, axis=-1) for line in across], axis=0))


def detect(
    keypoints: np.ndarray,
    errors: DetectorErrors,
    rng: np.random.Generator,
    threshold: float | np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """MPII-16 (N, 16, 2) as found by a detector, and `visibility` (N, 16) by its scores.

    Each pose meets the errors of one picture, left and right exchanged in half of them, each
    keypoint moved as far as there, in a direction of its own. threshold: one, or (N, 1).
    """
    count = len(keypoints)
    rows, mirrored = rng.integers(0, len(errors.scores), count), rng.random((count, 1)) < 0.5
    angle = rng.uniform(0, 2 * np.pi, keypoints.shape[:2])
    swapped = errors.swapped[rows]
    found, scores = _spoil(keypoints, errors, rows[:, None], mirrored, angle, swapped)
    return found, visibility(scores, threshold)


def detect_stretches(
    keypoints: np.ndarray,
    errors: DetectorErrors,
    rng: np.random.Generator,
    threshold: float | np.ndarray,
    rate: float,
) -> tuple[np.ndarray, np.ndarray]:
    """The same of stretches (N, T, 16, 2), ``rate`` frames a second, whose errors stay for a while,
    as `DetectorErrors` says. threshold: one, or (N, 1, 1).
    """
    frames, stretches = keypoints.shape[:2], np.arange(len(keypoints))[:, None]
    changes = rng.random(frames) < 1 - np.exp(-1 / (rate * errors.held))
    begun = np.maximum.accumulate(changes * np.arange(frames[1]), axis=1)
    rows, mirrored = rng.integers(0, len(errors.scores), frames), rng.random(frames) < 0.5
    angle = rng.uniform(0, 2 * np.pi, keypoints.shape[:3])
    fresh = rng.random(keypoints.shape[:3]) < errors.fresh
    now = np.where(fresh, np.arange(frames[1])[:, None], begun[..., None])
    stretch, keypoint = stretches[..., None], np.arange(keypoints.shape[2])
    found, scores = _spoil(
        keypoints,
        errors,
        rows[stretch, now],
        mirrored[stretch, now],
        angle[stretch, now, keypoint],
        errors.swapped[rows[stretches, begun]],
    )
    return found, visibility(scores, threshold)


def _spoil(
    keypoints: np.ndarray,
    errors: DetectorErrors,
    rows: np.ndarray,
    mirrored: np.ndarray,
    angle: np.ndarray,
    swapped: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Keypoints (..., 16, 2) moved, and scores (..., 16), by the pictures ``rows``, mirrored or
    not, in the directions ``angle``, (..., 16) or (..., 1); swapped: (..., 2) limbs.
    """
    which = np.where(mirrored, MPII16.flip, np.arange(len(MPII16)))
    distances, scores = errors.distances[rows, which], errors.scores[rows, which]
    found = keypoints.copy()
    for limb, part in enumerate(LIMBS.values()):
        exchanged = keypoints[..., MPII16.flip[part], :]
        found[..., part, :] = np.where(
            swapped[..., limb, None, None], exchanged, keypoints[..., part, :]
        )
    aside = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    found += aside * (distances * torso_size(keypoints)[..., None])[..., None]
    return found, scores


def compare(
    found: np.ndarray, scores: np.ndarray, joints: np.ndarray, backbone: str = ""
) -> DetectorErrors:
    """What a detector did, the inverse of `detect`. found, joints: (P, 16, 2) MPII-16 pixels;
    scores: (P, 16).
    """
    torso = torso_size(joints)[:, None]
    straight, crossed = (
        np.linalg.norm(found - meant, axis=2) / torso for meant in (joints, joints[:, MPII16.flip])
    )
    swapped = np.zeros((len(found), len(LIMBS)), bool)
    for limb, which in enumerate(LIMBS.values()):
        better = (straight.clip(max=1) - crossed.clip(max=1))[:, which].mean(axis=1)
        swapped[:, limb] = better > SWAPPED_BY
        straight[:, which] = np.where(swapped[:, [limb]], crossed[:, which], straight[:, which])
    names = np.full(len(found), backbone)
    return DetectorErrors(straight.astype(np.float16), scores.astype(np.float16), swapped, names)


def missing(name: str, mirrored: bool = False) -> np.ndarray:
    """(16,) bool, the MPII-16 keypoints of an entry of `MISSING`."""
    mask = np.array([keypoint in MISSING[name][1] for keypoint in MPII16.keypoints])
    return mask[MPII16.flip] if mirrored else mask


_OFTEN = np.array([weight for weight, _ in MISSING.values()])
_PATTERNS = np.array([[missing(name), missing(name, mirrored=True)] for name in MISSING])


def drop(visible: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N, 16) with keypoints lost, to 0, in the patterns of `MISSING`, and sometimes singly."""
    which = rng.choice(len(_OFTEN), len(visible), p=_OFTEN / _OFTEN.sum())
    lost = _PATTERNS[which, rng.integers(0, 2, len(visible))]
    singly = rng.random(visible.shape) < rng.choice([0.0, 0.1], (len(visible), 1), p=[0.7, 0.3])
    return np.where(lost | singly, 0, visible)
