"""The engine's lines in another language: each is one of the engine's, and is found again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication

from app.engine_texts import LINES, translated
from app.language import ENGLISH, install
from engine.session.disk import DiskSpace

ENGINE = Path(__file__).parents[2] / "engine"


@pytest.fixture
def korean(qapp: QApplication) -> Iterator[None]:
    install(qapp, "ko")
    yield
    install(qapp, ENGLISH)


def test_every_line_is_the_engines() -> None:
    files = (*ENGINE.rglob("*.py"), ENGINE.parent / "app" / "choice.py")
    said = "\n".join(path.read_text("utf-8") for path in files)
    said = re.sub(r'"\s+f?"', "", said)  # of a text in several pieces
    for line in LINES:
        for part in line.split("{}"):
            assert part.strip(" .,:;()'") in said, line


def test_a_line_within_a_line_is_translated_too(korean: None) -> None:
    said = translated("USB Video gives no new pictures. Reconnecting…")
    assert said == "USB Video에서 새 화면이 오지 않습니다. 다시 연결하는 중…"


def test_a_disks_room_and_a_takes_verdict_keep_their_figures(korean: None) -> None:
    assert translated(str(DiskSpace(3_200_000_000, 720.0))) == "3.2 GB 남음, 12분 녹화 가능"
    verdict = "Good: 29.9 frames a second of 30.0, longest gap 0.05 s, 2 people left out, those"
    said = translated(f"{verdict} seen least.")
    assert said == "좋음: 초당 29.9프레임 (30.0 중), 가장 긴 공백 0.05초, 가장 적게 보인 2명 제외."


@pytest.mark.usefixtures("korean")
def test_a_line_that_is_not_known_and_braces_stay_as_they_are() -> None:
    assert translated("Something else {0}.") == "Something else {0}."
    assert translated("{x} gives no new pictures.").startswith("{x}에서")


def test_in_english_every_line_stays_as_it_is() -> None:
    for line in LINES:
        assert translated(line.replace("{}", "this")) == line.replace("{}", "this")
