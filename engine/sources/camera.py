"""Webcams through OpenCV: which there are, what they offer, their pictures. BGR ends here."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from itertools import count, product

import cv2
from cv2_enumerate_cameras import enumerate_cameras

from engine.sources.lens import webcam_focal
from engine.sources.source import SourceError
from engine.types import Frame

SIZE = (640, 480)  # asked for unless another is
SIZES = ((320, 240), SIZE, (800, 600), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160))
RATES = (15.0, 30.0, 60.0)


@dataclass(frozen=True)
class Camera:
    """A camera of this machine, as the operating system lists it."""

    index: int  # as OpenCV opens it; may change when the machine restarts
    name: str


@dataclass(frozen=True)
class Mode:
    """What a camera grants."""

    size: tuple[int, int]  # W, H
    rate: float  # frames a second
    fourcc: str

    def __str__(self) -> str:
        return f"{self.size[0]}x{self.size[1]} {self.fourcc} at {self.rate:.0f} fps"


def list_cameras() -> tuple[Camera, ...]:
    """The cameras of this machine, without opening (and so without disturbing) any."""
    return tuple(Camera(info.index, info.name) for info in enumerate_cameras(_api()))


def find_camera(text: str) -> Camera:
    """Find a camera by its index, its name or a part of the name. Raises SourceError."""
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


def list_modes(camera: Camera) -> list[Mode]:
    """What a camera grants of SIZES and RATES, asked one by one. Raises SourceError."""
    capture = _open(camera)
    try:
        granted = [_ask(capture, size, rate) for size, rate in product(SIZES, RATES)]
    finally:
        capture.release()
    return list(dict.fromkeys(granted))


def _api() -> int:
    if sys.platform == "win32":
        return cv2.CAP_DSHOW  # MSMF takes seconds to open (opencv#17687)
    return cv2.CAP_AVFOUNDATION if sys.platform == "darwin" else cv2.CAP_V4L2


def _open(camera: Camera) -> cv2.VideoCapture:
    capture = cv2.VideoCapture(camera.index, _api())
    if not capture.isOpened():
        raise SourceError(
            f"Camera {camera.index} ({camera.name}) does not open: is another program using it?"
        )
    return capture


def _ask(capture: cv2.VideoCapture, size: tuple[int, int], rate: float | None) -> Mode:
    """Ask for MJPG, the one fast format at large sizes (opencv#9540); read back what is granted."""
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    if rate:
        capture.set(cv2.CAP_PROP_FPS, rate)
    width, height = (
        int(capture.get(which)) for which in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
    )
    code = (int(capture.get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF).to_bytes(4, "little")
    fourcc = code.decode("ascii", "replace").strip("\0")
    return Mode((width, height), float(capture.get(cv2.CAP_PROP_FPS)), fourcc)


class CameraSource:
    """The frames of a webcam, see `FrameSource`."""

    live, frames, skipped = True, 0, ""

    def __init__(
        self, camera: Camera, size: tuple[int, int] = SIZE, rate: float | None = None
    ) -> None:
        """size: W, H; rate: frames a second; both are wishes. Raises SourceError."""
        self._capture = _open(camera)
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        granted = _ask(self._capture, size, rate)
        self.rate, self.description = granted.rate, f"{camera.name}, {granted}"
        self._name, self._index = camera.name, count()

    def read(self) -> Frame | None:
        good, image = self._capture.read()
        timestamp = time.monotonic()
        if not good or image is None:
            raise SourceError(f"Camera {self._name} stopped giving pictures.")
        focal = webcam_focal(self._name, image.shape[0])
        return Frame(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), next(self._index), timestamp, focal)

    def close(self) -> None:
        self._capture.release()
