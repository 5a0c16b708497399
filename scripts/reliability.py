"""Shows that takes are not lost: kills a recording at random moments, or lets one run for long.

usage: scripts/reliability kill [--kills N] [--seed S]
       scripts/reliability soak MINUTES

The whole pipeline records with video, fed by a stand-in camera. What a kill costs is counted from
the last frame that the camera said it captured, not from what the session says.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import av
import numpy as np
from bench import resident_mib, row
from webcam import Webcam

from engine.estimator import open_estimator
from engine.pipeline.pipeline import Pipeline
from engine.session.finish import recover
from engine.session.recording import load_recording
from engine.session.video import VIDEO

SIZES = ((640, 480), (1280, 720))
POSES_AIM, VIDEO_AIM = 0.2, 1.0  # seconds that a kill may cost
EARLIEST, LATEST = 0.1, 6.0  # seconds into the take at which it is killed


@dataclass(frozen=True)
class Loss:
    """Seconds before the last captured frame that a kill cost."""

    poses: float  # all of them: also what was being estimated at that moment
    written: float  # of the poses that were estimated, and so due in the journal
    video: float

    def __str__(self) -> str:
        return f"{self.poses:.3f}, {self.written:.3f}, {self.video:.3f} s"


def record(folder: Path, size: tuple[int, int], captured: Connection, done: Connection) -> None:
    """Record until killed; each frame is told when it is captured, and when its pose is there."""

    def tell() -> None:
        if result := pipeline.results.take():
            done.send((result.frame.index, result.frame.timestamp))

    with Pipeline(notify=tell) as pipeline:
        pipeline.use(open_estimator())
        pipeline.start_recording(folder, True, source="stand-in", rate=30.0)
        pipeline.set_source(lambda: Webcam(size, captured=captured.send))
        pipeline.ended.wait()


def kill_after(seconds: float, folder: Path, size: tuple[int, int]) -> Loss:
    """Record in a process that is killed ``seconds`` after its first frame, and recover that."""
    context = multiprocessing.get_context("spawn")
    captured, done = context.Pipe(duplex=False), context.Pipe(duplex=False)
    process = context.Process(target=record, args=(folder, size, captured[1], done[1]))
    process.start()
    captured[1].close()
    done[1].close()
    captured[0].poll(timeout=None)
    time.sleep(seconds)
    process.kill()
    process.join()
    return loss(folder, dict(told(captured[0])), dict(told(done[0])))


def told(pipe: Connection) -> Iterator[tuple[int, float]]:
    """Index and timestamp of all frames that the other side told before its end."""
    with suppress(EOFError):
        while True:
            yield pipe.recv()


def loss(folder: Path, captured: dict[int, float], done: dict[int, float]) -> Loss:
    recover(folder)
    take = load_recording(folder)
    first, last = min(captured.values()), max(captured.values())
    indices = (take.frame_index + take.first_frame).tolist()
    times = [captured[index] for index in indices] or [first]
    written = max(done.values(), default=first) - times[-1]
    return Loss(last - times[-1], max(written, 0), last - times[0] - last_picture(folder / VIDEO))


def last_picture(path: Path) -> float:
    """Seconds from the first to the last picture that can be decoded."""
    seconds = 0.0
    with suppress(av.FFmpegError), av.open(str(path)) as container:  # none yet, or cut off
        for picture in container.decode(video=0):
            seconds = picture.time or 0.0
    return seconds


def kill(kills: int, seed: int) -> int:
    """Returns the exit code: 1 where a kill cost more than the aim."""
    chance, worst = random.Random(seed), Loss(0, 0, 0)
    row("seconds lost of", "poses, estimated poses, video")
    for size in SIZES:
        name = f"{size[0]}x{size[1]}"
        losses = []
        for number in range(kills):
            with tempfile.TemporaryDirectory() as folder:
                moment = chance.uniform(EARLIEST, LATEST)
                losses.append(kill_after(moment, Path(folder) / "take", size))
            row(f"{name}, kill {number + 1} after {moment:.2f} s", str(losses[-1]))
        figures = np.array([astuple(one) for one in losses])
        row(f"{name}, median of {kills}", str(Loss(*np.median(figures, axis=0))))
        row(f"{name}, worst of {kills}", str(Loss(*figures.max(axis=0))))
        worst = Loss(*np.maximum(astuple(worst), figures.max(axis=0)))
    row("aim", f"{POSES_AIM} s of poses, {VIDEO_AIM} s of video")
    return int(worst.poses > POSES_AIM or worst.video > VIDEO_AIM)


def soak(minutes: int) -> int:
    """Record 1280x720 with video; memory each minute. Returns the exit code."""
    with tempfile.TemporaryDirectory() as folder, Pipeline() as pipeline:
        pipeline.use(open_estimator())
        pipeline.start_recording(Path(folder) / "take", True, source="stand-in", rate=30.0)
        pipeline.set_source(lambda: Webcam((1280, 720)))
        for minute in range(1, minutes + 1):
            time.sleep(60)
            status = pipeline.status
            size = sum(file.stat().st_size for file in (Path(folder) / "take").iterdir())
            figures = f"{resident_mib():.0f} MiB, {status.recorded_frames} frames, {size >> 20} MiB"
            row(f"minute {minute}: memory, recorded, on disk", figures)
        pipeline.close()
        finished = pipeline.status.last_take
        if finished is None:
            print(pipeline.status.message, file=sys.stderr)
            return 1
        row("the take", str(finished.summary))
        row("memory when it is finished", f"{resident_mib():.0f} MiB")
        return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    killing = commands.add_parser("kill")
    killing.add_argument("--kills", type=int, default=20, help="of each picture size")
    killing.add_argument("--seed", type=int, default=0, help="for the moments")
    commands.add_parser("soak").add_argument("minutes", type=int)
    arguments = parser.parse_args()
    if arguments.command == "kill":
        return kill(arguments.kills, arguments.seed)
    return soak(arguments.minutes)


if __name__ == "__main__":
    sys.exit(main())
