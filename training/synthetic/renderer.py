"""Draws meshes with moderngl: z-buffer, a light that casts shadows, soft ambient, patterns.

Runs without a display or a graphics card (EGL on Mesa's software renderer). Knows nothing of
bodies and rooms.
"""

from __future__ import annotations

import cv2
import moderngl
import numpy as np

from engine.space.camera import look_at
from training.synthetic.scene import FAR, NEAR, Camera, Light, Mesh
from training.synthetic.shaders import FRAGMENT, SHADOW_FRAGMENT, VERTEX

_SHADOW_SIZE = 1024
_SHADOW_REACH = 10.0  # metres behind the figure that its shadow may fall on


class Renderer:
    """Owns the OpenGL context; a context manager. Raises OSError where there is no EGL."""

    def __init__(self) -> None:
        self._context = _open_context()
        self._context.gc_mode = "context_gc"
        self._context.enable(moderngl.DEPTH_TEST)
        self._program = self._context.program(VERTEX, FRAGMENT)
        self._shadow_program = self._context.program(VERTEX, SHADOW_FRAGMENT)
        self._shadow = self._context.depth_texture((_SHADOW_SIZE, _SHADOW_SIZE))
        self._shadow.compare_func = "<="
        self._shadow_target = self._context.framebuffer(depth_attachment=self._shadow)

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.gc()
        self._context.release()

    def draw(
        self,
        figure: Mesh,
        room: Mesh | None,
        camera: Camera,
        light: Light,
        oversampling: float = 1.25,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw a figure that casts a shadow, in a room; oversampling smooths the edges.

        Returns (H, W, 4) uint8 sRGB, premultiplied, with alpha 0 where nothing was drawn, and
        (H, W) float32 metres along the camera's axis.
        """
        mesh = figure if room is None else Mesh.merge([figure, room])
        rows = np.concatenate([mesh.positions, mesh.normals, mesh.looks], axis=1, dtype=np.float32)
        vertices = self._context.buffer(rows.tobytes())
        triangles = self._context.buffer(mesh.triangles.tobytes())
        to_light = _light_matrix(figure.positions, light.direction)
        self._cast_shadow(vertices, triangles, to_light, 3 * len(figure.triangles))
        self._set(light, to_light, camera.position)
        width, height = (round(oversampling * side) for side in camera.size)
        fine = camera.window(0, 0, oversampling, (width, height))
        picture, depth = self._paint(vertices, triangles, fine)
        self._context.gc()
        coarse = cv2.resize(depth, camera.size, interpolation=cv2.INTER_NEAREST)
        return cv2.resize(picture, camera.size, interpolation=cv2.INTER_AREA), coarse

    def _cast_shadow(
        self,
        vertices: moderngl.Buffer,
        triangles: moderngl.Buffer,
        to_light: np.ndarray,
        count: int,
    ) -> None:
        self._shadow_target.use()
        self._shadow_target.clear()
        _write(self._shadow_program, "clip", to_light)
        layout = [(vertices, "3f 3x4 12x4 1f", "in_position", "in_cut")]
        array = self._context.vertex_array(self._shadow_program, layout, triangles)
        array.render(vertices=count)

    def _set(self, light: Light, to_light: np.ndarray, eye: np.ndarray) -> None:
        direction = light.direction / np.linalg.norm(light.direction)
        values = {"light": direction, "light_colour": light.colour, "sky": light.sky,
                  "ground": light.ground, "eye": eye, "to_light": to_light}  # fmt: skip
        for name, value in values.items():
            _write(self._program, name, np.array(value))

    def _paint(
        self, vertices: moderngl.Buffer, triangles: moderngl.Buffer, camera: Camera
    ) -> tuple[np.ndarray, np.ndarray]:
        size = camera.size
        colour, depth = self._context.texture(size, 4), self._context.depth_texture(size)
        target = self._context.framebuffer([colour], depth)
        attributes = ("in_position", "in_normal", "in_rest", "in_colour", "in_second", "in_surface")
        layout = [(vertices, "3f 3f 3f 3f 3f 3f 1f", *attributes, "in_cut")]
        array = self._context.vertex_array(self._program, layout, triangles)
        _write(self._program, "clip", camera.clip_matrix())
        self._shadow.use(0)
        target.use()
        target.clear()
        array.render()
        picture = np.frombuffer(colour.read(), np.uint8).reshape(size[1], size[0], 4)
        raw = np.frombuffer(depth.read(), np.float32).reshape(size[1], size[0])
        return picture, 2 * FAR * NEAR / (FAR + NEAR - (2 * raw - 1) * (FAR - NEAR))


def _open_context() -> moderngl.Context:
    try:
        return moderngl.create_context(standalone=True, backend="egl")  # type: ignore[arg-type]
    except Exception as error:  # glcontext raises nothing narrower
        raise OSError(
            f"No OpenGL through EGL ({error}): install libegl1 and libgl1-mesa-dri."
        ) from error


def _light_matrix(points: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """(4, 4) world → the shadow map, as tight about the points as can be."""
    rotation = look_at(direction, np.zeros(3))
    seen = points @ rotation.T
    low, high = seen.min(axis=0) - 0.05, seen.max(axis=0) + 0.05
    high[2] += _SHADOW_REACH
    matrix = np.eye(4)
    matrix[:3, :3] = rotation * (2 / (high - low))[:, None]
    matrix[:3, 3] = -(high + low) / (high - low)
    return matrix


def _write(program: moderngl.Program, name: str, value: np.ndarray) -> None:
    """Set a uniform vector or matrix; OpenGL stores matrices by columns."""
    uniform = program[name]
    assert isinstance(uniform, moderngl.Uniform)
    uniform.write(value.T.astype(np.float32).tobytes())
