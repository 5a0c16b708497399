"""Dresses a body: T-shirt, open jacket, trousers or skirt, shoes, hair, and what is on the head.

A garment is MakeHuman's body-hugging shell (``helper-tights``), pushed out and cut where it ends.
Knows no camera and no light.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from training.synthetic.accessories import beard, glasses, hat, headphones
from training.synthetic.body import BONE_INDEX, BONES, Body
from training.synthetic.head import eyes, face_tint, hair
from training.synthetic.layers import Figure, Layer, layer
from training.synthetic.rotations import unit
from training.synthetic.scene import Colour, Material

_ARMS = [BONE_INDEX[bone] for bone in BONES if bone.startswith(("upperarm", "lowerarm", "wrist"))]
_HIDDEN = 0.03  # metres inside a garment the body is not drawn, lest it comes through
_SOLE = 0.03  # metres
_OPENING = 0.03  # metres from the middle to a jacket's edge, at the neck


@dataclass(frozen=True)
class Outfit:
    skin: Colour
    hair: Colour
    shirt: Material
    trousers: Material
    shoes: Material
    soles: Material
    long_hair: bool = False
    shaved: bool = False  # instead of hair
    beard: bool = False
    glasses: bool = False  # dark ones
    headphones: bool = False
    hat: Material | None = None
    jacket: Material | None = None  # open, over the shirt
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
        *_jacket(body, outfit),
        *_head(body, outfit),
    ]
    return Figure.build(body, layers)


def _head(body: Body, outfit: Outfit) -> list[Layer]:
    layers = eyes(body)
    if not outfit.shaved:
        layers += hair(body, outfit.hair, outfit.long_hair)
    if outfit.beard:
        layers.append(beard(body, outfit.hair))
    if outfit.glasses:
        layers += glasses(body)
    if outfit.hat:
        layers.append(hat(body, outfit.hat))
    return layers + (headphones(body) if outfit.headphones else [])


def _jacket(body: Body, outfit: Outfit) -> list[Layer]:
    """A longer shirt with long sleeves, open in front."""
    if outfit.jacket is None:
        return []
    long = replace(outfit, sleeve=0.97, shirt_hem=max(outfit.shirt_hem, 0.0) + 0.08)
    x, y, z = (body.vertices - body.joints["neck01"]).T
    gap = _OPENING - 0.25 * y.clip(-0.4, 0)
    cut = np.minimum(_shirt_cut(body, long), np.where(z > 0, np.abs(x) - gap, 0.5))
    thickness = _shirt_thickness(body, outfit) + 0.012
    return [layer(body, "helper-tights", outfit.jacket, cut, thickness)]


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
