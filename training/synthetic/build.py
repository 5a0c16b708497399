"""What the targets of a body do not vary: how broad, long-limbed and grown up a person is.

The bones of the rest pose are stretched, and what they carry follows by skinning, so that joints
and surface stay together. Knows no files, no poses and no clothes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from training.synthetic.body import BONES, KNUCKLES, Body, normals_of, skin
from training.synthetic.rotations import unit

_LIMB_CHILDREN = {
    "clavicle": "upperarm01", "upperarm01": "lowerarm01", "lowerarm01": "wrist",
    "wrist": "finger3-1", "upperleg01": "lowerleg01", "lowerleg01": "foot", "foot": "toe3-1",
}  # fmt: skip


@dataclass(frozen=True)
class Build:
    """Factors; 1 is as the targets say."""

    size: float = 1.0  # of everything
    head: float = 1.0
    shoulders: float = 1.0  # across
    chest: float = 1.0  # across and deep
    belly: float = 1.0  # across and deep
    hips: float = 1.0  # across
    arms: float = 1.0  # long
    legs: float = 1.0  # long
    arm_girth: float = 1.0
    leg_girth: float = 1.0

    def stretch(self, bone: str, joints: dict[str, np.ndarray]) -> np.ndarray:
        """(3, 3) what happens to all that hangs on a bone, about its upper end."""
        kind, _, side = bone.partition(".")
        if kind not in _LIMB_CHILDREN:
            return np.diag(self._trunk().get(kind, (1.0, 1.0, 1.0)))
        length, girth = self._limb(kind)
        along = unit(joints[f"{_LIMB_CHILDREN[kind]}.{side}"] - joints[bone])
        return np.asarray(girth * np.eye(3) + (length - girth) * np.outer(along, along))

    def _trunk(self) -> dict[str, tuple[float, float, float]]:
        """Across, up, deep."""
        waist = (self.belly + self.chest) / 2
        return {
            "root": (self.hips, 1.0, (self.hips + self.belly) / 2),
            "spine04": (self.belly, 1.0, self.belly),
            "spine03": (waist, 1.0, waist),
            "spine02": (self.chest, 1.0, self.chest),
            "head": (self.head, self.head, self.head),
        }

    def _limb(self, kind: str) -> tuple[float, float]:
        """How long and how thick."""
        if kind == "clavicle":
            return self.shoulders, 1.0
        if kind in ("upperarm01", "lowerarm01"):
            return self.arms, self.arm_girth
        if kind in ("upperleg01", "lowerleg01"):
            return self.legs, self.leg_girth
        return 1.0, 1.0


def built(body: Body, build: Build) -> Body:
    """The body, its feet on the floor, with every bone stretched."""
    joints, template = body.joints, body.template
    stretches = {bone: build.stretch(bone, joints) for bone in BONES}
    places = {"root": joints["root"]}
    for bone, parent in {**BONES, **KNUCKLES}.items():
        if parent is not None:
            places[bone] = places[parent] + stretches[parent] @ (joints[bone] - joints[parent])
    shifts = np.stack([places[bone] - stretches[bone] @ joints[bone] for bone in BONES])
    transforms = np.dstack([np.stack(list(stretches.values())), shifts[:, :, None]])
    rest = body.vertices, body.normals, template.weights
    vertices = build.size * skin(*rest, transforms.astype(np.float32))[0]
    floor = vertices[template.faces["body"]].min(axis=(0, 1)) * [0, 1, 0]
    vertices = (vertices - floor).astype(np.float32)
    joints = {bone: build.size * place - floor for bone, place in places.items()}
    normals = normals_of(vertices, template.faces)
    return replace(body, vertices=vertices, normals=normals, joints=joints)
