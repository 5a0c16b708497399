"""The history of settings, for undo. Knows no widgets."""

from __future__ import annotations

from dataclasses import fields

from app.settings import Settings

ONE_CHANGE = 1.0  # seconds within which changes of the same settings are one: a slider is dragged
# Each camera's own; what follows plugs, mouse and the last export; another language is
# another window.
UNTOUCHED = (
    *("rooms", "modes", "camera", "geometry", "language", "guided"),
    *("export_format", "export_folder"),
)


class SettingsHistory:
    def __init__(self, present: Settings) -> None:
        self._past: list[Settings] = []
        self._present = present
        self._changed: set[str] = set()
        self._when = 0.0

    def look(self, present: Settings, now: float) -> None:
        """Take note of what is set; now: seconds of any clock."""
        changed = _differences(self._present, present)
        if changed and not (changed == self._changed and now - self._when < ONE_CHANGE):
            self._past.append(self._present)
        if changed:
            self._changed, self._when = changed, now
        self._present = present

    def back(self) -> Settings | None:
        """What was set before the last change, which is forgotten; None where nothing was."""
        if not self._past:
            return None
        self._present, self._changed = self._past.pop(), set()
        return self._present


def _differences(one: Settings, other: Settings) -> set[str]:
    names = {field.name for field in fields(Settings)} - set(UNTOUCHED)
    return {name for name in names if getattr(one, name) != getattr(other, name)}
