"""Sources: what opens, in which order and at which times frames come, and what bad input says."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from engine.sources import camera
from engine.sources.camera import find_camera
from engine.sources.capture import Camera, FrameSource, SourceError, list_cameras, open_source
from engine.types import Frame

RATE = 20


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Half a second, ten pictures of noise; the left half is red."""
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for i in range(10):
            image = np.random.default_rng(i).integers(0, 255, (48, 64, 3), np.uint8)
            image[:, :32] = (220, 20, 20)
            for packet in stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "pictures"
    path.mkdir()
    for i in range(3):
        cv2.imwrite(str(path / f"{i}.png"), np.full((10 + i, 20, 3), (0, 0, 200), np.uint8))
    return path


def read_all(source: FrameSource, most: int = 100) -> list[Frame]:
    frames: list[Frame] = []
    while len(frames) < most and (frame := source.read()):
        frames.append(frame)
    source.close()
    return frames


def test_a_video_gives_rgb_in_order_at_its_own_times(clip: Path) -> None:
    frames = read_all(open_source(clip.as_posix(), realtime=False))
    assert [frame.index for frame in frames] == list(range(10))
    assert frames[0].image.shape == (48, 64, 3)
    red, _, blue = frames[5].image[24, 10]
    assert red > 150 > blue
    np.testing.assert_allclose(np.diff([f.timestamp for f in frames]), 1 / RATE, atol=1e-3)


def test_pacing_keeps_the_clock_and_skips_what_comes_too_late(clip: Path) -> None:
    start = time.monotonic()
    source = open_source(str(clip), realtime=True)
    first = source.read()
    time.sleep(0.2)
    later = read_all(source)
    assert 0.4 < time.monotonic() - start < 1.0
    assert first
    assert later[0].index > 2
    assert all(abs(b.timestamp - a.timestamp) < 0.2 for a, b in pairwise(later))


@pytest.fixture
def undated(clip: Path) -> Path:
    """The clip's pictures without a container, which would say when each is due."""
    path = clip.with_suffix(".h264")
    with av.open(str(clip)) as container, av.open(str(path), "w", format="h264") as raw:
        stream = raw.add_stream_from_template(container.streams.video[0])
        for packet in container.demux(video=0):
            if packet.size:
                packet.stream = stream
                raw.mux(packet)
    return path


def test_pictures_without_times_of_their_own_come_at_an_even_rate(undated: Path) -> None:
    times = [frame.timestamp for frame in read_all(open_source(str(undated), realtime=False))]
    assert len(times) == 10
    np.testing.assert_allclose(np.diff(times), times[1] - times[0])
    assert times[1] > times[0]


@pytest.mark.parametrize("kind", ["clip", "folder", "undated"])
def test_looping_goes_on_in_index_and_time(kind: str, request: pytest.FixtureRequest) -> None:
    path: Path = request.getfixturevalue(kind)
    frames = read_all(open_source(str(path), realtime=False, loop=True), most=25)
    assert [frame.index for frame in frames] == list(range(25))
    assert (np.diff([frame.timestamp for frame in frames]) > 0).all()


def test_a_folder_gives_its_pictures_in_the_order_people_count(folder: Path) -> None:
    (folder / "notes.txt").write_text("not a picture")
    (folder / "._0.png").write_bytes(b"what macOS leaves beside each file")
    cv2.imwrite(str(folder / "10.png"), np.zeros((30, 20, 3), np.uint8))
    frames = read_all(open_source(str(folder), realtime=False))
    assert [frame.image.shape[0] for frame in frames] == [10, 11, 12, 30]
    assert frames[0].image[0, 0].tolist() == [200, 0, 0]


@pytest.mark.parametrize("loop", [False, True])
def test_one_picture_is_a_source_too(folder: Path, loop: bool) -> None:
    source = open_source(str(folder / "1.png"), realtime=False, loop=loop)
    assert source.description == "1.png"
    assert len(read_all(source, most=5)) == (5 if loop else 1)


def test_an_unreadable_picture_is_named_and_the_others_go_on(folder: Path) -> None:
    (folder / "1.png").write_bytes(b"no picture")
    source = open_source(str(folder), realtime=False)
    assert [frame.index for frame in read_all(source)] == [0, 2]
    assert "1.png" in source.skipped


def test_a_folder_without_a_readable_picture_says_so(folder: Path) -> None:
    for picture in folder.iterdir():
        picture.write_bytes(b"")
    with pytest.raises(SourceError, match="no readable picture"):
        read_all(open_source(str(folder), realtime=False, loop=True))


