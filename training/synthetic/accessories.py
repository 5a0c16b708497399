"""What people have on their heads beside hair: beards, hats, glasses, headphones.

Parts of the head's own surface, pushed out and coloured, so that they move with it. Metres, rest
pose. Knows no clothes.
"""

from __future__ import annotations

import numpy as np

from training.synthetic.body import BONE_INDEX, Body
from training.synthetic.head import above_hairline, eye_centre
from training.synthetic.layers import Layer, layer
from training.synthetic.scene import Colour, Material

_DARK = Material((0.012, 0.012, 0.014), gloss=0.5)
_HEADPHONES = Material((0.03, 0.03, 0.035), gloss=0.2)
_CUP, _BAND = 0.042, 0.014  # metres: the radius of an ear cup, half of the band's width


def beard(body: Body, colour: Colour) -> Layer:
    """Cheeks below the mouth's corners, chin and upper lip; none on the lips."""
    head, nose = body.joints["head"], body.vertices[body.template.nose]
    drop = _size(body) * 0.16  # from the nose's tip to the mouth
    _, y, z = body.vertices.T
    below = nose[1] - 0.35 * drop - y - 0.25 * (nose[2] - z).clip(0)
    cut = np.minimum.reduce([below, z - head[2] - 0.02, y - nose[1] + 4.2 * drop])
    cut = np.where(_skull(body) & (body.template.lips < 0.3), cut, -1.0)
    return layer(body, "body", Material(colour, gloss=0.02), cut, 0.3 * cut.clip(0, 0.025))


def hat(body: Body, material: Material) -> Layer:
    """Close over the hair, as wool hats are."""
    cut = above_hairline(body) - 0.008
    return layer(body, "body", material, cut, 0.009 + 0.3 * cut.clip(0, 0.1))


def glasses(body: Body) -> list[Layer]:
    """Dark lenses."""
    return [_lens(body, f"helper-{side}-eye") for side in "lr"]


def headphones(body: Body) -> list[Layer]:
    """Cups on both ears and a band over the crown."""
    _, y, z = (body.vertices - _ear(body)).T
    cup = np.where(_skull(body), _CUP - np.hypot(y, z), -1.0)
    band = np.where(_skull(body) & (y > 0), _BAND - np.abs(z), -1.0)
    return [
        layer(body, "body", _HEADPHONES, cup, 0.025),
        layer(body, "body", _HEADPHONES, band, 0.03),
    ]


def _lens(body: Body, group: str) -> Layer:
    x, y, z = (body.vertices - eye_centre(body, group)).T
    cut = np.where(z > 0, 0.03 - np.hypot(x, y), -1.0)
    return layer(body, group, _DARK, cut, 0.012)


def _skull(body: Body) -> np.ndarray:
    """(V,) bool, what the head's bone carries."""
    return np.asarray(body.template.weights[:, BONE_INDEX["head"]] > 0.5)


def _size(body: Body) -> float:
    """From the skull's base to its crown."""
    return float(body.vertices[body.template.crown][1] - body.joints["head"][1])


def _ear(body: Body) -> np.ndarray:
    """(3,) the height and depth of both: a little ahead of the rims, the head's widest points."""
    head = np.flatnonzero(_skull(body))
    outermost = body.vertices[head[body.vertices[head, 0].argmax()]]
    return np.asarray(outermost * [0, 1, 1] + [0, 0, 0.18 * _size(body)])
