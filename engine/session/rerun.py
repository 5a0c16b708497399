"""Runs the video of a finished take through another backbone; both results stay in the session.

Every recorded picture is estimated at the time it was captured, and whoever the take is about is
the subject again. Synchronous; knows no threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from engine.estimator import PoseEstimator
from engine.people.person_box import area, contains
from engine.session.entry import entry_of
from engine.session.journal import SessionError, reason
from engine.session.pose_arrays import PoseArrays
from engine.session.recorded_room import recorded_room, recorded_settings
from engine.session.recording import (
    Recording,
    clean_path,
    load_document,
    load_recording,
    poses_path,
)
from engine.session.video import VIDEO
from engine.session.whole_files import write_document, write_poses
from engine.skeleton import H36M17, Skeleton
from engine.sources.capture import SourceError, open_source
from engine.types import MOST_PEOPLE, Frame, PoseResult


@dataclass(frozen=True, slots=True)
class Rerun:
    """What came of it; the same figures stand in session.json."""

    frames: int  # of the take
    pictures: int  # of those that the video holds
    people: int  # pictures in which somebody was found

    def __str__(self) -> str:
        return f"{self.pictures} of {self.frames} frames had a picture, a person in {self.people}"


def rerun(
    folder: Path,
    estimator: PoseEstimator,
    *,
    overwrite: bool = False,
    progress: Callable[[float], None] = lambda share: None,
) -> Rerun:
    """Store what ``estimator`` sees as ``load_recording(folder, result=<its backbone's name>)``,
    of as many people as were followed; a clean result of the one before goes.

    A frame without a picture is NaN. The estimator stays open.
    progress: told the share done, 0 … 1; what it raises ends the run, and nothing is written.
    Raises SessionError: no finished session, no raw video, or that result is there already.
    """
    name = estimator.backbone.spec.name
    take = load_recording(folder)
    path = poses_path(folder, name)
    if path.exists() and not overwrite:
        raise SessionError(f"{folder} has a result of {name} already; --overwrite replaces it.")
    _check_video(folder, take.about)
    settings, people = estimator.settings, take.about.get("people")
    if isinstance(people, int) and 1 <= people <= MOST_PEOPLE:
        settings = replace(settings, people=people)
    estimator.settings = replace(settings, room=recorded_settings(take.session))
    estimator.reset()
    poses, done = _estimate(folder, take, estimator, progress)
    try:
        write_poses(path, _arrays(poses, take, estimator.backbone.spec.skeleton))
        clean_path(folder, name).unlink(missing_ok=True)
        _enter(folder, name, _entry(estimator, take, done) | {"subject": poses.subject})
    except OSError as error:
        raise SessionError(f"{path} cannot be written: {reason(error)}.") from error
    return done


def _check_video(folder: Path, about: Mapping[str, Any]) -> None:
    if not (folder / VIDEO).is_file():
        raise SessionError(f"{folder} has no {VIDEO}: only takes with video can be run again.")
    if about.get("video") == "overlay":
        raise SessionError(
            f"The video in {folder} is of an older version, with the skeleton drawn into it: it "
            "cannot be run again."
        )


def _estimate(
    folder: Path, take: Recording, estimator: PoseEstimator, progress: Callable[[float], None]
) -> tuple[PoseArrays, Rerun]:
    skeleton, frames = estimator.backbone.spec.skeleton, len(take.timestamps)
    poses = PoseArrays(frames, len(skeleton), len(H36M17))
    camera = recorded_room(take.session).camera
    focal = camera.focal_px and (camera.focal_px, camera.sources.get("focal_px", "guess"))
    pictures = people = 0
    for t, image in _pictures(folder, take.timestamps):
        frame = Frame(image, int(take.frame_index[t]), float(take.timestamps[t]), focal or None)
        if not pictures:
            estimator.begin_with(frame)
        result = _about_the_same(estimator, estimator.estimate(frame), take.keypoints2d[t])
        poses.put(t, entry_of(result, skeleton))
        pictures, people = pictures + 1, people + bool(result.people)
        progress((t + 1) / frames)
    return poses, Rerun(frames, pictures, people)


def _about_the_same(estimator: PoseEstimator, result: PoseResult, points: np.ndarray) -> PoseResult:
    """The result with whom the take is about as its subject; points: that person's, (K, 2)."""
    seen = np.isfinite(points).all(axis=1)
    if not seen.any():
        return result
    x, y = np.median(points[seen], axis=0).tolist()
    if result.subject and contains(result.subject.box, (x, y)):
        return result
    estimator.choose((x, y))
    there = [person for person in result.people if contains(person.box, (x, y))]
    same = min(there, key=lambda person: area(person.box), default=None)
    return replace(result, subject_id=same.id) if same else result


def _arrays(poses: PoseArrays, take: Recording, skeleton: Skeleton) -> dict[str, np.ndarray]:
    """All of the new poses.npz, its times those of the take."""
    return poses.done(len(take.timestamps)) | {
        "timestamps": take.timestamps,
        "frame_index": take.frame_index,
        "keypoint_names": np.array(skeleton.keypoints),
        "joint_names": np.array(H36M17.keypoints),
    }


def _pictures(folder: Path, times: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Each picture of the video and the frame it belongs to: the one of its time."""
    try:
        source = open_source(str(folder / VIDEO), realtime=False)
    except SourceError as error:
        raise SessionError(str(error)) from error
    with closing(source):
        zero: float | None = None
        while frame := source.read():
            zero = frame.timestamp if zero is None else zero
            t = int(np.abs(times - (frame.timestamp - zero)).argmin())
            yield t, frame.image


def _entry(estimator: PoseEstimator, take: Recording, done: Rerun) -> dict[str, Any]:
    return {
        "skeleton": estimator.backbone.spec.skeleton.name,
        "raw": True,
        "about": {**take.about, **estimator.about()},
        "camera": asdict(estimator.room.camera),
        "body_height_m": estimator.room.body,
        "rerun": datetime.now().astimezone().isoformat(timespec="seconds"),
        "frames": done.frames,
        "pictures": done.pictures,
        "people": done.people,
    }


def _enter(folder: Path, name: str, entry: Mapping[str, Any]) -> None:
    document = load_document(folder)
    results = document.get("results")
    known = results if isinstance(results, dict) else {}
    write_document(folder, document | {"results": known | {name: entry}})
