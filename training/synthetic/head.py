"""The head's colours: hair, eyes, brows and lips. Metres, rest pose."""

from __future__ import annotations

import numpy as np

from training.synthetic.body import BONE_INDEX, Body
from training.synthetic.layers import Layer, layer
from training.synthetic.scene import Colour, Material

# The hairline from the nape to the forehead: how high it runs at each depth, both from the skull's
# base and in units of the skull's height.
_HAIR_DEPTH = (-0.5, -0.22, 0.0, 0.1, 0.16, 0.28, 0.36, 0.72)
_HAIR_HEIGHT = (-0.2, -0.02, 0.28, 0.28, 0.1, 0.12, 0.42, 0.68)
_HAIR_LENGTH = 0.25  # metres below the skull's base
_LIPS = np.array([0.88, 0.52, 0.58])
_EYEBALL = Material((0.8, 0.78, 0.75), gloss=0.6)
_IRIS = 0.008  # metres, its radius


def hair(body: Body, colour: Colour, long: bool) -> list[Layer]:
    """Short hair is the scalp, thickened and a little uneven; long hair adds a shell behind it."""
    red, green, blue = colour
    bright = (2.2 * red, 2.2 * green, 2.2 * blue)
    material = Material(colour, bright, "streaks", 0.008, 0.12)
    cut = above_hairline(body)
    x, y, z = (body.vertices - body.joints["head"]).T
    locks = 1 + 0.3 * np.sin(260 * x + 60 * z) * np.sin(120 * z + 90 * y)
    short = layer(body, "body", material, cut, 0.001 + 0.2 * locks * cut.clip(0, 0.1))
    if not long:
        return [short]
    off_face = np.maximum(0.02 - z, y - 0.12 + 0.3 * np.abs(x))
    return [short, layer(body, "helper-hair", material, np.minimum(y + _HAIR_LENGTH, off_face))]


def eyes(body: Body) -> list[Layer]:
    return [_eye(body, f"helper-{side}-eye") for side in "lr"]


def face_tint(body: Body) -> np.ndarray:
    """(V, 3) what the skin's colour is multiplied by: lips are redder, brows darker."""
    eye = eye_centre(body, "helper-l-eye")
    x, y, z = (body.vertices - eye).T
    x = np.abs(body.vertices[:, 0]) - eye[0]
    arch = 0.024 - 6 * (x - 0.004) ** 2
    brow = np.exp(-(((y - arch) / 0.0035) ** 2)) * (np.abs(x - 0.002) < 0.024) * (z > 0)
    lips = body.template.lips.clip(0, 1)[:, None]
    return np.asarray((1 - lips * (1 - _LIPS)) * (1 - 0.65 * brow[:, None]))


def above_hairline(body: Body) -> np.ndarray:
    """(V,) metres, negative off the scalp."""
    base, crown = body.joints["head"], body.vertices[body.template.crown]
    size = crown[1] - base[1]
    up, ahead = ((body.vertices - base) / size)[:, 1:].T
    skull = body.template.weights[:, [BONE_INDEX["head"], BONE_INDEX["neck01"]]].sum(axis=1) > 0.5
    return np.where(skull, size * (up - np.interp(ahead, _HAIR_DEPTH, _HAIR_HEIGHT)), -1.0)


def _eye(body: Body, group: str) -> Layer:
    x, y, z = (body.vertices - eye_centre(body, group)).T
    iris = np.where((np.hypot(x, y) < _IRIS) & (z > 0), 0.12, 1.0)
    return layer(body, group, _EYEBALL, np.ones(len(x)), tint=iris[:, None])


def eye_centre(body: Body, group: str) -> np.ndarray:
    """(3,) of one eyeball, a group of faces."""
    return np.asarray(body.vertices[np.unique(body.template.faces[group])].mean(axis=0))
