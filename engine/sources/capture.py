"""Where frames come from: camera, video file, stream URL, image folder, the demo clip.

Every source gives RGB and the monotonic time of capture. Sources are synchronous and may block;
noticing that one is dead is the pipeline's work. BGR ends here.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any, Protocol

import av
import cv2
import numpy as np
from cv2_enumerate_cameras import enumerate_cameras

from engine.models.model_spec import ASSETS
from engine.types import Frame

DEMO = "demo"
DEMO_CLIP = ASSETS / "demo.mp4"
IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"}
FOLDER_RATE = 30.0  # frames a second of an image folder
STREAM_TIMEOUT = (5.0, 5.0)  # seconds to open, to read


class SourceError(OSError):
    """A source that cannot be opened or read; one line says what was found and what to do."""


class FrameSource(Protocol):
    """Frames, one after the other."""

    description: str  # for people: "USB Video, 1280x720 MJPG at 30 fps"
    live: bool  # frames come when they come: a silence means something is wrong
    rate: float  # nominal frames a second, 0 where unknown

    def read(self) -> Frame | None:
        """The next frame; None at the end. Blocks. Raises SourceError when it breaks."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Camera:
    index: int
    name: str


def list_cameras() -> tuple[Camera, ...]:
    """The cameras of this machine, without opening (and so without disturbing) any."""
    return tuple(Camera(info.index, info.name) for info in enumerate_cameras(_camera_api()))


def open_source(source: str | int, *, realtime: bool = True, loop: bool = False) -> FrameSource:
    """Open what a user named: camera index or name, video file, image folder, URL or ``demo``.

    realtime: files keep their own pace, frames that come too late are skipped; else they run as
    fast as they are read. loop: files start again at the end. Raises SourceError.
    """
    text = str(source).strip()
    if text == DEMO:
        return VideoSource(DEMO_CLIP, realtime=realtime, loop=loop)
    if "://" in text:
        return StreamSource(text)
    path = Path(text).expanduser()
    if path.is_dir():
        return FolderSource(path, realtime=realtime, loop=loop)
    if path.is_file():
        return VideoSource(path, realtime=realtime, loop=loop)
    return CameraSource(_find_camera(text))


def _find_camera(text: str) -> Camera:
    """By index or name, or by a part of the name that is no number."""
    cameras = list_cameras()
    for camera in cameras:
        if text in (str(camera.index), camera.name):
            return camera
    for camera in cameras:
        if text.lower() in camera.name.lower() and not text.isdigit():
            return camera
    what = f"camera {text}" if text.isdigit() else f"file, folder or camera '{text}'"
    found = ", ".join(f"{camera.index} ({camera.name})" for camera in cameras) or "none"
    raise SourceError(f"No {what}. Cameras found: {found}.")


def _camera_api() -> int:
    if sys.platform == "win32":
        return cv2.CAP_DSHOW  # MSMF takes seconds to open (opencv#17687)
    return cv2.CAP_AVFOUNDATION if sys.platform == "darwin" else cv2.CAP_V4L2


class CameraSource:
    """A webcam through OpenCV; MJPG is asked for, what was granted is read back."""

    live = True

    def __init__(self, camera: Camera, size: tuple[int, int] = (640, 480)) -> None:
        self._capture = cv2.VideoCapture(camera.index, _camera_api())
        if not self._capture.isOpened():
            raise SourceError(
                f"Camera {camera.index} ({camera.name}) does not open: is another program using it?"
            )
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self.rate = float(self._capture.get(cv2.CAP_PROP_FPS))
        self.description = f"{camera.name}, {self._granted()}"
        self._name, self._index = camera.name, count()

    def _granted(self) -> str:
        width = int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        height = int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        code = int(self._capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little")
        fourcc = code.decode("ascii", "replace").strip("\0")
        return f"{width}x{height} {fourcc} at {self.rate:.0f} fps"

    def read(self) -> Frame | None:
        good, image = self._capture.read()
        timestamp = time.monotonic()
        if not good or image is None:
            raise SourceError(f"Camera {self._name} stopped giving pictures.")
        return Frame(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), next(self._index), timestamp)

    def close(self) -> None:
        self._capture.release()


class _Paced:
    """Media time → monotonic time: waits until a frame is due, or says that it is past."""

    def __init__(self, realtime: bool) -> None:
        self.realtime, self._zero = realtime, time.monotonic()
        self._offset = self._latest = 0.0

    def restart(self, gap: float) -> None:
        """The media starts again from zero, ``gap`` seconds after its last frame."""
        self._offset = self._latest + gap

    def timestamp(self, media_time: float) -> float:
        self._latest = self._offset + media_time
        return self._zero + self._latest

    def is_late(self, timestamp: float, tolerance: float) -> bool:
        """Wait until the time has come; True when it is past by more than ``tolerance``."""
        if not self.realtime:
            return False
        wait = timestamp - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        return wait < -tolerance


