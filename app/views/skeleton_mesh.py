"""A skeleton in space as one lit triangle mesh: a ball for each joint, a rod for each bone.

Light is mixed into the colours of the corners, so that drawing needs no shader of its own.
Knows no Qt and no OpenGL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.views.skeleton_style import GUESSED, bone_strengths, joint_sides
from engine.skeleton import Skeleton

JOINT_RADIUS = 0.034  # m
BONE_RADIUS = 0.022  # m
THIN = 0.4  # of these, what is only guessed
VEIL = 0.22  # opacity of what shows how sure a joint is
FLOOR = 0.004  # m, of the shadow over the floor's lines
_AROUND, _ALONG = 14, 8  # corners around a ball or rod, and from pole to pole of a ball
_LIGHT = np.array([-0.35, -0.6, 0.72])  # toward the lamp, in the view's axes: from above the camera
_AMBIENT = 0.62


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    vertices: np.ndarray  # (V, 3) float32, metres
    faces: np.ndarray  # (F, 3) uint32
    colours: np.ndarray  # (V, 4) float32, RGBA 0..1


def skeleton_mesh(
    points: np.ndarray,
    strengths: np.ndarray,
    skeleton: Skeleton,
    colours: Mapping[str, np.ndarray],
    background: np.ndarray,
    person: np.ndarray | None = None,
) -> Mesh:
    """Balls for the joints and rods for the bones; what is only guessed is thin.

    points: (K, 3) metres; strengths: (K,) 0..1, 0 draws nothing, less than 1 fades into the
    background. colours: RGB 0..1 of ``left``, ``right`` and ``middle``; background: RGB 0..1.
    person: RGB 0..1 of the balls, where whose they are has to be told.
    """
    balls_in = colours if person is None else dict.fromkeys(colours, person)
    bones = bone_strengths(strengths, skeleton)
    starts, ends = points[skeleton.bone_indices].transpose(1, 0, 2)
    solid = bones > 0
    rods, rod_normals = _rods(starts[solid], ends[solid], _thickness(bones[solid]))
    balls, ball_normals = _balls(points[strengths > 0], _thickness(strengths[strengths > 0]))
    shades = [
        _shades(rod_normals, _tints(skeleton.bone_sides, bones, colours, background)),
        _shades(ball_normals, _tints(joint_sides(skeleton), strengths, balls_in, background)),
    ]
    faces = [_faces(_ROD_FACES, rods), _faces(_BALL_FACES, balls) + rods[..., 0].size]
    return Mesh(
        np.concatenate([rods.reshape(-1, 3), balls.reshape(-1, 3)]).astype(np.float32),
        np.concatenate(faces).astype(np.uint32),
        np.concatenate(shades).astype(np.float32),
    )


def ellipsoids(
    centres: np.ndarray,
    half_axes: np.ndarray,
    strengths: np.ndarray,
    skeleton: Skeleton,
    colours: Mapping[str, np.ndarray],
) -> Mesh:
    """A transparent ellipsoid around each joint with a strength above 0: one standard deviation.

    centres: (K, 3) and half_axes: (K, 3, 3), a row each, metres; strengths, colours: as for
    ``skeleton_mesh``.
    """
    seen = strengths > 0
    normals = np.broadcast_to(_BALL, (int(seen.sum()), *_BALL.shape))
    corners = centres[seen][:, None] + _BALL @ half_axes[seen]
    tints = np.array([colours[side] for side in joint_sides(skeleton)])[seen]
    shades = _shades(normals, tints)
    shades[:, 3] = VEIL
    return Mesh(
        corners.reshape(-1, 3).astype(np.float32),
        _faces(_BALL_FACES, corners).astype(np.uint32),
        shades.astype(np.float32),
    )


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """Several as one, at least one: that is drawn at once."""
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])], dtype=np.uint32)
    faces = [mesh.faces + start for mesh, start in zip(meshes, starts, strict=True)]
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate(faces),
        np.concatenate([mesh.colours for mesh in meshes]),
    )


def shadow_mesh(body: Mesh, colour: np.ndarray) -> Mesh:
    """What the body keeps from a lamp right above it; colour: RGB 0..1."""
    flat = body.vertices * np.array([1, 1, 0], np.float32) + np.array([0, 0, FLOOR], np.float32)
    return Mesh(flat, body.faces, np.tile(np.append(colour, 1).astype(np.float32), (len(flat), 1)))


def _tints(
    sides: Sequence[str],
    strengths: np.ndarray,
    colours: Mapping[str, np.ndarray],
    background: np.ndarray,
) -> np.ndarray:
    """(N, 3): the colour of each part that is drawn."""
    own = np.array([colours[side] for side in sides])
    mixed = background + (own - background) * strengths[:, None]
    return np.asarray(mixed[strengths > 0])


def _shades(normals: np.ndarray, tints: np.ndarray) -> np.ndarray:
    """normals: (N, C, 3) of the corners of N parts; tints: (N, 3). Returns (N * C, 4)."""
    lit = _AMBIENT + (1 - _AMBIENT) * (normals @ (_LIGHT / np.linalg.norm(_LIGHT)))
    rgb = (tints[:, None] * lit[..., None]).clip(0, 1).reshape(-1, 3)
    return np.column_stack([rgb, np.ones(len(rgb))])


def _thickness(strengths: np.ndarray) -> np.ndarray:
    """(N, 1, 1), by which radii are multiplied."""
    return np.where(strengths > GUESSED, 1.0, THIN)[:, None, None]


def _balls(centres: np.ndarray, thickness: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, 3) → corners (N, C, 3) and their normals."""
    normals = np.broadcast_to(_BALL, (len(centres), *_BALL.shape))
    return centres[:, None] + JOINT_RADIUS * thickness * normals, normals


