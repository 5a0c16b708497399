"""Sends the newest result to every output, in a thread of its own: no receiver delays us."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from engine.live_out.message import LiveOutError, Message, describe
from engine.mailbox import Mailbox
from engine.types import PoseResult

log = logging.getLogger(__package__)

LOOPBACK = "127.0.0.1"
POLL = 0.5  # seconds


class Output(Protocol):
    """``str`` of it says where it sends."""

    @property
    def clients(self) -> int: ...

    def send(self, message: Message) -> None:
        """Never waits for a receiver."""
        ...

    def close(self) -> None: ...


class LiveOut:
    """Owns its outputs; ``put`` may be called from any thread and returns at once."""

    def __init__(self, outputs: Sequence[Output]) -> None:
        self._outputs = outputs
        self._latest: Mailbox[tuple[PoseResult, float]] = Mailbox()
        self._closing = False
        log.info("Sending: %s", self)
        self._thread = threading.Thread(target=self._run, name="live out", daemon=True)
        self._thread.start()

    def __str__(self) -> str:
        return ", ".join(map(str, self._outputs))

    @property
    def clients(self) -> int:
        return sum(output.clients for output in self._outputs)

    def put(self, result: PoseResult, threshold: float) -> None:
        """threshold: the score from which a keypoint counts as seen."""
        self._latest.put((result, threshold))

    def close(self) -> None:
        self._closing = True
        self._latest.close()
        self._thread.join()
        for output in self._outputs:
            output.close()

    def _run(self) -> None:
        while not self._closing:
            if newest := self._latest.take(POLL):
                message = describe(*newest)
                for output in self._outputs:
                    output.send(message)


def open_live_out(osc: str | None = None, websocket: str | None = None) -> LiveOut | None:
    """Outputs at ``[HOST:]PORT``, this machine where no host is given; None where both are None.

    Raises LiveOutError: no such address, or it is taken.
    """
    outputs: list[Output] = []
    if osc is not None:
        from engine.live_out.osc import OscOut

        outputs.append(OscOut(*parse_address(osc)))
    if websocket is not None:
        from engine.live_out.websocket import WebSocketOut

        outputs.append(WebSocketOut(*parse_address(websocket)))
    return LiveOut(outputs) if outputs else None


def parse_address(text: str) -> tuple[str, int]:
    """``9000``, ``studio:9000`` or ``[::1]:9000``. Raises LiveOutError."""
    host, _, port = text.rpartition(":")
    if not (_can_be_host(host) and port.isascii() and port.isdigit() and int(port) < 1 << 16):
        raise LiveOutError(f"'{text}' is not an address: give HOST:PORT or PORT, such as 9000.")
    return host.strip("[]") or LOOPBACK, int(port)


def _can_be_host(name: str) -> bool:
    """Whether the system can be asked for it: no part is empty or too long."""
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True
