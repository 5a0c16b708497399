"""The 3D pane: the people of a PoseResult on a floor, to be turned with the mouse.

Where OpenGL is missing it says so. Takes a value and draws it; opens nothing, starts nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QAction, QColor, QOpenGLContext
from PyQt6.QtWidgets import QGridLayout, QLabel, QToolButton, QWidget

from app.language import later, tr
from app.theme import Theme, styled
from app.views.group import Figure, Group
from app.views.people import label, own_colours
from app.views.skeleton_mesh import Mesh, ellipsoids, joined, shadow_mesh, skeleton_mesh
from app.views.skeleton_style import GUESSED
from engine.types import PoseResult

if TYPE_CHECKING:
    from app.views.gl_scene import GLScene

log = logging.getLogger(__package__)

NO_OPENGL = later(
    "The 3D view needs OpenGL 2.1 or newer, and this display offers none.\n"
    "Install its graphics driver (Debian, Ubuntu: libgl1-mesa-dri)."
)
HELP = later("Drag to turn, wheel to zoom, Ctrl+drag to move")


class SkeletonView(QWidget):
    """Empty while nobody is in view."""

    def __init__(
        self, theme: Theme, reset: QAction, threshold: float = 0.3, mirror: bool = False
    ) -> None:
        super().__init__()
        self.setMinimumSize(QSize(120, 90))
        self._theme, self._threshold, self._mirror = theme, threshold, mirror
        self._uncertainty = True
        self._result: PoseResult | None = None
        self._group = Group()
        self._legend = styled(QLabel(), "legend")
        self.scene: GLScene | None = _open_scene()
        self._lay_out(reset)
        reset.triggered.connect(self.reset_view)
        self.set_theme(theme)

    def _lay_out(self, reset: QAction) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        if self.scene is None:
            grid.addWidget(
                styled(QLabel(tr(NO_OPENGL)), "muted"), 0, 0, Qt.AlignmentFlag.AlignCenter
            )
            return
        self.scene.setToolTip(tr(HELP))
        button = QToolButton()
        button.setDefaultAction(reset)
        button.setIconSize(QSize(20, 20))
        self._legend.setMargin(14)
        grid.addWidget(self.scene, 0, 0)
        side = Qt.AlignmentFlag
        grid.addWidget(self._legend, 0, 0, side.AlignLeft | side.AlignBottom)
        grid.addWidget(button, 0, 0, side.AlignRight | side.AlignTop)

    def add_corner(self, widget: QWidget) -> None:
        """Put ``widget`` over the scene, top left."""
        grid = self.layout()
        assert isinstance(grid, QGridLayout)
        side = Qt.AlignmentFlag
        grid.addWidget(widget, 0, 0, side.AlignLeft | side.AlignTop)

    def show_result(self, result: PoseResult) -> None:
        self._result = result
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._legend.setText(
            "&nbsp;&nbsp;&nbsp;".join(
                f'<span style="color:{theme.sides[side]}">⬤</span>&nbsp;&nbsp;{tr(side)}'
                for side in ("left", "right")
            )
        )
        if self.scene:
            self.scene.set_theme(theme)
        self._draw()

    def set_mirror(self, mirror: bool) -> None:
        self._mirror = mirror
        self._draw()

    def set_uncertainty(self, shown: bool) -> None:
        """Whether the uncertainty of each joint is drawn around it."""
        self._uncertainty = shown
        self._draw()

    def set_threshold(self, threshold: float) -> None:
        self._threshold = threshold
        self._draw()

    def reset_view(self) -> None:
        if self.scene:
            self.scene.reset_view()

    def look_from_above(self) -> None:
        if self.scene:
            self.scene.look_from_above()

    def turn(self, across: float, up: float) -> None:
        """Degrees."""
        if self.scene:
            self.scene.orbit(across, up)

    def zoom(self, factor: float) -> None:
        """Multiply the distance of the camera; below 1 is nearer."""
        if self.scene:
            self.scene.zoom(factor)

    def _draw(self) -> None:
        if self.scene is None or self._result is None:
            return
        figures = self._group.place(self._result, self._threshold, self._mirror)
        if not figures:
            self.scene.clear_people()
            return
        own = own_colours(self._result.people)
        body = joined([self._mesh(figure, own) for figure in figures])
        names = [
            (label(f.person.id, subject=f.person is self._result.subject), f.over_head)
            for f in figures
            if own
        ]
        self.scene.hold(max(abs(float(f.points[0, 0])) for f in figures))
        self.scene.show_floor(self._group.centre, self._group.trail)
        shadow = shadow_mesh(body, _rgb(self._theme.grid))
        veils = [veil for figure in figures if (veil := self._veil(figure))]
        self.scene.show_people(body, shadow, joined(veils) if veils else None, names)

    def _veil(self, figure: Figure) -> Mesh | None:
        """One standard deviation about each joint; None where the lifter does not say it."""
        pose = figure.person.pose3d
        if not self._uncertainty or pose is None or pose.spread is None:
            return None
        half_axes = pose.spread[:, :, None] / 1000 * figure.axes
        colours = {side: _rgb(colour) for side, colour in self._theme.sides.items()}
        seen = np.where(figure.strengths > GUESSED, figure.strengths, 0)
        return ellipsoids(figure.points, half_axes, seen, figure.skeleton, colours)

    def _mesh(self, figure: Figure, own: Mapping[int, str]) -> Mesh:
        colour = own.get(figure.person.id)
        return skeleton_mesh(
            figure.points,
            figure.strengths,
            figure.skeleton,
            {side: _rgb(colour) for side, colour in self._theme.sides.items()},
            _rgb(self._theme.scene),
            _rgb(colour) if colour else None,
        )


def _open_scene() -> GLScene | None:
    """None where there is no usable OpenGL."""
    context = QOpenGLContext()
    version = context.format().version() if context.create() else (0, 0)
    if version < (2, 1) and not context.isOpenGLES():
        return None
    try:
        from app.views.gl_scene import GLScene
    except (ImportError, AttributeError, OSError):  # PyOpenGL found no library to load
        log.exception("No 3D view")
        return None
    return GLScene()


def _rgb(colour: str) -> np.ndarray:
    return np.array(QColor(colour).getRgbF()[:3])
