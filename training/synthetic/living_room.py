"""The room of the demo clip: a sofa, a bookcase, a rug and two paintings. Metres."""

from __future__ import annotations

from training.synthetic.room import box, shell
from training.synthetic.scene import Colour, Material, Mesh

_BACK, _WIDTH = 1.9, 2.6
_OAK = Material((0.36, 0.21, 0.11), (0.27, 0.15, 0.075), "planks", 0.13, 0.12)
_WALL, _SIDE = Material((0.62, 0.58, 0.5)), Material((0.56, 0.53, 0.47))
_RUG = Material((0.42, 0.37, 0.32), (0.36, 0.31, 0.27), "bars", 0.09)
_WOOD, _FRAME = Material((0.25, 0.14, 0.07)), Material((0.08, 0.06, 0.05))
_SOFA, _CUSHION = Material((0.22, 0.27, 0.25)), Material((0.5, 0.23, 0.1))
_BOOKS: tuple[Colour, ...] = (
    (0.4, 0.08, 0.06), (0.07, 0.16, 0.3), (0.5, 0.4, 0.15), (0.1, 0.22, 0.12), (0.5, 0.48, 0.44),
)  # fmt: skip
_SHELVES = (0.0, 0.4, 0.8, 1.2, 1.6)


def living_room() -> Mesh:
    sea, ochre = Material((0.16, 0.3, 0.38), (0.6, 0.5, 0.3), "blotches", 0.16), (0.75, 0.66, 0.5)
    parts = [
        *shell(_OAK, _WALL, _SIDE, _BACK, _WIDTH),
        box((-1.1, 0.0, -0.9), (1.1, 0.012, 0.9), _RUG),
        *_sofa(),
        *_bookcase(1.0),
        *_painting(-1.15, 1.65, 0.34, 0.24, sea),
        *_painting(-0.35, 1.78, 0.17, 0.22, Material((0.5, 0.25, 0.16), ochre, "blotches", 0.16)),
    ]
    return Mesh.merge(parts)


def _sofa() -> list[Mesh]:
    return [
        box((-2.2, 0.08, -1.8), (-0.5, 0.42, -1.0), _SOFA),
        box((-2.2, 0.42, -1.85), (-0.5, 0.82, -1.6), _SOFA),
        box((-2.35, 0.05, -1.82), (-2.15, 0.6, -1.0), _SOFA),
        box((-0.55, 0.05, -1.82), (-0.35, 0.6, -1.0), _SOFA),
        box((-2.0, 0.42, -1.6), (-1.6, 0.75, -1.45), _CUSHION),
    ]


def _bookcase(left: float) -> list[Mesh]:
    right, front = left + 0.9, -_BACK + 0.3
    boards = [box((left, y, -_BACK), (right, y + 0.03, front), _WOOD) for y in _SHELVES]
    ends = [box((x, 0.0, -_BACK), (x + 0.03, 1.63, front), _WOOD) for x in (left, right - 0.03)]
    return boards + ends + [_book(left, number) for number in range(44)]


def _book(left: float, number: int) -> Mesh:
    shelf, slot = divmod(number, 11)
    low, tall = _SHELVES[shelf] + 0.03, 0.2 + 0.0225 * (number * 7 % 5)
    x = left + 0.06 + 0.062 * slot
    colour = Material(_BOOKS[number * 3 % 5])
    return box((x, low, -_BACK + 0.02), (x + 0.055, low + tall, -_BACK + 0.22), colour)


def _painting(x: float, y: float, w: float, h: float, canvas: Material) -> list[Mesh]:
    """Centre and half sizes."""
    return [
        box(
            (x - w - 0.02, y - h - 0.02, -_BACK),
            (x + w + 0.02, y + h + 0.02, -_BACK + 0.02),
            _FRAME,
        ),
        box((x - w, y - h, -_BACK), (x + w, y + h, -_BACK + 0.03), canvas),
    ]