def write_video(
    path: Path, codec: str, pixels: str, size: tuple[int, int], **about: object
) -> Path:
    """Ten pictures, the left half red; about: set on the stream."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        for name, value in about.items():
            setattr(stream.codec_context, name, value)
        image = np.zeros((size[1], size[0], 3), np.uint8)
        image[:, : size[0] // 2] = (220, 20, 20)
        for i in range(10):
            image[-4:, -4:] = 25 * i
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("codec", "pixels", "size"),
    [
        ("ffv1", "yuv422p10le", (64, 48)),
        ("ffv1", "bgr0", (63, 47)),
        ("mjpeg", "yuvj420p", (65, 49)),
    ],
)
def test_ten_bits_and_odd_sizes_are_read(
    codec: str, pixels: str, size: tuple[int, int], tmp_path: Path
) -> None:
    video = write_video(tmp_path / "odd.mkv", codec, pixels, size)
    frames = read_all(open_source(str(video), realtime=False))
    assert len(frames) == 10
    assert frames[0].image.shape == (size[1], size[0], 3)
    red, green, _ = frames[0].image[10, 10].astype(int)
    assert red > 180 > 60 > green


def test_pixels_become_square(tmp_path: Path) -> None:
    video = write_video(
        tmp_path / "anamorphic.mkv",
        "libx264",
        "yuv420p",
        (64, 48),
        sample_aspect_ratio=Fraction(4, 3),
    )
    (frame, *_) = read_all(open_source(str(video), realtime=False))
    assert frame.image.shape == (48, 85, 3)


# Of a track header, ISO 14496-12 section 8.3.2: 16.16 numbers, of which the last is 2.30
UPRIGHT = (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
A_QUARTER = (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)  # clockwise, when shown


def test_what_a_phone_recorded_lying_down_stands(clip: Path) -> None:
    upright, turned = (struct.pack(">9i", *matrix) for matrix in (UPRIGHT, A_QUARTER))
    content = clip.read_bytes()
    at = content.index(upright, content.index(b"tkhd"))
    clip.write_bytes(content[:at] + turned + content[at + len(turned) :])
    frame, *_ = read_all(open_source(str(clip), realtime=False))
    assert frame.image.shape == (64, 48, 3)
    assert frame.image[10, 24, 0] > 150 > frame.image[10, 24, 2]  # what was left is above


def test_a_damaged_part_in_the_middle_is_passed_over_and_counted(tmp_path: Path) -> None:
    video = write_video(tmp_path / "clip.mkv", "mjpeg", "yuvj420p", (64, 48))
    damaged = tmp_path / "damaged.mkv"
    with av.open(str(video)) as source, av.open(str(damaged), "w") as copy:
        stream = copy.add_stream_from_template(source.streams.video[0])
        for number, packet in enumerate(p for p in source.demux(video=0) if p.size):
            broken = av.Packet(b"\xff" * 40) if number == 5 else packet
            broken.pts, broken.dts, broken.time_base = packet.pts, packet.dts, packet.time_base
            broken.stream = stream
            copy.mux(broken)
    opened = open_source(str(damaged), realtime=False)
    assert len(read_all(opened)) == 9
    assert opened.skipped == "1 damaged part of damaged.mkv left out."


def test_a_truncated_video_gives_what_it_has(clip: Path) -> None:
    cut = clip.parent / "cut.mkv"
    with av.open(str(clip)) as source, av.open(str(cut), "w") as copy:
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    assert 0 < len(read_all(open_source(str(cut), realtime=False))) < 10


@pytest.fixture
def mjpeg_url() -> Iterator[str]:
    """A camera server that sends five pictures and breaks off."""
    jpeg = cv2.imencode(".jpg", np.full((48, 64, 3), 128, np.uint8))[1].tobytes()
    part = b"--x\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%b\r\n" % (
        len(jpeg),
        jpeg,
    )

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=x")
            self.end_headers()
            self.wfile.write(part * 5)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/stream"
        server.shutdown()


def test_a_video_behind_an_address_ends_and_keeps_its_own_times(clip: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    handler = partial(Quiet, directory=str(clip.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        source = open_source(f"http://127.0.0.1:{server.server_port}/clip.mp4", realtime=False)
        assert not source.live
        assert source.description.startswith("clip.mp4, 64x48")
        frames = read_all(source)
        server.shutdown()
    assert len(frames) == 10
    np.testing.assert_allclose(np.diff([f.timestamp for f in frames]), 1 / RATE, atol=1e-3)


def test_a_stream_gives_frames_stamped_on_arrival_and_says_when_it_breaks(mjpeg_url: str) -> None:
    source = open_source(mjpeg_url)
    assert source.live
    frame = source.read()
    assert frame
    assert frame.image.shape == (48, 64, 3)
    assert time.monotonic() - frame.timestamp < 1
    with pytest.raises(SourceError, match="broke off"):
        read_all(source)


def test_the_demo_is_always_there() -> None:
    assert len(read_all(open_source("demo", realtime=False), most=3)) == 3


def test_bad_input_is_one_line_that_names_it(tmp_path: Path) -> None:
    empty, html, cut = tmp_path / "empty", tmp_path / "page.mp4", tmp_path / "cut.mp4"
    empty.mkdir()
    html.write_text("<html>not found</html>")
    cut.write_bytes(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41")
    cases = [str(empty), str(html), str(cut), "no/such/file.mp4", "http://127.0.0.1:9/x", "9999"]
    for source in cases:
        with pytest.raises(SourceError) as error:
            open_source(source)
        assert source.removeprefix(str(tmp_path)) in str(error.value)
        assert "\n" not in str(error.value)


def test_cameras_are_found_by_index_and_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    cameras = (Camera(0, "Integrated Camera"), Camera(2, "USB Video"))
    monkeypatch.setattr(camera, "list_cameras", lambda: cameras)
    assert find_camera("2") == cameras[1]
    assert find_camera("usb") == cameras[1]
    with pytest.raises(
        SourceError, match=r"No camera 1\. Cameras found: 0 \(Integrated Camera\), 2"
    ):
        find_camera("1")


@pytest.mark.camera
def test_a_real_camera_gives_pictures() -> None:
    if not list_cameras():
        pytest.skip("needs a camera")
    frames = read_all(open_source(list_cameras()[0].name), most=3)
    assert len(frames) == 3
