"""What the program says, until it is put away or no longer so."""

from __future__ import annotations

import pytest
from PyQt6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.panels.banner import Banner, Offer
from engine.pipeline.status import PipelineStatus

pytestmark = pytest.mark.gui


def test_an_offer_is_taken_or_left(qtbot: QtBot) -> None:
    offer, taken = Offer(QAction()), list[str]()
    qtbot.addWidget(offer)
    offer.make("2 unfinished takes found.", "Finish them", lambda: taken.append("yes"))
    assert offer.text == "2 unfinished takes found."
    offer.button.click()
    assert (taken, offer.text) == (["yes"], "")


def test_a_message_that_was_put_away_stays_away_until_it_changes(qtbot: QtBot) -> None:
    banner = Banner(QAction())
    qtbot.addWidget(banner)
    lost = PipelineStatus(message="Camera lost.")
    banner.show_status(lost)
    assert banner.text == "Camera lost."
    banner.away.click()
    banner.show_status(lost)
    assert banner.text == ""
    banner.show_status(PipelineStatus(message="Still lost."))
    assert banner.text == "Still lost."
    banner.show_status(PipelineStatus())
    assert banner.text == ""


def test_an_error_offers_the_log_and_news_do_not(qtbot: QtBot) -> None:
    banner = Banner(QAction())
    qtbot.addWidget(banner)
    banner.show_status(PipelineStatus(message="Camera lost."))
    assert banner.show_log.isVisible()
    with qtbot.waitSignal(banner.log_wanted):
        banner.show_log.click()
    banner.tell("Saved.")
    assert not banner.show_log.isVisible()
    banner.tell_error("The notes cannot be written.")
    assert banner.show_log.isVisible()


def test_what_the_window_says_itself_outlasts_a_silent_pipeline(qtbot: QtBot) -> None:
    banner = Banner(QAction())
    qtbot.addWidget(banner)
    banner.tell("No camera found.")
    banner.show_status(PipelineStatus())
    assert banner.text == "No camera found."


def test_a_notice_ends_and_what_is_wrong_stays(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.panels.banner.NOTICE", 1)
    banner = Banner(QAction())
    qtbot.addWidget(banner)
    banner.tell("Saved.")
    qtbot.waitUntil(lambda: not banner.text)
    banner.tell("Saved.")
    banner.tell_error("The notes cannot be written.")
    banner.end_notice()
    with qtbot.assertNotEmitted(banner.destroyed, wait=50):
        pass
    assert banner.text == "The notes cannot be written."
