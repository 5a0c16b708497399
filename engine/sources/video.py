"""Videos and streams through PyAV. Each gives RGB, upright, with square pixels."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from engine.messages import first_line
from engine.sources.pace import Pace
from engine.sources.source import SourceError
from engine.types import Frame

STREAM_TIMEOUT = (5.0, 5.0)  # seconds to open, to read


class VideoSource:
    """A video file, here or behind an address, with its own timestamps, rotation and shape of
    pixels.
    """

    live = False

    def __init__(self, path: Path | str, *, realtime: bool = True, loop: bool = False) -> None:
        """path: an address as a str."""
        self._path, self._loop = str(path), loop
        self._open()
        self.rate = float(self._stream.average_rate or 30.0)
        seconds = (self._container.duration or 0) / av.time_base
        self.frames = self._stream.frames or round(seconds * self.rate)
        size = f"{self._stream.codec_context.width}x{self._stream.codec_context.height}"
        self._name = Path(self._path).name
        self.description = f"{self._name}, {size} at {self.rate:.3g} fps"
        self._damaged = 0
        decoded = self._decode()
        self._pictures = chain([next(decoded)], decoded)  # a file without pictures fails here
        self._pace, self._index = Pace(realtime, 1 / self.rate), count()

    @property
    def skipped(self) -> str:
        damaged = f"{self._damaged} damaged part{'s' if self._damaged > 1 else ''}"
        return f"{damaged} of {self._name} left out." if self._damaged else ""

    def read(self) -> Frame | None:
        while True:
            picture = next(self._pictures, None)
            if picture is None:
                return None
            index, time_base = next(self._index), self._stream.time_base
            dated = picture.pts is not None
            timestamp = self._pace.due(
                float(picture.pts * time_base) if dated else index / self.rate
            )
            if timestamp is not None:
                return Frame(_upright(picture, self._stream), index, timestamp)

    def _open(self) -> None:
        self._container = _open_media(self._path, STREAM_TIMEOUT if "://" in self._path else None)
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"

    def _decode(self) -> Iterator[Any]:
        while True:
            found = False
            for packet in self._packets():
                for picture in self._pictures_of(packet):
                    found = True
                    yield picture
            if not found:
                raise SourceError(
                    f"{self._path} holds no readable picture: is it a whole video file?"
                )
            if not self._loop:
                return
            self._container.close()
            self._open()

    def _packets(self) -> Iterator[Any]:
        """The packets of the file up to the first damage; then None, which flushes the decoder."""
        packets = self._container.demux(video=0)
        try:
            yield from (packet for packet in packets if packet.size)
        except av.FFmpegError:
            self._damaged += 1
        yield None

    def _pictures_of(self, packet: Any) -> list[Any]:
        try:
            return list(self._stream.codec_context.decode(packet))
        except av.EOFError:  # the decoder was asked for the rest twice
            return []
        except av.FFmpegError:
            self._damaged += 1
            return []

    def close(self) -> None:
        self._container.close()


class StreamSource:
    """An RTSP or HTTP stream; a frame's time is its arrival."""

    live, frames, skipped = True, 0, ""

    def __init__(self, url: str) -> None:
        self._url = url
        self._container = _open_media(url, STREAM_TIMEOUT)
        self._stream = stream = self._container.streams.video[0]
        self.rate = float(stream.average_rate or 0.0)
        size = f"{stream.codec_context.width}x{stream.codec_context.height}"
        self.description = f"{url}, {size}"
        self._pictures = self._container.decode(video=0)
        self._index = count()

    @property
    def is_file(self) -> bool:
        """Whether it has an end: then it is better read as a video."""
        return bool(self._container.duration)

    def read(self) -> Frame | None:
        try:
            picture = next(self._pictures)
        except (av.FFmpegError, StopIteration) as error:
            raise SourceError(f"The stream {self._url} broke off ({first_line(error)}).") from None
        timestamp = time.monotonic()
        return Frame(_upright(picture, self._stream), next(self._index), timestamp)

    def close(self) -> None:
        self._container.close()


def _open_media(name: str, timeout: tuple[float, float] | None) -> Any:
    try:
        container = av.open(name, timeout=timeout)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise SourceError(f"{name} does not open as a video ({first_line(error)}).") from None
    if not container.streams.video:
        container.close()
        raise SourceError(f"{name} has no picture in it.")
    return container


def _upright(picture: Any, stream: Any) -> np.ndarray:
    """(H, W, 3) uint8 RGB, turned as the file says (phones record lying down), pixels square."""
    image = picture.to_ndarray(format="rgb24")
    pixel = stream.sample_aspect_ratio
    if pixel and pixel != 1:
        height, width = image.shape[:2]
        image = cv2.resize(image, (max(round(width * float(pixel)), 1), height))
    quarter_turns = round(picture.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, quarter_turns)) if quarter_turns else image
