"""Dresses a body: T-shirt, trousers or skirt, shoes, and hair.

A garment is MakeHuman's body-hugging shell (``helper-tights``), pushed out and cut where it ends.
Knows no camera and no light.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.synthetic.body import BONE_INDEX, BONES, Body
from training.synthetic.head import eyes, face_tint, hair
from training.synthetic.layers import Figure, layer
from training.synthetic.rotations import unit
from training.synthetic.scene import Colour, Material

_ARMS = [BONE_INDEX[bone] for bone in BONES if bone.startswith(("upperarm", "lowerarm", "wrist"))]
_HIDDEN = 0.03  # metres inside a garment the body is not drawn, lest it comes through
_SOLE = 0.03  # metres


@dataclass(frozen=True)
class Outfit:
    skin: Colour
    hair: Colour
    shirt: Material
    trousers: Material
    shoes: Material
    soles: Material
    long_hair: bool = False
    skirt: bool = False  # instead of trousers
    sleeve: float = 0.36  # share of the arm that is covered
    shirt_hem: float = 0.07  # metres below the hips
    leg: float = 1.0  # share of the leg that is covered
    looseness: float = 0.016  # metres between body and shirt


def dress(body: Body, outfit: Outfit) -> Figure:
    """Every layer of one person."""
    shirt, legs, shoes = _shirt_cut(body, outfit), _leg_cut(body, outfit), _shoe_cut(body)
    bare = _HIDDEN - np.maximum(np.maximum(shirt, legs), shoes)
    lower = "helper-skirt" if outfit.skirt else "helper-tights"
    flesh = Material(outfit.skin, gloss=0.25)
    sole = _SOLE - body.vertices[:, 1]
    layers = [
        layer(body, "body", flesh, bare, tint=face_tint(body)),
        layer(body, "helper-tights", outfit.shirt, shirt, _shirt_thickness(body, outfit)),
        layer(body, lower, outfit.trousers, legs, _leg_thickness(body, outfit)),
        layer(body, "helper-tights", outfit.shoes, shoes, 0.009),
        layer(body, "helper-tights", outfit.soles, sole, 0.013),
        *hair(body, outfit.hair, outfit.long_hair),
        *eyes(body),
    ]
    return Figure.build(body, layers)


def _shirt_cut(body: Body, outfit: Outfit) -> np.ndarray:
    """(V,) metres from the nearest hem: waist, collar or sleeve."""
    shoulder, wrist, neck = (body.joints[b] for b in ("upperarm01.L", "wrist.L", "neck01"))
    left = np.column_stack([np.abs(body.vertices[:, 0]), body.vertices[:, 1:]])
    sleeve = outfit.sleeve * np.linalg.norm(wrist - shoulder)
    sleeve = sleeve - (left - shoulder) @ unit(wrist - shoulder)
    _, y, z = body.vertices.T
    waist = y - body.joints["upperleg01.L"][1] + outfit.shirt_hem
    collar = neck[1] - y - 0.5 * (z - neck[2])
    arm = _arm_share(body)
    return np.asarray(arm * sleeve + (1 - arm) * np.minimum(waist, collar))


def _leg_cut(body: Body, outfit: Outfit) -> np.ndarray:
    y, hip = body.vertices[:, 1], body.joints["upperleg01.L"][1]
    hem = hip - outfit.leg * (hip - body.joints["foot.L"][1])
    waist = body.joints["spine04"][1] + 0.02
    return np.where(_arm_share(body) > 0.5, -1.0, np.minimum(waist - y, y - hem))


def _shoe_cut(body: Body) -> np.ndarray:
    return np.asarray(body.joints["foot.L"][1] + 0.02 - body.vertices[:, 1])


def _shirt_thickness(body: Body, outfit: Outfit) -> np.ndarray:
    """(V,) metres; thin at the collar."""
    below_neck = body.joints["neck01"][1] - body.vertices[:, 1]
    return np.asarray(0.004 + outfit.looseness * (below_neck / 0.12).clip(0, 1))


def _leg_thickness(body: Body, outfit: Outfit) -> np.ndarray:
    """(V,) metres; wider below the knee, where legs get thinner than trousers."""
    below_knee = body.joints["lowerleg01.L"][1] - body.vertices[:, 1]
    return np.asarray(outfit.looseness * (0.7 + 4 * below_knee.clip(0, 0.2)))


def _arm_share(body: Body) -> np.ndarray:
    return np.asarray(body.template.weights[:, _ARMS].sum(axis=1))