def _rods(
    starts: np.ndarray, ends: np.ndarray, thickness: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(N, 3) twice → corners (N, 2 * _AROUND, 3), normals; the ends are open, joints hide them."""
    along = ends - starts
    along = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    helper = np.eye(3)[np.abs(along).argmin(axis=1)]  # an axis far from parallel
    across = np.cross(along, helper)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    other = np.cross(along, across)
    ring = _CIRCLE[:, 0, None] * across[:, None] + _CIRCLE[:, 1, None] * other[:, None]
    out = BONE_RADIUS * thickness * ring
    corners = [starts[:, None] + out, ends[:, None] + out]
    return np.concatenate(corners, axis=1), np.concatenate([ring, ring], axis=1)


def _strip_faces(rings: int) -> np.ndarray:
    """(F, 3): the triangles between ``rings`` rings of _AROUND corners each."""
    here = np.arange(_AROUND)
    following = (here + 1) % _AROUND
    strip = np.concatenate(
        [
            np.column_stack([here, following, here + _AROUND]),
            np.column_stack([following, following + _AROUND, here + _AROUND]),
        ]
    )
    return np.concatenate([strip + ring * _AROUND for ring in range(rings - 1)])


def _faces(template: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """The template's faces once for each of the N parts in ``corners`` (N, C, 3)."""
    count, size = corners.shape[:2]
    return np.asarray((template[None] + np.arange(count)[:, None, None] * size).reshape(-1, 3))


def _unit_circle() -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    return np.column_stack([np.cos(angles), np.sin(angles)])  # (_AROUND, 2)


def _unit_ball() -> np.ndarray:
    polar = np.linspace(0, np.pi, _ALONG)[:, None]
    x, y = _CIRCLE.T
    rings = [np.sin(polar) * x, np.sin(polar) * y, np.cos(polar) * np.ones_like(x)]
    return np.stack(rings, axis=-1).reshape(-1, 3)  # (_ALONG * _AROUND, 3)


_CIRCLE = _unit_circle()
_BALL = _unit_ball()
_BALL_FACES, _ROD_FACES = _strip_faces(_ALONG), _strip_faces(2)
