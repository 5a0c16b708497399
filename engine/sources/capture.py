"""Where frames come from, opened by what a user named. Every source gives RGB and the monotonic
time of capture.
"""

from __future__ import annotations

from pathlib import Path

from engine.models.model_spec import ASSETS
from engine.sources.camera import (
    SIZE,
    Camera,
    CameraSource,
    Mode,
    find_camera,
    list_cameras,
    list_modes,
)
from engine.sources.folder import SUFFIXES, FolderSource
from engine.sources.source import FrameSource, SourceError
from engine.sources.video import StreamSource, VideoSource

__all__ = [
    "DEMO",
    "DEMO_CLIP",
    "Camera",
    "FrameSource",
    "Mode",
    "SourceError",
    "check_source",
    "find_camera",
    "list_cameras",
    "list_modes",
    "open_source",
]

DEMO = "demo"
DEMO_CLIP = ASSETS / "demo.mp4"


def check_source(source: str | int) -> None:
    """Raises SourceError where nothing of that name is here; opens nothing."""
    text = str(source).strip()
    if not text:
        raise SourceError("The source is empty: name a camera, file, folder, URL or 'demo'.")
    if not (text == DEMO or "://" in text or Path(text).expanduser().exists()):
        find_camera(text)


def open_source(
    source: str | int,
    *,
    realtime: bool = True,
    loop: bool = False,
    size: tuple[int, int] | None = None,
    rate: float | None = None,
) -> FrameSource:
    """Open what a user named: camera index or name, video file, picture, folder of pictures, URL or
    ``demo``.

    realtime: files keep their own pace, frames that come too late are skipped; else they run as
    fast as they are read. loop: files start again at the end. size, rate: W, H and frames a second
    that a camera is asked for. Raises SourceError.
    """
    check_source(source)
    text = str(source).strip()
    if text == DEMO:
        return VideoSource(DEMO_CLIP, realtime=realtime, loop=loop)
    if "://" in text:
        stream = StreamSource(text)
        if not stream.is_file:
            return stream
        stream.close()
        return VideoSource(text, realtime=realtime, loop=loop)
    path = Path(text).expanduser()
    if path.is_dir() or (path.is_file() and path.suffix.lower() in SUFFIXES):
        return FolderSource(path, realtime=realtime, loop=loop)
    if path.is_file():
        return VideoSource(path, realtime=realtime, loop=loop)
    return CameraSource(find_camera(text), size or SIZE, rate)
