"""One JSON message a frame to every WebSocket client, from one thread with an event loop in it.

Nothing queues up here: a client whose last message has not left yet misses this one, and one that
is behind for SLOW seconds is disconnected.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import time
from concurrent.futures import Future
from threading import Thread

from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from engine.live_out.message import LiveOutError, Message, shown

SLOW = 2.0  # seconds
SEND_BUFFER = 1 << 15  # bytes the system may hold for a client: ten frames or so

# A page from elsewhere, open in a browser here, could listen in: browsers say where a page is from.
LOCAL_PAGE = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")

_SILENT = logging.Logger("websocket", logging.CRITICAL + 1)  # a client's mistakes are its own


class WebSocketOut:
    """Serves every client that connects, see `Output`."""

    def __init__(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one. Raises LiveOutError where that cannot be done."""
        self._clients: dict[ServerConnection, float] = {}  # when each had caught up, monotonic s
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        listening: Future[int] = Future()
        self._thread = Thread(
            target=self._run, args=(host, port, listening), name="websocket", daemon=True
        )
        self._thread.start()
        self._name = f"WebSocket on ws://{shown(host, listening.result())}"

    def __str__(self) -> str:
        return self._name

    @property
    def clients(self) -> int:
        return len(self._clients)

    def send(self, message: Message) -> None:
        if self._clients:
            text = json.dumps(message, separators=(",", ":"), allow_nan=False)
            self._loop.call_soon_threadsafe(self._broadcast, text)

    def close(self) -> None:
        """Say goodbye to the clients; to those that do not listen for a second at most."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def _run(self, host: str, port: int, listening: Future[int]) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._serve(host, port, listening))
            except OSError as error:
                reason = str(error.strerror).rpartition(": ")[2].lower()
                listening.set_exception(
                    LiveOutError(f"No WebSocket on {shown(host, port)}: {reason}; choose another.")
                )

    async def _serve(self, host: str, port: int, listening: Future[int]) -> None:
        async with serve(
            self._hold,
            host,
            port,
            origins=[None, LOCAL_PAGE],
            compression=None,
            close_timeout=1.0,
            logger=_SILENT,
        ) as server:
            listening.set_result(_port(server))
            await self._stop.wait()

    async def _hold(self, client: ServerConnection) -> None:
        """Keep a client until it goes; what it says is not listened to."""
        client.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER
        )
        self._clients[client] = time.monotonic()
        try:
            async for _ in client:
                pass
        except ConnectionClosed:
            pass
        finally:
            del self._clients[client]

    def _broadcast(self, text: str) -> None:
        now, ready = time.monotonic(), []
        for client, caught_up in list(self._clients.items()):
            if client.transport.get_write_buffer_size() == 0:
                self._clients[client] = now
                ready.append(client)
            elif now - caught_up > SLOW:
                client.transport.abort()
        broadcast(ready, text)


def _port(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])
