"""The joint sets of the field, and how a pose in one is read as another.

Every pose carries its Skeleton; nothing guesses it from a count. This is the one definition of
names, orders, bones and left-right pairs for training, engine and app. Knows no networks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np


@dataclass(frozen=True)
class Skeleton:
    """An ordered joint set.

    keypoints: names in order; the person's own sides are told by ``left_`` and ``right_``.
    bones: pairs of names (parent, child) to draw and to measure.
    """

    name: str
    keypoints: tuple[str, ...]
    bones: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.keypoints)

    def index(self, keypoint: str) -> int:
        return self.keypoints.index(keypoint)

    @cached_property
    def bone_indices(self) -> np.ndarray:
        """(B, 2) int, the bones as indices into ``keypoints``."""
        return np.array([(self.index(a), self.index(b)) for a, b in self.bones])

    @cached_property
    def bone_sides(self) -> tuple[str, ...]:
        """The side of each bone: of whichever end has one; from side to side is the middle."""
        sides = ({side_of(a), side_of(b)} - {"middle"} for a, b in self.bones)
        return tuple(side.pop() if len(side) == 1 else "middle" for side in sides)

    @cached_property
    def limbs(self) -> np.ndarray:
        """(12,) int, LIMB_JOINTS as indices into ``keypoints``."""
        return np.array([self.index(name) for name in LIMB_JOINTS])

    @cached_property
    def flip(self) -> np.ndarray:
        """(K,) int, the permutation that swaps left and right; applied twice it is the identity."""
        return np.array([self.index(mirror_name(name)) for name in self.keypoints])


def mirror_name(name: str) -> str:
    """``left_knee`` ↔ ``right_knee``; names without a side stay."""
    if name.startswith("left_"):
        return "right_" + name.removeprefix("left_")
    if name.startswith("right_"):
        return "left_" + name.removeprefix("right_")
    return name


def side_of(name: str) -> str:
    """``"left"``, ``"right"`` or ``"middle"``."""
    return next((side for side in ("left", "right") if name.startswith(side + "_")), "middle")


def kind_of(name: str) -> str:
    """What both sides share: ``left_knee`` → ``knee``."""
    return name.removeprefix(f"{side_of(name)}_")


MPII16 = Skeleton(
    "mpii16",
    (
        "right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle",
        "pelvis", "thorax", "upper_neck", "head_top",
        "right_wrist", "right_elbow", "right_shoulder", "left_shoulder", "left_elbow", "left_wrist",
    ),
    (
        ("pelvis", "right_hip"), ("right_hip", "right_knee"), ("right_knee", "right_ankle"),
        ("pelvis", "left_hip"), ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
        ("pelvis", "thorax"), ("thorax", "upper_neck"), ("upper_neck", "head_top"),
        ("thorax", "right_shoulder"), ("right_shoulder", "right_elbow"),
        ("right_elbow", "right_wrist"),
        ("thorax", "left_shoulder"), ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
    ),
)  # fmt: skip

COCO17 = Skeleton(
    "coco17",
    (
        "nose", "left_eye", "right_eye", "left_ear", "right_ear",
        "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
        "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    ),
    (
        ("nose", "left_eye"), ("nose", "right_eye"),
        ("left_eye", "left_ear"), ("right_eye", "right_ear"),
        ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"),
        ("left_shoulder", "left_hip"), ("right_shoulder", "right_hip"),
        ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
        ("right_shoulder", "right_elbow"), ("right_elbow", "right_wrist"),
        ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
        ("right_hip", "right_knee"), ("right_knee", "right_ankle"),
    ),
)  # fmt: skip

H36M17 = Skeleton(
    "h36m17",
    (
        "pelvis", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
        "spine", "thorax", "nose", "head_top",
        "left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist",
    ),
    (
        ("pelvis", "right_hip"), ("right_hip", "right_knee"), ("right_knee", "right_ankle"),
        ("pelvis", "left_hip"), ("left_hip", "left_knee"), ("left_knee", "left_ankle"),
        ("pelvis", "spine"), ("spine", "thorax"), ("thorax", "nose"), ("nose", "head_top"),
        ("thorax", "left_shoulder"), ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
        ("thorax", "right_shoulder"), ("right_shoulder", "right_elbow"),
        ("right_elbow", "right_wrist"),
    ),
)  # fmt: skip

# The joints that all of them have: shoulders, elbows, wrists, hips, knees and ankles.
LIMB_JOINTS = tuple(n for n in H36M17.keypoints if n in MPII16.keypoints and n in COCO17.keypoints)

# (2, 3): hip, knee and ankle of the left and of the right leg, in H36M17.
LEGS = np.array(
    [[H36M17.index(f"{s}_{p}") for p in ("hip", "knee", "ankle")] for s in ("left", "right")]
)

SKELETONS = {skeleton.name: skeleton for skeleton in (MPII16, COCO17, H36M17)}

# Where a joint of H36M-17 comes from when the 2D skeleton has no keypoint of that name: the mean of
# the ones listed. COCO as mmpose lifts it: mid hips, mid shoulders, the head at the eyes.
_DERIVED: dict[str, dict[str, tuple[str, ...]]] = {
    "mpii16": {"spine": ("pelvis", "thorax"), "nose": ("upper_neck", "head_top")},
    "coco17": {
        "pelvis": ("left_hip", "right_hip"),
        "thorax": ("left_shoulder", "right_shoulder"),
        "spine": ("left_hip", "right_hip", "left_shoulder", "right_shoulder"),
        "head_top": ("left_eye", "right_eye"),
    },
    "h36m17": {},
}


def convert_keypoints(
    keypoints: np.ndarray,
    scores: np.ndarray,
    source: Skeleton,
    targets: Sequence[str],
    feeds: Mapping[str, str] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Read a pose of ``source`` as the keypoints named in ``targets`` (a lifter's inputs).

    keypoints: (..., K, D); scores: (..., K).
    feeds: for a lifter trained on another convention, target name → source name (``model.json``).
    Returns (..., M, D) and (..., M): a derived keypoint is the mean of its parts and as sure as the
    least sure of them.
    Raises ValueError when the source skeleton has nothing for a target.
    """
    mean, parts = _plan(source.name, tuple(targets), tuple((feeds or {}).items()))
    return mean @ keypoints, scores[..., parts].min(axis=-1)


@cache
def _plan(
    source: str, targets: tuple[str, ...], feeds: tuple[tuple[str, str], ...]
) -> tuple[np.ndarray, np.ndarray]:
    """How to make the targets: means as a matrix (M, K), and the parts of each, (M, P) indices."""
    skeleton, fed = SKELETONS[source], dict(feeds)
    parts = []
    for target in targets:
        name = fed.get(target, target)
        names = (name,) if name in skeleton.keypoints else _DERIVED[source].get(name)
        if names is None:
            raise ValueError(f"A {source} pose has no keypoint to use as '{target}'.")
        parts.append([skeleton.index(part) for part in names])
    mean = np.zeros((len(parts), len(skeleton)), np.float32)
    for row, indices in zip(mean, parts, strict=True):
        row[indices] = 1 / len(indices)
    longest = max(map(len, parts))
    return mean, np.array([indices + indices[:1] * (longest - len(indices)) for indices in parts])
