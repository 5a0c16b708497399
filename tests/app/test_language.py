"""The window in other languages: every text is translated, and every control has a name."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QWidget,
)

from app.controller import Controller
from app.language import ENGLISH, FOLDER, LANGUAGES, SYSTEM, install, language_of, read_catalogue

ROOT = Path(__file__).parents[2]
OTHERS = sorted(LANGUAGES.keys() - {ENGLISH})
INSIDE = re.compile("qt_|ScrollLeftButton|ScrollRightButton")  # Qt's own parts of a control
CONTROLS = (
    *(QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit),
    QProgressBar,
)

Open = Callable[..., Controller]


@pytest.fixture
def korean(qapp: QApplication) -> Iterator[None]:
    install(qapp, "ko")
    yield
    install(qapp, ENGLISH)


def test_every_text_is_translated(tmp_path: Path) -> None:
    code = "import sys, texts; texts.FOLDER = texts.Path(sys.argv[1]); sys.exit(texts.main())"
    for language in OTHERS:
        (tmp_path / f"{language}.ts").write_bytes((FOLDER / f"{language}.ts").read_bytes())
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT / "scripts", capture_output=True, text=True)
    assert done.stdout + done.stderr == ""
    for language in OTHERS:  # the files are as the command would write them
        assert (tmp_path / f"{language}.ts").read_bytes() == (
            FOLDER / f"{language}.ts"
        ).read_bytes()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_takes_what_the_text_takes(language: str) -> None:
    for source, translation in read_catalogue(FOLDER / f"{language}.ts").items():
        assert _fields(translation) == _fields(source), source


def _fields(text: str) -> list[tuple[str, str]]:
    parsed = string.Formatter().parse(text)
    return sorted((name, spec or "") for _, name, spec, _ in parsed if name is not None)


def test_the_system_decides_unless_somebody_does(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, language in (("ko_KR", "ko"), ("zh_CN", "zh"), ("fr_FR", ENGLISH), ("C", ENGLISH)):
        monkeypatch.setattr("app.language.QLocale.system", lambda name=name: _System(name))
        assert language_of(SYSTEM) == language
        assert language_of("zh") == "zh"


class _System:
    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name


@pytest.mark.gui
def test_the_window_is_in_the_language_chosen(korean: None, open_window: Open) -> None:
    window = open_window(language="ko").window
    assert window.recording.tool.text() == "●  녹화"
    assert window.video.message == "첫 화면을 기다리는 중…"
    assert window.source.list.accessibleName() == "소스"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "취소"


@pytest.mark.gui
def test_choosing_a_language_asks_for_another_window_but_never_during_a_take(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, asked = open_window(), list[str]()
    controller.reopening.connect(lambda: asked.append(controller.settings().language))
    languages = controller.window.program.languages
    languages.setCurrentIndex(languages.findData("zh"))
    languages.activated.emit(languages.currentIndex())
    assert asked == ["zh"]


@pytest.mark.gui
def test_every_control_has_a_name(open_window: Open) -> None:
    window = open_window().window
    window.offer.make("A take is there.", "Replay", lambda: None)
    controls = [one for kind in CONTROLS for one in window.findChildren(kind) if _is_own(one)]
    assert len(controls) > 40
    nameless = [one for one in controls if not _name(one)]
    assert {(type(one).__name__, type(one.parent()).__name__) for one in nameless} == set()


def _is_own(control: QWidget) -> bool:
    inside = isinstance(control.parent(), QAbstractSpinBox | QComboBox)
    return not (inside or isinstance(control, QScrollBar) or INSIDE.match(control.objectName()))


def _name(control: QWidget) -> str:
    text = control.text() if isinstance(control, QAbstractButton) else ""
    return control.accessibleName() or text
