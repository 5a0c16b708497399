"""What a job tells, and when."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.job import Jobs
from tests.app.conftest import LIMIT

pytestmark = pytest.mark.gui


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    window = QObject()
    yield Jobs(window)
    window.deleteLater()


def test_a_job_that_has_ended_tells_those_who_ask_afterwards(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[object] = []
    job = jobs.run(lambda _: 7, told.append, told.append)
    job.wait()
    job.ended.connect(lambda: told.append("ended"))
    qtbot.waitUntil(lambda: not jobs.busy and len(told) == 2, timeout=LIMIT)
    assert told == [7, "ended"]


def test_a_job_that_is_cancelled_when_it_has_ended_has_no_outcome(qtbot: QtBot, jobs: Jobs) -> None:
    told: list[object] = []
    job = jobs.run(lambda _: 7, told.append, told.append)
    job.wait()
    job.cancel()
    qtbot.waitUntil(lambda: not jobs.busy, timeout=LIMIT)
    assert not told
