"""A drawn person is a stack of layers: parts of the base mesh, pushed out, cut and coloured.

A cut is a signed distance in metres, given per vertex of the whole body: the renderer drops what
lies below 0, between vertices too, so that hems and hairlines are smooth. Knows no garments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.synthetic.body import Body, skin
from training.synthetic.motion import Pose
from training.synthetic.scene import Material, Mesh


@dataclass(frozen=True)
class Layer:
    """N vertices of the body."""

    ids: np.ndarray  # (N,) which ones
    mesh: Mesh  # at rest


@dataclass(frozen=True)
class Figure:
    """Every layer in one mesh, ready to be posed."""

    mesh: Mesh  # N vertices, at rest
    weights: np.ndarray  # (N, B) float32

    @staticmethod
    def build(body: Body, layers: Sequence[Layer]) -> Figure:
        ids = np.concatenate([layer.ids for layer in layers])
        return Figure(Mesh.merge([layer.mesh for layer in layers]), body.template.weights[ids])

    def posed(self, pose: Pose, frame: int) -> Mesh:
        rest = self.mesh.positions, self.mesh.normals, self.weights
        return self.mesh.moved(*skin(*rest, pose.transforms(frame)))


def layer(
    body: Body,
    group: str,
    material: Material,
    cut: np.ndarray,
    thickness: np.ndarray | float = 0.0,
    tint: np.ndarray | float = 1.0,
) -> Layer:
    """Part of a group of faces.

    cut, thickness: (V,) or one value, metres; tint: (V, 3) or (V, 1), multiplies the colour.
    """
    quads = body.template.faces[group]
    quads = quads[(cut[quads] > 0).any(axis=1)]
    ids, corners = np.unique(quads, return_inverse=True)
    corners = corners.reshape(quads.shape)
    normals = body.normals[ids]
    offset = np.broadcast_to(thickness, cut.shape)[ids, None]
    points = (body.vertices[ids] + normals * offset).astype(np.float32)
    triangles = np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]])
    mesh = Mesh.build(points, normals, triangles, material, cut[ids])
    return Layer(ids, mesh.tinted(np.broadcast_to(tint, body.vertices.shape)[ids]))
