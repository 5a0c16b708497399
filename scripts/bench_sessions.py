"""An hour's session, 30 frames a second with video: how fast it opens, scrubs and exports.

``scripts/bench --sessions`` calls this. The poses wander, the video repeats the demo clip.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from engine.session.export import FORMATS, export
from engine.session.journal import FORMAT
from engine.session.pose_arrays import blank_arrays
from engine.session.recording import POSES
from engine.session.replay import Replay
from engine.session.video import VIDEO, VideoWriter
from engine.session.whole_files import write_document, write_poses
from engine.skeleton import H36M17, MPII16
from engine.sources.capture import open_source

FRAMES, RATE = 108_000, 30
JUMPS, SECONDS = 100, 5.0
MOUSE = 8  # ms between two moves of a mouse

Row = Callable[[str, str], None]


def sessions(row: Row) -> None:
    with tempfile.TemporaryDirectory() as folder:
        session = Path(folder) / "hour"
        make_hour(session)
        headless(session, row)
        exports(session, row)
        if os.environ.get("DISPLAY"):
            window(session, row)


def make_hour(folder: Path) -> None:
    """A finished session of FRAMES frames."""
    folder.mkdir()
    seconds, rng = np.arange(FRAMES) / RATE, np.random.default_rng(0)
    sway = np.sin(seconds)[:, None, None].astype(np.float32)
    arrays = blank_arrays(FRAMES, len(MPII16), len(H36M17))
    arrays["timestamps"][:], arrays["frame_index"][:] = seconds, np.arange(FRAMES)
    arrays["keypoints2d"][:] = rng.uniform(100, 400, (len(MPII16), 2)) + 20 * sway
    arrays["scores2d"][:] = rng.uniform(0.1, 1, (FRAMES, len(MPII16)))
    arrays["joints3d"][:] = rng.normal(0, 300, (len(H36M17), 3)) + 50 * sway
    names = {"keypoint_names": MPII16.keypoints, "joint_names": H36M17.keypoints}
    write_poses(folder / POSES, arrays | {name: np.array(text) for name, text in names.items()})
    write_document(folder, FORMAT | {"about": {"backbone": "synthetic"}, "skeleton": MPII16.name})
    _write_video(folder / VIDEO)


def _write_video(path: Path) -> None:
    """What the recorder makes of the demo clip, repeated packet by packet."""
    clip, source = path.with_name("clip.mkv"), open_source("demo", realtime=False)
    writer = VideoWriter(clip, RATE)
    while frame := source.read():
        writer.write(frame)
    writer.close()
    with av.open(str(clip)) as one, av.open(str(path), "w", format="matroska") as all_of_them:
        stream = one.streams.video[0]
        copy = all_of_them.add_stream_from_template(stream)
        packets = [packet for packet in one.demux(stream) if packet.size]
        length = round((packets[-1].pts or 0) + 1000 / RATE)
        starts = [packet.pts for packet in packets]
        for turn in range(FRAMES // len(packets) + 1):
            for packet, start in zip(packets, starts, strict=True):
                packet.pts = packet.dts = turn * length + (start or 0)
                packet.stream = copy
                all_of_them.mux(packet)
    clip.unlink()


def headless(folder: Path, row: Row) -> None:
    start = time.perf_counter()
    replay = Replay(folder)
    replay.frame(0)
    row("open an hour and decode its first frame", f"{time.perf_counter() - start:.2f} s")
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for t in rng.integers(0, FRAMES, JUMPS).tolist():
        replay.frame(t)
    row("jumps to any frame", f"{JUMPS / (time.perf_counter() - start):.0f} a second")
    start = time.perf_counter()
    for t in range(1000, 1000 + JUMPS):
        replay.frame(t)
    row("frames in their order", f"{JUMPS / (time.perf_counter() - start):.0f} a second")
    start = time.perf_counter()
    assert len(replay.angles) == FRAMES
    assert replay.markers
    row("angles and markers of the hour", f"{time.perf_counter() - start:.2f} s")
    replay.close()


def exports(folder: Path, row: Row) -> None:
    """Into a folder of its own each: OpenPose's of an hour has a file for every frame."""
    for name in (name for name in FORMATS if name not in ("mp4", "gif")):
        with tempfile.TemporaryDirectory() as out:
            start, cpu = time.perf_counter(), time.process_time()
            export(folder, name, Path(out) / "hour")
            took, cpu = time.perf_counter() - start, time.process_time() - cpu
        row(f"export of the hour to {name}", f"{took:.1f} s, {cpu:.1f} s of CPU")


def window(folder: Path, row: Row) -> None:
    """The same with video and 3D painted, as fast as a mouse moves."""
    from PyQt6.QtCore import QEventLoop, QTimer

    from app.application import qt_application
    from app.controller import Controller
    from app.settings import Settings

    application, controller = qt_application(), Controller(Settings())
    painted: list[float] = []
    shown = controller.window
    shown.video.frame_painted.connect(lambda _: painted.append(time.perf_counter()))
    shown.show()
    application.processEvents()

    def wait(count: int) -> None:
        while len(painted) < count:
            application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    start = time.perf_counter()
    controller.replay.open(folder)
    wait(1)
    row("session asked for → first frame painted", f"{painted[0] - start:.2f} s")
    while controller.jobs.busy:
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    row("… → angles and markers there", f"{time.perf_counter() - start:.2f} s")
    cpu, before, rng = time.process_time(), len(painted), np.random.default_rng(0)
    mouse = QTimer()
    mouse.timeout.connect(lambda: shown.timeline.sought.emit(rng.uniform(0, FRAMES / RATE)))
    mouse.start(MOUSE)
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    count = len(painted) - before
    row("jumps painted while scrubbing", f"{count / SECONDS:.0f} a second")
    row("CPU a painted jump, all threads", f"{1e3 * (time.process_time() - cpu) / count:.0f} ms")
    shown.close()
