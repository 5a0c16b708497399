"""The views are arranged by choice or by shape; what lies over them moves nothing."""

from __future__ import annotations

import pytest
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.panels.banner import Banner
from app.view_area import ARRANGEMENTS, BESIDE, BORDER, INSET, SPACE, STACKED, ViewArea

pytestmark = pytest.mark.gui


@pytest.fixture
def parts(qtbot: QtBot) -> tuple[ViewArea, QWidget, QWidget, Banner]:
    picture, space, banner = QWidget(), QWidget(), Banner(QAction())
    area = ViewArea(picture, space, [banner])
    qtbot.addWidget(area)
    area.resize(800, 500)
    area.show()
    return area, picture, space, banner


Parts = tuple[ViewArea, QWidget, QWidget, Banner]


@pytest.mark.parametrize(("width", "height", "shown"), [(800, 500, BESIDE), (500, 800, STACKED)])
def test_by_itself_it_follows_the_shape(parts: Parts, width: int, height: int, shown: str) -> None:
    area, picture, space, _ = parts
    area.resize(width, height)
    assert area.shown == shown
    one, other = (view.mapTo(area, view.rect().topLeft()) for view in (picture, space))
    assert (one.x() < other.x(), one.y() < other.y()) == (shown == BESIDE, shown == STACKED)


def test_every_arrangement_leads_to_every_other(parts: Parts) -> None:
    area, picture, space, _ = parts
    for first in ARRANGEMENTS:
        for second in ARRANGEMENTS:
            area.set_arrangement(first)
            area.set_arrangement(second)
            assert space.isVisible()
            assert picture.isVisible() == (second != SPACE)
            if second == INSET:
                assert picture.width() < area.width() / 2


def test_both_views_have_room_after_any_other_arrangement(qtbot: QtBot, parts: Parts) -> None:
    area, picture, space, _ = parts
    for other in ARRANGEMENTS:
        area.set_arrangement(other)
        area.set_arrangement(BESIDE)
        qtbot.waitUntil(lambda: picture.width() > 0.5 * area.width() and space.width() > 300)
        area.set_arrangement(other)
        area.set_arrangement(STACKED)
        qtbot.waitUntil(lambda: picture.height() > 0.5 * area.height() and space.height() > 180)


def test_the_picture_alone_is_seen_in_every_arrangement(qtbot: QtBot, parts: Parts) -> None:
    area, picture, space, _ = parts
    for name in ARRANGEMENTS:
        area.set_arrangement(name)
        area.set_picture_alone(True)
        qtbot.waitUntil(lambda: picture.size() == area.size())
        assert not space.isVisible()
        area.set_picture_alone(False)


def test_a_message_lies_over_the_views_and_moves_nothing(qtbot: QtBot, parts: Parts) -> None:
    area, picture, _, banner = parts
    before = picture.geometry()
    banner.tell("The camera was unplugged.")
    qtbot.waitUntil(lambda: banner.height() > 0 and banner.isVisible())
    assert picture.geometry() == before
    assert banner.mapTo(area, banner.rect().topLeft()).y() == 0
    banner.tell("")
    qtbot.waitUntil(lambda: area.childAt(100, 2) is not banner)  # clicks reach the picture again


def test_a_running_take_is_a_red_frame_and_only_a_frame(parts: Parts) -> None:
    area, *_ = parts
    area.show_take(True)
    shown = area.grab().toImage()
    red, inside = shown.pixelColor(1, 250), shown.pixelColor(BORDER + 2, 250)
    assert red.red() > 2 * red.green()
    assert inside.red() < 2 * inside.green() + 10
    area.show_take(False)
    assert area.grab().toImage().pixelColor(1, 250) == inside
