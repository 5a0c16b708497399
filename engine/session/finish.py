"""Journal → finished session, after a take or after a crash.

Knows files only: no threads and no pipeline. The journal goes last, and only when what replaces it
has been read back.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from engine.people.advice import is_sure, is_whole
from engine.session.entry import Entry, Event
from engine.session.journal import (
    FORMAT,
    JOURNAL,
    Header,
    SessionError,
    is_being_written,
    read_header,
    read_lines,
    reason,
)
from engine.session.pose_arrays import NAMES, PoseArrays
from engine.session.recording import POSES, SESSION
from engine.session.video import VIDEO, count_pictures
from engine.session.whole_files import write_document, write_poses

log = logging.getLogger(__package__)

ON_TARGET = 0.05  # a mean rate this share away from the source's own is still as it should be
HOLE = 0.5  # seconds between two frames from which a take has a hole
WELL_SEEN = 0.9  # of the frames, in which a person must be whole and sure for a good take


@dataclass(frozen=True, slots=True)
class Summary:
    """What a take amounts to; the same figures stand in session.json."""

    frames: int
    duration: float  # seconds from the first frame to the last
    mean_rate: float  # frames a second; 0 for fewer than two
    target_rate: float  # what the source said it gives; 0 where it did not
    longest_gap: float  # seconds between two frames that follow each other
    dropped_frames: int  # gaps in the source's count
    pictures: int
    pictures_dropped: int
    damaged_lines: int
    people_left_out: int  # of poses.npz, which had no room for them
    well_seen: float  # share of the frames in which a person was whole and sure
    error: str | None  # why the take ended before it was closed

    def __str__(self) -> str:
        text = f"{self.frames} frames in {self.duration:.1f} s ({self.mean_rate:.1f} a second)"
        text += f", {self.dropped_frames} dropped"
        if self.pictures or self.pictures_dropped:
            text += f"; {self.pictures} pictures, {self.pictures_dropped} dropped"
        if self.damaged_lines:
            text += f"; {self.damaged_lines} damaged lines left out"
        return "; ".join([text, *self._left_out()])

    def _left_out(self) -> list[str]:
        count = self.people_left_out
        return [f"{count} people left out, those seen least"] if count else []

    @property
    def on_target(self) -> bool | None:
        """Whether the mean rate is within 5 % of the source's; None where that cannot be said."""
        if self.frames < 2 or not self.target_rate:
            return None
        return abs(self.mean_rate / self.target_rate - 1) <= ON_TARGET

    @property
    def verdict(self) -> str:
        """One line on whether the take is as even as its source, and shows a person throughout."""
        if self.frames < 2:
            return "Nothing to judge: fewer than two frames."
        rate = f"{self.mean_rate:.1f} frames a second"
        if self.target_rate:
            rate += f" of {self.target_rate:.1f}"
        word = {True: "Good", False: "Rate off target", None: "Rate unknown"}[self.on_target]
        if self.well_seen < WELL_SEEN:
            word = f"A person whole and sure in only {int(100 * self.well_seen)} % of the frames"
        word = "Frames missing" if self.longest_gap > HOLE else word
        gap = f"longest gap {self.longest_gap:.2f} s"
        return f"{word}: {', '.join([rate, gap, *self._left_out()])}."


@dataclass(slots=True)
class _Take:
    """All that a journal says."""

    header: Header
    arrays: dict[str, np.ndarray]  # as in poses.npz
    subject: int | None  # id of whoever it was longest
    people_left_out: int  # of the arrays, which had no room for them
    first_frame: int  # the source's number of frame 0
    events: list[Event]
    without_picture: np.ndarray  # (T,) bool, where the video lacks a frame
    damaged_lines: int


def finish(folder: Path, *, pictures: int | None = None, error: str | None = None) -> Summary:
    """Turn the journal in ``folder`` into poses.npz and session.json, and remove it.

    pictures: how many the video holds, where that is known; else they are counted.
    error: why the take ended before it was closed.
    Raises SessionError; the journal then stays, and finishing again loses nothing.
    """
    try:
        take = _read_journal(folder / JOURNAL)
        pictures = count_pictures(folder / VIDEO) if pictures is None else pictures
        summary = _summarise(take, pictures, error)
        write_poses(folder / POSES, take.arrays)
        write_document(folder, _document(take, summary))
        (folder / JOURNAL).unlink()
    except OSError as problem:
        raise SessionError(
            f"Cannot finish the session in {folder}: {reason(problem)}. Its journal stays; "
            f"put that right and type: python main.py recover {folder}"
        ) from problem
    log.info("Take finished: %s, %s", folder, summary)
    return summary


