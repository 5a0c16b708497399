"""Rooms made of boxes. Metres, Y up; a person stands at the origin, before the back wall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.synthetic.people import random_material
from training.synthetic.rotations import about
from training.synthetic.scene import Material, Mesh

_CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
_FACES = np.array(
    [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
)
_OUTWARD = np.array([[-1, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]])


def box(low: Sequence[float], high: Sequence[float], material: Material) -> Mesh:
    """An upright box between two corners."""
    corners = np.array(low) + _CORNERS * (np.array(high) - np.array(low))
    points = corners[_FACES.ravel()].astype(np.float32)
    normals = np.repeat(_OUTWARD, 4, axis=0).astype(np.float32)
    quads = np.arange(24).reshape(6, 4)
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return Mesh.build(points, normals, triangles, material)


def shell(floor: Material, wall: Material, side: Material, back: float, width: float) -> list[Mesh]:
    """Floor, a back wall with its skirting board at z = -back, side walls at x = +-width."""
    board = Material((0.75, 0.73, 0.7))
    return [
        box((-width, -0.1, -back), (width, 0.0, 6.0), floor),
        box((-width, 0.0, -back - 0.1), (width, 2.9, -back), wall),
        box((-width, 0.0, -back), (width, 0.09, -back + 0.015), board),
        box((-width - 0.1, 0.0, -back), (-width, 2.9, 6.0), side),
        box((width, 0.0, -back), (width + 0.1, 2.9, 6.0), side),
    ]


def random_room(rng: np.random.Generator, viewer: np.ndarray, desk: bool) -> Mesh:
    """A furnished room, its back wall away from ``viewer`` (3,).

    A desk with a screen on it, if asked for, stands on the origin's +Z side, with a chair at the
    origin.
    """
    back, width = rng.uniform(0.7, 3.0), rng.uniform(1.6, 3.5)
    floor, wall, side = (random_material(rng, share) for share in (0.5, 0.15, 0.1))
    parts = shell(floor, wall, side, back, width)
    parts += [_picture(rng, back, width) for _ in range(rng.integers(0, 7))]
    parts += [_furniture(rng, back, width) for _ in range(rng.integers(0, 6))]
    if rng.random() < 0.12:
        parts.append(_in_front(rng, float(np.hypot(viewer[0], viewer[2]))))
    heading = np.arctan2(viewer[0], viewer[2]) + rng.normal(0, 0.3)
    return Mesh.merge([_turned(part, heading) for part in parts] + (_desk(rng) if desk else []))


def _picture(rng: np.random.Generator, back: float, width: float) -> Mesh:
    x, y = rng.uniform(-width, width), rng.uniform(0.8, 2.4)
    w, h = rng.uniform(0.1, 0.7, 2)
    return box((x - w, y - h, -back), (x + w, y + h, -back + 0.03), random_material(rng, 0.6))


def _furniture(rng: np.random.Generator, back: float, width: float) -> Mesh:
    x = rng.uniform(-width, width)
    w, h, d = rng.uniform(0.15, 0.6), rng.uniform(0.3, 2.0), rng.uniform(0.1, 0.4)
    return box((x - w, 0.0, -back), (x + w, h, -back + d), random_material(rng, 0.3))


def _in_front(rng: np.random.Generator, distance: float) -> Mesh:
    """Something low between the viewer and the person."""
    x, z = rng.uniform(-0.7, 0.7), rng.uniform(0.4, 0.7) * distance
    w, h = rng.uniform(0.05, 0.4), rng.uniform(0.3, 0.9)
    return box((x - w, 0.0, z), (x + w, h, z + 0.2), random_material(rng, 0.3))


def _desk(rng: np.random.Generator) -> list[Mesh]:
    top, near = rng.uniform(0.66, 0.76), rng.uniform(0.18, 0.35)
    chair, seat = random_material(rng, 0.2), rng.uniform(0.3, 0.4)
    wide, tall = rng.uniform(0.2, 0.3), rng.uniform(0.2, 0.7)
    left, lid = rng.uniform(-0.35, 0.05), top + rng.uniform(0.04, 0.3)
    return [
        box((-0.9, top - 0.04, near), (0.9, top, near + 0.7), random_material(rng, 0.5)),
        box((left, top, near + 0.3), (left + 0.34, lid, near + 0.32), random_material(rng, 0.1)),
        box((-wide, 0.05, -0.3), (wide, seat, 0.15), chair),
        box((-wide, seat, -0.36), (wide, seat + tall, -0.28), chair),
    ]


def _turned(mesh: Mesh, heading: float) -> Mesh:
    turn = about(heading, 1).T.astype(np.float32)
    return mesh.moved(mesh.positions @ turn, mesh.normals @ turn)
