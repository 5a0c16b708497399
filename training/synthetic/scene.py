"""What is drawn, by what light, through which camera: plain values.

Metres, Y up; colours are linear RGB 0..1. Knows no OpenGL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.space.camera import project, to_camera

Colour = tuple[float, float, float]
NEAR, FAR = 0.1, 30.0  # metres, what a camera sees
PATTERNS = ("plain", "stripes", "bars", "checks", "blotches", "streaks", "planks")


def as_triple(values: np.ndarray) -> Colour:
    first, second, third = (float(value) for value in values)
    return first, second, third


@dataclass(frozen=True)
class Material:
    colour: Colour
    second: Colour = (1.0, 1.0, 1.0)
    pattern: str = "plain"
    size: float = 0.05  # metres, of the pattern
    gloss: float = 0.05


@dataclass(frozen=True)
class Mesh:
    """N vertices with all that the shader reads."""

    positions: np.ndarray  # (N, 3) float32, metres, world
    normals: np.ndarray  # (N, 3) float32
    looks: np.ndarray  # (N, 13) float32: rest position, two colours, pattern, its size, gloss, cut
    triangles: np.ndarray  # (M, 3) int32

    @staticmethod
    def build(
        points: np.ndarray,
        normals: np.ndarray,
        triangles: np.ndarray,
        material: Material,
        cut: np.ndarray | None = None,
    ) -> Mesh:
        """cut: (N,) what has a value below 0, between vertices too, is not drawn."""
        surface = (PATTERNS.index(material.pattern), material.size, material.gloss)
        look = np.tile((*material.colour, *material.second, *surface), (len(points), 1))
        end = np.ones(len(points)) if cut is None else cut
        looks = np.column_stack([points, look, end]).astype(np.float32)
        return Mesh(points, normals, looks, np.ascontiguousarray(triangles, np.int32))

    @staticmethod
    def merge(meshes: Sequence[Mesh]) -> Mesh:
        starts = np.cumsum([0, *(len(mesh.positions) for mesh in meshes[:-1])], dtype=np.int32)
        return Mesh(
            np.concatenate([mesh.positions for mesh in meshes]),
            np.concatenate([mesh.normals for mesh in meshes]),
            np.concatenate([mesh.looks for mesh in meshes]),
            np.concatenate([m.triangles + start for m, start in zip(meshes, starts, strict=True)]),
        )

    def moved(self, positions: np.ndarray, normals: np.ndarray) -> Mesh:
        return replace(self, positions=positions, normals=normals)

    def tinted(self, tint: np.ndarray) -> Mesh:
        """Multiply the colours by (N, 3) or (N, 1)."""
        looks = self.looks.copy()
        looks[:, 3:6] *= tint
        return replace(self, looks=looks)


@dataclass(frozen=True)
class Camera:
    """A pinhole: pixel = focal * (x, y) / z + centre, camera axes x right, y down, z away."""

    rotation: np.ndarray  # (3, 3) world → camera
    position: np.ndarray  # (3,) metres, world
    focal: float  # pixels
    centre: tuple[float, float]  # pixels
    size: tuple[int, int]  # width, height of the picture

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """(..., K, 3) metres, world → camera axes."""
        return to_camera(points, self.rotation, self.position)

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., K, 3) metres, world → (..., K, 2) pixels."""
        return project(self.to_camera(points), self.focal, self.centre)

    def window(self, left: float, top: float, scale: float, size: tuple[int, int]) -> Camera:
        """The camera that takes the part of this picture at (left, top), enlarged by ``scale``."""
        x, y = (scale * (c - o + 0.5) - 0.5 for c, o in zip(self.centre, (left, top), strict=True))
        return replace(self, focal=self.focal * scale, centre=(x, y), size=size)

    def clip_matrix(self) -> np.ndarray:
        """(4, 4) world → OpenGL clip space, rows downward; pixel centres lie at whole numbers."""
        width, height = self.size
        lens = np.zeros((4, 4))
        lens[0, :3] = 2 * self.focal / width, 0, (2 * self.centre[0] + 1) / width - 1
        lens[1, 1:3] = 2 * self.focal / height, (2 * self.centre[1] + 1) / height - 1
        lens[2, 2:] = (FAR + NEAR) / (FAR - NEAR), -2 * FAR * NEAR / (FAR - NEAR)
        lens[3, 2] = 1
        world = np.eye(4)
        world[:3, :3], world[:3, 3] = self.rotation, -self.rotation @ self.position
        return lens @ world


@dataclass(frozen=True)
class Light:
    direction: np.ndarray  # (3,) to the light, any length
    colour: Colour
    sky: Colour  # ambient from above
    ground: Colour  # ambient from below
