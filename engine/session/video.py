"""The picture of a take: H.264 in Matroska, written so that a kill leaves a readable file.

Takes RGB as it flows; no other place converts it. Knows no queues and no poses.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from engine.types import Frame

VIDEO = "video.mkv"

# A cluster ends, and with it reaches the file, four times a second.
_CONTAINER = {"flush_packets": "1", "cluster_time_limit": "250"}
# Measured at 1280x720, a noisy webcam, one core: 3.2 ms a frame and 2 Mbit/s; at a crf of 20 it is
# 5.1 ms and 6.5. Superfast takes twice, veryfast 2.4 times ultrafast's time.
_CODEC = {"preset": "ultrafast", "tune": "zerolatency", "crf": "23"}
_MILLISECONDS = Fraction(1, 1000)
_SMPTE170M, _LIMITED = 6, 1  # ITU-T H.273: BT.601's matrix and its 16..235 range


class VideoWriter:
    """Encodes frames at their capture times, from the first one on, which makes the file."""

    def __init__(self, path: Path, fps: float) -> None:
        """fps: the rate to expect; it only guides the encoder."""
        self._path = path
        self._fps = fps
        self._output: tuple[OutputContainer, VideoStream] | None = None
        self._zero = 0.0  # monotonic seconds
        self._last = -1  # milliseconds since then
        self.pictures = 0

    def write(self, frame: Frame) -> None:
        """Add a picture, scaled to the first one's size. Raises av.FFmpegError."""
        image = _even(frame.image)
        if self._output is None:
            self._output = _open(self._path, image.shape, self._fps)
            self._zero = frame.timestamp
        container, stream = self._output
        if image.shape[1::-1] != (stream.width, stream.height):
            image = cv2.resize(image, (stream.width, stream.height))
        picture = av.VideoFrame.from_ndarray(_to_yuv(image), format="yuv420p")
        self._last = max(self._last + 1, round((frame.timestamp - self._zero) * 1000))
        picture.pts, picture.time_base = self._last, _MILLISECONDS
        container.mux(stream.encode(picture))
        self.pictures += 1

    def close(self) -> None:
        if self._output is None:
            return
        container, stream = self._output
        try:
            container.mux(stream.encode(None))
        finally:
            container.close()


def _open(path: Path, shape: tuple[int, ...], fps: float) -> tuple[OutputContainer, VideoStream]:
    container = av.open(str(path.absolute()), "w", format="matroska", options=_CONTAINER)
    rate = Fraction(fps).limit_denominator(1000)
    stream = container.add_stream("libx264", rate=rate, options=_CODEC)
    stream.height, stream.width = shape[:2]
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = _MILLISECONDS
    context.gop_size = 15
    context.thread_count = 1  # the other cores are the networks'
    context.colorspace, context.color_range = _SMPTE170M, _LIMITED
    return container, stream


def _even(image: np.ndarray) -> np.ndarray:
    """An (H, W, 3) picture less the last row or column that 4:2:0 cannot hold, contiguous; one
    alone is doubled.
    """
    if min(image.shape[:2]) < 2:
        image = np.repeat(np.repeat(image, 2, axis=0), 2, axis=1)
    height, width = image.shape[:2]
    return np.ascontiguousarray(image[: height // 2 * 2, : width // 2 * 2])


def _to_yuv(image: np.ndarray) -> np.ndarray:
    """(H, W, 3) RGB → (H * 3/2, W) planes of BT.601, limited range.

    OpenCV's takes 0.3 ms at 1280x720, and not the interpreter's lock; PyAV's takes 2.9.
    """
    return cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420)


def count_pictures(path: Path) -> int:
    """How many pictures can be read from a video, whole or cut off; 0 where there is none."""
    try:
        with av.open(str(path.absolute())) as container:
            return sum(1 for packet in container.demux(video=0) if packet.size)
    except (av.FFmpegError, IndexError):
        return 0
