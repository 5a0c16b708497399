"""The bell never queues: however many results come, at most one ring is under way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from app.pipeline_bridge import PipelineBridge
from engine.estimator import EstimatorSettings
from engine.mailbox import Mailbox
from engine.pipeline.pipeline import Pipeline
from engine.pipeline.status import PipelineStatus
from engine.types import PoseResult
from tests.app.conftest import make_result

pytestmark = pytest.mark.gui


class HandPipeline:
    """A pipeline whose results come when the test says so, from another thread."""

    def __init__(self, settings: EstimatorSettings, notify: Callable[[], None]) -> None:
        self.results: Mailbox[PoseResult] = Mailbox()
        self.status = PipelineStatus(message="as it is")
        self.notify, self.rings = notify, 0
        self.close = self.results.close

    def give(self, *results: PoseResult) -> None:
        def work() -> None:
            for result in results:
                self.results.put(result)
                self.notify()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()


@pytest.fixture
def bridge(qapp: object) -> PipelineBridge:
    return PipelineBridge(EstimatorSettings(), cast(Callable[..., Pipeline], HandPipeline))


def give(bridge: PipelineBridge, *results: PoseResult) -> None:
    cast(HandPipeline, bridge.pipeline).give(*results)


def test_of_many_results_the_newest_is_shown_once(qtbot: QtBot, bridge: PipelineBridge) -> None:
    shown: list[PoseResult] = []
    bridge.result_ready.connect(shown.append)
    results = [make_result() for _ in range(50)]
    give(bridge, *results)
    assert shown == []  # nothing happens in the worker's thread
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == results[-1:]
    assert bridge.pipeline.results.dropped == 49


def test_after_one_ring_the_next_is_heard(qtbot: QtBot, bridge: PipelineBridge) -> None:
    for _ in range(3):
        with qtbot.waitSignal(bridge.result_ready):
            give(bridge, make_result())


def test_while_paused_nothing_is_shown(qtbot: QtBot, bridge: PipelineBridge) -> None:
    bridge.set_paused(True)
    with qtbot.assertNotEmitted(bridge.result_ready, wait=50):
        give(bridge, make_result())
    bridge.set_paused(False)
    with qtbot.waitSignal(bridge.result_ready):
        give(bridge, make_result())


def test_the_status_comes_without_any_result(qtbot: QtBot, bridge: PipelineBridge) -> None:
    with qtbot.waitSignal(bridge.status_changed) as heard:
        pass
    assert heard.args == [PipelineStatus(message="as it is")]


def test_a_ring_that_is_under_way_when_all_ends_is_harmless(
    qtbot: QtBot, bridge: PipelineBridge
) -> None:
    give(bridge, make_result())
    with qtbot.assertNotEmitted(bridge.result_ready, wait=50):
        bridge.close()
        give(bridge, make_result())
