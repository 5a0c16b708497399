"""MP4 and GIF of the drawn pictures, each shown at its capture time. Knows no poses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from engine.session.export.pictures import Pictures, drawn_pictures, thinned
from engine.session.export.take import Progress, Take, differs, within

GIF_WIDTH, GIF_RATE = 480, 15.0  # at most; pixels, pictures a second

_MILLISECONDS = Fraction(1, 1000)
_THUMB = (8, 6)  # width, height of what is kept of each picture to compare with
CLOSE = 12.0  # mean difference of two thumbs, of 255, that coding explains
_Encode = Callable[[av.VideoFrame | None], Any]  # → packets; None ends


def write_mp4(take: Take, path: Path, progress: Progress) -> None:
    _write(path, "mp4", drawn_pictures(take), _scaled(progress, take))


def write_gif(take: Take, path: Path, progress: Progress) -> None:
    pictures = thinned(drawn_pictures(take), GIF_WIDTH, GIF_RATE)
    _write(path, "gif", pictures, _scaled(progress, take))


def _scaled(progress: Progress, take: Take) -> Progress:
    """Takes seconds of the take."""
    duration = max(float(take.recording.timestamps.max()), 1e-3)
    return lambda seconds: within(progress, 0.0, 0.9)(min(seconds / duration, 1.0))


def _write(path: Path, kind: str, pictures: Pictures, progress: Progress) -> None:
    """Raises OSError for whatever FFmpeg says, ExportError where it reads back otherwise."""
    try:
        thumbs = _encode_all(path, kind, pictures, progress)
        if not _agrees(path, thumbs):
            raise differs(path)
    except av.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


def _encode_all(path: Path, kind: str, pictures: Pictures, progress: Progress) -> list[np.ndarray]:
    """The thumb of each picture."""
    thumbs, last, encode = list[np.ndarray](), -1, None
    with av.open(str(path.absolute()), "w", format=kind) as container:
        for seconds, image in pictures:
            encode = encode or _ENCODERS[kind](container, *image.shape[:2])
            last = max(last + 1, round(seconds * 1000))
            container.mux(encode(_frame(image, last)))
            thumbs.append(_thumb(image))
            progress(seconds)
        if encode:
            container.mux(encode(None))
    return thumbs


def _frame(image: np.ndarray, milliseconds: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(image, format="rgb24")
    frame.pts, frame.time_base = milliseconds, _MILLISECONDS
    return frame


def _h264(container: Any, height: int, width: int) -> _Encode:
    stream = container.add_stream("libx264", rate=30, options={"preset": "veryfast", "crf": "18"})
    stream.height, stream.width, stream.pix_fmt = height, width, "yuv420p"
    stream.codec_context.time_base = _MILLISECONDS
    return lambda frame: stream.encode(frame)


def _gif(container: Any, height: int, width: int) -> _Encode:
    """With 256 colours chosen for each picture."""
    stream = container.add_stream("gif", rate=100)
    stream.height, stream.width, stream.pix_fmt = height, width, "pal8"
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=width, height=height, format=av.VideoFormat("rgb24"), time_base=_MILLISECONDS
    )
    both = graph.add("split")
    palette, paint = graph.add("palettegen", "stats_mode=single"), graph.add("paletteuse", "new=1")
    source.link_to(both)
    both.link_to(palette, 0, 0)
    both.link_to(paint, 1, 0)
    palette.link_to(paint, 0, 1)
    paint.link_to(graph.add("buffersink"))
    graph.configure()

    def encode(frame: av.VideoFrame | None) -> list[Any]:
        graph.push(frame)
        packets = []
        with suppress(av.BlockingIOError, av.EOFError):
            while True:
                packets += stream.encode(graph.pull())
        return packets if frame else packets + stream.encode(None)

    return encode


_ENCODERS = {"mp4": _h264, "gif": _gif}


def _agrees(path: Path, thumbs: list[np.ndarray]) -> bool:
    with av.open(str(path.absolute())) as container:
        found = [_thumb(f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
    if len(found) != len(thumbs):
        return False
    return bool((np.abs(np.subtract(found, thumbs)).mean(axis=(1, 2, 3)) < CLOSE).all())


def _thumb(image: np.ndarray) -> np.ndarray:
    return cv2.resize(image, _THUMB, interpolation=cv2.INTER_AREA).astype(np.int16)
