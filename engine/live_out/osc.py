"""OSC over UDP: for each frame a bundle with the first person, and one for each further person.

So no bundle grows beyond what a system sends in one datagram (9 KiB on macOS). Never waits: what
UDP does not take is lost. Open Sound Control 1.0; addresses and arguments: docs/live-out.md.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress

from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.udp_client import UDPClient

from engine.live_out.message import LiveOutError, Message, shown

# A person's values in a message → in an address.
_PARTS = {"keypoints2d": "keypoint2d", "joints3d": "joint3d", "angles": "angle"}

Line = tuple[str, list[float | int | str]]  # address, arguments


class OscOut:
    """Sends bundles to one address, see `Output`."""

    def __init__(self, host: str, port: int) -> None:
        """Raises LiveOutError for a host that is not known."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][4]
        except OSError as error:
            raise LiveOutError(f"OSC cannot be sent to {host}: {error.strerror}.") from None
        self._client = UDPClient(str(found[0]), port)
        self._name = f"OSC to {shown(host, port)}"

    @property
    def clients(self) -> int:
        """UDP does not know who listens."""
        return 0

    def __str__(self) -> str:
        return self._name

    def send(self, message: Message) -> None:
        for content in bundles(message):
            bundle = OscBundleBuilder(IMMEDIATELY)
            for address, arguments in content:
                builder = OscMessageBuilder(address)
                for argument in arguments:
                    # Seconds since 1970 need a double; everything in a person fits a float.
                    double = isinstance(argument, float) and address == "/sandglass/frame"
                    builder.add_arg(argument, "d" if double else None)
                bundle.add_content(builder.build())
            with suppress(OSError):  # its buffer is full, or there is no way there just now
                self._client.send(bundle.build())

    def close(self) -> None:
        self._client.close()


def bundles(message: Message) -> Iterator[list[Line]]:
    """What each bundle of a frame holds."""
    people = [list(_lines(number, person)) for number, person in enumerate(message["people"])]
    head = [message[name] for name in ("timestamp", "unix_time", "frame", "backbone")]
    frame = [*head, message["lifter"] or "", len(people), *message["size"]]
    first, *others = people or [[]]
    camera = [
        (f"/sandglass/camera/{name}", [value])
        for name, value in message["camera"].items()
        if value is not None
    ]
    yield [("/sandglass/frame", frame), *camera, *first]
    yield from others


def _lines(number: int, person: Message) -> Iterator[Line]:
    """What is said of a person; what has no value is left out."""
    address = f"/sandglass/person/{number}"
    yield f"{address}/id", [person["id"]]
    yield f"{address}/subject", [int(person["subject"])]
    if person["root"] is not None:
        yield f"{address}/root", person["root"]
    for part, kind in _PARTS.items():
        for name, values in (person[part] or {}).items():
            if values is not None:
                yield f"{address}/{kind}/{name}", values if isinstance(values, list) else [values]
