"""Fields for what is known of camera and person. An empty field shows the value in use and where it
comes from. Sets nothing itself.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QLabel, QLineEdit

from app.language import later, tr
from app.panels.card import Card, action_button
from engine.space.room import BOUNDS, USUAL_BODY, RoomSettings
from engine.types import CameraView, PoseResult

WIDTH = 96  # pixels, of a field
CENTIMETRES = 40  # from which on a height is in these
FEET = re.compile(r"""(\d)\s*(?:'|ft)\s*(?:(\d\d?(?:\.\d+)?)\s*(?:"|''|in)?)?""")
FIELDS = {  # of RoomSettings: title, unit, tip
    "body_height": (
        later("Body height"),
        "m",
        later("Of the person, also 182 cm or 6'1\": sizes and distances follow from it"),
    ),
    "field_of_view": (later("Field of view"), "°", later("Horizontal, of the camera")),
    "pitch": (later("Camera pitch"), "°", later("Positive: the camera looks down")),
    "roll": (later("Camera roll"), "°", later("Positive: the camera is turned clockwise")),
}
SOURCES = {  # CameraView.sources → what stands in an empty field
    "guess": later("{} guess"),
    "estimated": later("{} found"),
    "exif": later("{} by the file"),
    "webcam": later("{} by the name"),
}


class RoomPanel(Card):
    changed = pyqtSignal(object)  # RoomSettings
    refused = pyqtSignal(str)  # why what was typed does not count

    def __init__(self, level: QAction) -> None:
        super().__init__(tr("Room"))
        self._settings = RoomSettings()
        self.fields: dict[str, QLineEdit] = {}
        for name, (title, unit, tip) in FIELDS.items():
            field = QLineEdit()
            field.setFixedWidth(WIDTH)
            field.setToolTip(f"{tr(tip)}. {tr('Empty: estimated or guessed')}")
            field.setAccessibleName(tr(title))
            field.editingFinished.connect(lambda name=name: self._typed(name))
            field.returnPressed.connect(field.clearFocus)
            self.add_row(QLabel(f"{tr(title)}, {unit}"), field)
            self.fields[name] = field
        self.add_row(action_button(level, tr("Level")))
        self._show()

    @property
    def settings(self) -> RoomSettings:
        return self._settings

    def set_settings(self, settings: RoomSettings) -> None:
        """Show what is set, without setting it."""
        self._settings = settings
        self._show()

    def show_result(self, result: PoseResult) -> None:
        if result.camera and result.camera.focal_px:
            width = result.frame.image.shape[1]
            for name, text in _found(result.camera, width).items():
                self.fields[name].setPlaceholderText(text)

    def _show(self) -> None:
        guess = tr(SOURCES["guess"]).format(f"{USUAL_BODY:.2f}")
        self.fields["body_height"].setPlaceholderText(guess)
        for name, field in self.fields.items():
            value = getattr(self._settings, name)
            field.setText("" if value is None else f"{value + 0.0:.4g}")  # no -0

    def _typed(self, name: str) -> None:
        (title, unit, _), (low, high) = FIELDS[name], BOUNDS[name]
        text = self.fields[name].text().strip().replace(",", ".").removesuffix(unit)
        try:
            value = (metres if name == "body_height" else float)(text) if text else None
            if value is not None and not low <= value <= high:
                raise ValueError(text)
        except ValueError:
            refusal = tr("{} must be from {:g} to {:g} {}, not '{}'.")
            self.refused.emit(refusal.format(tr(title), low, high, unit, text))
            self._show()
            return
        new = replace(self._settings, **{name: value})  # type: ignore[arg-type]
        if name in ("pitch", "roll"):
            new = replace(new, tilt_by="typed")
        if new != self._settings:
            self._settings = new
            self.changed.emit(new)


def metres(text: str) -> float:
    """A body's height as people type it: 1.82, 182, 182 cm, 6'1", 6 ft. Raises ValueError."""
    if feet := FEET.fullmatch(text):
        return round(float(feet[1]) * 0.3048 + float(feet[2] or 0) * 0.0254, 2)
    value = float(text.removesuffix("cm").removesuffix("c"))  # where m was taken for the unit
    return value / 100 if value >= CENTIMETRES else value


def _found(camera: CameraView, width: int) -> dict[str, str]:
    """The texts of the empty fields: the value in use and where it comes from."""
    found = {
        "field_of_view": (_degrees_across(camera, width), "focal_px"),
        "pitch": (camera.pitch_deg, "pitch_deg"),
        "roll": (camera.roll_deg, "roll_deg"),
    }
    return {name: _words(value, camera.sources.get(key)) for name, (value, key) in found.items()}


def _words(value: float | None, source: str | None) -> str:
    if value is None:
        return tr("not known")
    return tr(SOURCES.get((source or "").split(" ")[0], "{}")).format(round(value))


def _degrees_across(camera: CameraView, width: int) -> float:
    assert camera.focal_px
    return math.degrees(2 * math.atan(width / 2 / camera.focal_px))
