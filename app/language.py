"""The window's texts in the user's language.

``tr`` translates a text; ``later`` marks one in a table, which is given to ``tr`` when it is shown.
scripts/texts collects both into assets/translations/LANGUAGE.ts, which Qt Linguist edits and which
is read without compiling. The engine's messages are in engine_texts.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from PyQt6.QtCore import QCoreApplication, QLocale, QTranslator

from engine.models.model_spec import ASSETS

CONTEXT = "Sandglass"
FOLDER = ASSETS / "translations"
SYSTEM, ENGLISH = "", "en"
LANGUAGES = {ENGLISH: "English", "ko": "한국어", "zh": "中文"}


def tr(text: str) -> str:
    """The text in the installed language; unchanged where there is no translation."""
    return QCoreApplication.translate(CONTEXT, text)


def later(text: str) -> str:
    """The text itself, marked for translation."""
    return text


class Catalogue(QTranslator):
    """A .ts file's texts, in any context: also Qt's own buttons, where it has them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def translate(  # type: ignore[override]  # None is Qt's null: not translated
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        return self._texts.get(source)

    def isEmpty(self) -> bool:  # noqa: N802
        return not self._texts


def read_catalogue(path: Path) -> dict[str, str]:
    """Source → translation of a .ts file; what is not translated yet is left out.

    Raises OSError, or ElementTree.ParseError for what is no .ts file.
    """
    messages = ElementTree.parse(path).iter("message")
    found = ((one.findtext("source"), one.findtext("translation")) for one in messages)
    return {source: translation for source, translation in found if source and translation}


def language_of(choice: str) -> str:
    """One of LANGUAGES: the one chosen, else the system's where there is a catalogue of it."""
    name = choice or QLocale.system().name().split("_")[0]
    return name if name in LANGUAGES else ENGLISH


def install(app: QCoreApplication, choice: str) -> None:
    """Let every text from now on be in that language, SYSTEM for the system's."""
    for before in app.findChildren(Catalogue):
        app.removeTranslator(before)
        before.deleteLater()
    if (language := language_of(choice)) != ENGLISH:
        catalogue = Catalogue(read_catalogue(FOLDER / f"{language}.ts"))
        catalogue.setParent(app)
        app.installTranslator(catalogue)