def recover(folder: Path) -> Summary:
    """Finish what a crash left in ``folder``.

    Raises SessionError, also where there is nothing to finish.
    """
    if (folder / JOURNAL).exists():
        if is_being_written(folder / JOURNAL):
            raise SessionError(f"{folder} is being recorded: stop that take first.")
        log.info("Recovering %s", folder)
        return finish(folder, error="not closed; recovered from the journal")
    if (folder / SESSION).exists():
        raise SessionError(f"{folder} is already finished: there is nothing to recover.")
    raise SessionError(f"{folder} holds no session: no {JOURNAL} there.")


def unfinished_sessions(folder: Path) -> list[Path]:
    """The session folders directly in ``folder`` that a crash left with their journal."""
    journals = folder.glob(f"*/{JOURNAL}")
    return sorted(journal.parent for journal in journals if not is_being_written(journal))


def _read_journal(path: Path) -> _Take:
    header = read_header(path)
    with path.open("rb") as file:
        lines = sum(1 for _ in file)
    poses = PoseArrays(lines, len(header.keypoint_names), len(header.joint_names))
    events, without_picture = list[Event](), np.zeros(lines, bool)
    frames = damaged = 0
    for item in read_lines(path, header):
        if item is None:
            damaged += 1
        elif isinstance(item, Entry):
            poses.put(frames, item)
            without_picture[frames] = item.picture is False
            frames += 1
        else:
            events.append(item)
    if damaged > max(frames, 1):
        raise SessionError(
            f"{path} is left as it is: {damaged} of its {lines - 1} lines are damaged."
        )
    arrays = poses.done(frames)
    arrays["timestamps"] = np.round(arrays["timestamps"] - arrays["timestamps"][:1], 6)
    first = int(arrays["frame_index"][0]) if frames else 0
    arrays["frame_index"] = arrays["frame_index"] - first
    names = {name: np.array(getattr(header, name)) for name in NAMES}
    return _Take(
        header=header,
        arrays=arrays | names,
        subject=poses.subject,
        people_left_out=poses.left_out,
        first_frame=first,
        events=[_counted_from(first, event) for event in events],
        without_picture=without_picture[:frames],
        damaged_lines=damaged,
    )


def _summarise(take: _Take, pictures: int, error: str | None) -> Summary:
    times, index = take.arrays["timestamps"], take.arrays["frame_index"]
    scores = take.arrays["scores2d"]
    well = is_sure(scores) & is_whole(scores, take.header.keypoint_names)
    duration = float(np.ptp(times)) if len(times) else 0.0
    return Summary(
        frames=len(times),
        duration=duration,
        mean_rate=(len(times) - 1) / duration if duration else 0.0,
        target_rate=_number(take.header.about.get("rate")),
        longest_gap=float(np.diff(times).max(initial=0.0)),
        dropped_frames=int(_gaps(index).sum()),
        pictures=pictures,
        pictures_dropped=int(take.without_picture.sum()),
        damaged_lines=take.damaged_lines,
        people_left_out=take.people_left_out,
        well_seen=float(well.mean()) if len(well) else 0.0,
        error=error,
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and np.isfinite(value) else 0.0


def _gaps(index: np.ndarray) -> np.ndarray:
    """(T,): how many frames of the source are missing before each one."""
    return np.asarray(np.maximum(np.diff(index, prepend=index[:1]) - 1, 0))


def _drop_log(take: _Take) -> list[dict[str, int]]:
    """When and how many: a row for each second of the take in which something was dropped."""
    frames, pictures = _gaps(take.arrays["frame_index"]), take.without_picture
    lossy = (frames > 0) | pictures
    seconds, row = np.unique(np.floor(take.arrays["timestamps"][lossy]), return_inverse=True)
    counts = (np.bincount(row, dropped[lossy], len(seconds)) for dropped in (frames, pictures))
    return [
        {"second": int(second), "frames": int(lost), "pictures": int(lost_pictures)}
        for second, lost, lost_pictures in zip(seconds, *counts, strict=True)
    ]


def _counted_from(first: int, event: Event) -> Event:
    frame = event.get("frame")
    return {**event, "frame": frame - first} if isinstance(frame, int) else event


def _last(take: _Take, name: str) -> object:
    """What was known at the end of a take of what its header or its events say."""
    said = [event[name] for event in take.events if event.get("event") == name and name in event]
    return said[-1] if said else take.header.about.get(name)


def _document(take: _Take, summary: Summary) -> dict[str, object]:
    """What session.json says."""
    return {
        **FORMAT,
        **asdict(take.header),
        **asdict(summary),
        "verdict": summary.verdict,
        "subject": take.subject,
        "first_frame": take.first_frame,
        **{name: _last(take, name) for name in ("camera", "body_height_m")},
        "notes": take.header.about.get("notes", ""),
        "drops": _drop_log(take),
        "events": take.events,
        "finished": True,
    }
