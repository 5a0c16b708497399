"""What the window remembers between two runs. Knows an INI file, no widgets.

Whatever the file holds, reading it gives usable settings: what makes no sense is its default.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_videos_path
from PyQt6.QtCore import QSettings

from app.countdown import COUNTDOWNS
from app.language import LANGUAGES, SYSTEM
from app.theme import DARK, THEMES
from app.view_area import ARRANGEMENTS
from app.view_area import AUTO as AUTO_ARRANGED
from engine.estimator import EstimatorSettings
from engine.runtimes import AUTO
from engine.types import MOST_PEOPLE

SETTINGS_FILE = user_config_path("sandglass", appauthor=False) / "settings.ini"

_ESTIMATOR = EstimatorSettings()
_PEOPLE = range(1, MOST_PEOPLE + 1)


@dataclass(frozen=True)
class Settings:
    theme: str = DARK.name
    mirror: bool = False
    smoothing: float = _ESTIMATOR.smoothing
    threshold: float = _ESTIMATOR.threshold
    people: int = _ESTIMATOR.people
    backbone: str = ""  # empty: the program chooses
    lifter: str = ""
    runtime: str = AUTO
    camera: str = ""  # by name, an index may be another camera after a restart
    record_folder: str = str(user_videos_path() / "Sandglass")
    record_video: bool = False
    countdown: int = 0  # seconds
    rooms: str = ""  # what RoomController remembers
    modes: str = ""  # what SourceController remembers
    export_format: str = ""  # of engine.session.export.FORMATS; empty: the first
    export_folder: str = ""  # empty: each session's own
    uncertainty: bool = True
    angles: bool = False
    panels: bool = True
    arrangement: str = AUTO_ARRANGED  # of the views
    language: str = SYSTEM
    guided: bool = False  # through the camera guide, or past it
    geometry: str = ""  # Qt's, base 64


def load_settings(path: Path) -> Settings:
    """Read ``path``; what is missing or damaged is left at its default."""
    store = QSettings(str(path), QSettings.Format.IniFormat)
    found: dict[str, Any] = {}
    for name, default in asdict(Settings()).items():
        try:
            parse = _PARSERS.get(name) or _PARSERS[type(default)]
            found[name] = parse(store.value(name))
        except (ValueError, KeyError):
            continue
    return Settings(**found)


def save_settings(path: Path, settings: Settings) -> None:
    """Write ``path``; where that fails, say so on stderr and go on."""
    store = QSettings(str(path), QSettings.Format.IniFormat)
    store.clear()
    for name, value in asdict(settings).items():
        store.setValue(name, str(value))
    store.sync()
    if store.status() != QSettings.Status.NoError:
        print(f"The settings could not be saved to {path}.", file=sys.stderr)


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError
    return raw


def _one_of(known: Collection[str], raw: object) -> str:
    if raw not in known:
        raise ValueError
    return _text(raw)


def _share(raw: object) -> float:
    value = float(_text(raw))
    if not 0 <= value <= 1:
        raise ValueError
    return value


_PARSERS: dict[object, Callable[[object], Any]] = {
    str: _text,
    float: _share,
    bool: lambda raw: {"True": True, "False": False}[_text(raw)],
    "people": lambda raw: _PEOPLE[_PEOPLE.index(int(_text(raw)))],
    "countdown": lambda raw: COUNTDOWNS[COUNTDOWNS.index(int(_text(raw)))],
    "arrangement": lambda raw: _one_of(ARRANGEMENTS, raw),
    "language": lambda raw: _one_of((SYSTEM, *LANGUAGES), raw),
    "theme": lambda raw: THEMES[_text(raw)].name,
}
