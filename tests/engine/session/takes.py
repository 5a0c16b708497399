"""People, frames and takes to record: what the session tests share."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.session.disk import free_space
from engine.session.finish import Summary
from engine.session.journal import JOURNAL
from engine.session.recorder import Recorder
from engine.session.recording import SESSION
from engine.skeleton import H36M17, MPII16, Skeleton
from engine.types import TRACK_STATES, Box, Frame, Person, Pose2D, Pose3D, PoseResult

ABOUT = {"source": "demo", "backbone": "hourglass_1", "lifter": "martinez", "runtime": "openvino"}
SMALL = np.zeros((48, 64, 3), np.uint8)


def make_person(skeleton: Skeleton = MPII16, seed: int = 0) -> Person:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 640, (len(skeleton), 2)).astype(np.float32)
    joints = rng.normal(0, 400, (17, 3)).astype(np.float32)
    scores = rng.uniform(0, 1, 17).astype(np.float32)
    return Person(
        Box(10.0, 20.0, 200.0, 400.0, 0.9),
        Pose2D(points, scores[: len(skeleton)], skeleton),
        Pose3D(joints, scores, H36M17, rng.integers(5, 150, (17, 3)).astype(np.float32)),
    )


def make_result(
    index: int,
    *people: Person,
    image: np.ndarray = SMALL,
    backbone: str = "hourglass_1",
    seconds: float | None = None,
) -> PoseResult:
    """One person unless told otherwise, 30 frames a second on a clock that started long ago."""
    timestamp = 1000.0 + (index / 30 if seconds is None else seconds)
    return PoseResult(
        Frame(image, index, timestamp), people or (make_person(seed=index),), backbone
    )


def make_scene(
    index: int, *ids: int, subject: int, image: np.ndarray = SMALL, skeleton: Skeleton = MPII16
) -> PoseResult:
    """People of these ids in view, each in a pose that tells who and when it is."""
    people = [person_of(who, index, skeleton) for who in ids]
    frame = Frame(image, index, 1000.0 + index / 30)
    return PoseResult(frame, tuple(people), "hourglass_1", subject_id=subject)


def person_of(who: int, index: int, skeleton: Skeleton = MPII16) -> Person:
    state = TRACK_STATES[(who + index) % len(TRACK_STATES)]
    return replace(make_person(skeleton, seed=1000 * who + index), id=who, state=state)


def nobody(index: int) -> PoseResult:
    return PoseResult(Frame(SMALL, index, 1000.0 + index / 30), (), "hourglass_1")


def make_recorder(
    folder: Path,
    *,
    video: bool = False,
    free: Callable[[Path], int] = free_space,
    about: Mapping[str, object] | None = None,
) -> Recorder:
    known = ABOUT | dict(about or {})
    return Recorder(folder, skeleton=MPII16, about=known, video=video, free=free)


def record(folder: Path, *results: PoseResult, video: bool = False, **about: object) -> Summary:
    with make_recorder(folder, video=video, about=about) as recorder:
        for result in results:
            recorder.write(result)
    assert recorder.error is None
    return recorder.close()


def leave_journal(folder: Path, *results: PoseResult) -> Path:
    """What a crash leaves: the journal of a take that nobody finished."""
    recorder = make_recorder(folder)
    for result in results:
        recorder.write(result)
    recorder._poses.end()
    return folder / JOURNAL


def wait_until_stopped(recorder: Recorder, results: Iterator[PoseResult]) -> str:
    """Keep writing until the recorder says that it has stopped; its word for why."""
    for result in results:
        recorder.write(result)
        if recorder.error:
            return recorder.error
        time.sleep(0.002)
    raise AssertionError("the recorder never stopped")


def endless() -> Iterator[PoseResult]:
    """As good as endless: pictures of noise, which no encoder makes small."""
    noise = np.random.default_rng(0).integers(0, 255, (60, 120, 160, 3), dtype=np.uint8)
    return (make_result(index, image=noise[index % 60]) for index in range(3000))


def as_older(folder: Path) -> None:
    """Make a take one of those whose poses were smoothed before they were recorded."""
    document = json.loads((folder / SESSION).read_bytes())
    del document["raw"]
    (folder / SESSION).write_text(json.dumps(document))


def replace_array(poses: Path, **arrays: np.ndarray) -> None:
    with np.load(poses) as archive:
        contents = dict(archive)
    np.savez(poses, **(contents | arrays))
