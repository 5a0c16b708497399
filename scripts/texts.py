"""Collects the texts of the window into assets/translations/LANGUAGE.ts, for Qt Linguist.

Translations that are there stay; texts that are gone go. The exit code is 1 where one is missing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.language import CONTEXT, ENGLISH, FOLDER, LANGUAGES, read_catalogue  # noqa: E402

MARKS = {"tr": 0, "later": 0, "Command": 2}  # which argument of a call is a text


def texts() -> list[str]:
    """All of app/, each once, in the order of files and lines."""
    files = sorted((ROOT / "app").rglob("*.py"))
    return list(dict.fromkeys(text for file in files for text in _texts_of(file)))


def _texts_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = MARKS.get(node.func.id, len(node.args))
            if place < len(node.args) and isinstance(node.args[place], ast.Constant):
                yield node.args[place].value


def write_catalogue(path: Path, language: str, translations: dict[str, str]) -> None:
    """translations: source → text, empty where there is none yet."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage=ENGLISH)
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for source, translation in translations.items():
        message = ElementTree.SubElement(context, "message")
        ElementTree.SubElement(message, "source").text = source
        ready = {} if translation else {"type": "unfinished"}
        ElementTree.SubElement(message, "translation", ready).text = translation
    ElementTree.indent(root, "")
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def main() -> int:
    """Returns the exit code."""
    missing = 0
    for language in LANGUAGES.keys() - {ENGLISH}:
        path = FOLDER / f"{language}.ts"
        known = read_catalogue(path) if path.exists() else {}
        found = {text: known.get(text, "") for text in texts()}
        write_catalogue(path, language, found)
        for text in (text for text, translation in found.items() if not translation):
            print(f"{language}: {text!r}")
            missing += 1
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())