class VideoSource:
    """A video file through PyAV, with its own timestamps and rotation."""

    live = False

    def __init__(self, path: Path, *, realtime: bool = True, loop: bool = False) -> None:
        self._path, self._loop = path, loop
        self._container = _open_media(str(path), None)
        stream = self._container.streams.video[0]
        stream.thread_type = "AUTO"
        self.rate = float(stream.average_rate or 30.0)
        size = f"{stream.codec_context.width}x{stream.codec_context.height}"
        self.description = f"{path.name}, {size} at {self.rate:.3g} fps"
        decoded = self._decode()
        self._pictures = chain([next(decoded)], decoded)  # a file without pictures fails here
        self._pace, self._index = _Paced(realtime), count()

    def read(self) -> Frame | None:
        while True:
            picture = next(self._pictures, None)
            if picture is None:
                return None
            index, timestamp = next(self._index), self._pace.timestamp(picture.time or 0.0)
            if not self._pace.is_late(timestamp, tolerance=1 / self.rate):
                return Frame(_upright(picture), index, timestamp)

    def _decode(self) -> Iterator[Any]:
        found = 0
        while True:
            try:
                for picture in self._container.decode(video=0):
                    found += 1
                    yield picture
            except av.FFmpegError:  # a truncated file ends here, with what the decoder still holds
                for picture in self._container.streams.video[0].codec_context.decode(None):
                    found += 1
                    yield picture
            if not found:
                raise SourceError(
                    f"{self._path} holds no readable picture: is it a whole video file?"
                )
            if not self._loop:
                return
            self._container.seek(0)
            self._pace.restart(1 / self.rate)

    def close(self) -> None:
        self._container.close()


class StreamSource:
    """An RTSP or HTTP stream through PyAV; a frame's time is its arrival."""

    live = True

    def __init__(self, url: str) -> None:
        self._url = url
        self._container = _open_media(url, STREAM_TIMEOUT)
        stream = self._container.streams.video[0]
        self.rate = float(stream.average_rate or 0.0)
        size = f"{stream.codec_context.width}x{stream.codec_context.height}"
        self.description = f"{url}, {size}"
        self._pictures = self._container.decode(video=0)
        self._index = count()

    def read(self) -> Frame | None:
        try:
            picture = next(self._pictures)
        except (av.FFmpegError, StopIteration) as error:
            raise SourceError(f"The stream {self._url} broke off ({_line(error)}).") from None
        timestamp = time.monotonic()
        return Frame(_upright(picture), next(self._index), timestamp)

    def close(self) -> None:
        self._container.close()


class FolderSource:
    """The pictures of a folder in the order of their names, as a sequence at FOLDER_RATE."""

    live = False
    rate = FOLDER_RATE

    def __init__(self, folder: Path, *, realtime: bool = True, loop: bool = False) -> None:
        self._files = sorted(p for p in folder.iterdir() if p.suffix.lower() in IMAGE_SUFFIXES)
        if not self._files:
            raise SourceError(f"{folder} holds no pictures ({', '.join(sorted(IMAGE_SUFFIXES))}).")
        self.description = f"{folder.name}, {len(self._files)} pictures"
        self._pace, self._loop, self._index = _Paced(realtime), loop, count()

    def read(self) -> Frame | None:
        while True:
            index = next(self._index)
            if index >= len(self._files) and not self._loop:
                return None
            timestamp = self._pace.timestamp(index / self.rate)
            if self._pace.is_late(timestamp, tolerance=1 / self.rate):
                continue
            path = self._files[index % len(self._files)]
            image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
            if image is None:
                raise SourceError(f"{path} is no readable picture: remove it or save it again.")
            return Frame(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), index, timestamp)

    def close(self) -> None:
        self._files = []


def _open_media(name: str, timeout: tuple[float, float] | None) -> Any:
    try:
        container = av.open(name, timeout=timeout)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise SourceError(f"{name} does not open as a video ({_line(error)}).") from None
    if not container.streams.video:
        container.close()
        raise SourceError(f"{name} has no picture in it.")
    return container


def _upright(picture: Any) -> np.ndarray:
    """(H, W, 3) uint8 RGB, turned as the file says (phones record lying down)."""
    image = picture.to_ndarray(format="rgb24")
    quarter_turns = round(picture.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(image, quarter_turns)) if quarter_turns else image


def _line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
