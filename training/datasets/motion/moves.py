"""All motion capture as one long array, and stretches of it drawn at random.

Says which clips are held out. Knows no bodies and no cameras.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from training.datasets.motion.mocap import Clip, h36m17, load_clips

TEMPO = (0.8, 1.25)  # how fast a drawn stretch is played
CAPTURED = 30.0  # frames a second of `Moves`, and of every packed source


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """F frames of many clips at CAPTURED, one after the other, those of a source side by side."""

    poses: np.ndarray  # (F, 17, 3) float32 metres, H36M-17, Y up; a head may be NaN
    starts: np.ndarray  # (F,) the first frame of the clip that a frame is of
    sources: tuple[tuple[str, int, int], ...]  # name, first frame, frames

    def __len__(self) -> int:
        return len(self.poses)

    def draw(
        self, rng: np.random.Generator, count: int, steps: int = 1, rate: float = CAPTURED
    ) -> tuple[np.ndarray, np.ndarray]:
        """`stretches` that end in random frames, each at a tempo of its own. Sources count by the
        root of their length: short ones are heard.
        """
        _, first, lengths = (np.array(column) for column in zip(*self.sources, strict=True))
        weights = np.sqrt(lengths)
        which = rng.choice(len(first), count, p=weights / weights.sum())
        ends = first[which] + (rng.random(count) * lengths[which]).astype(int)
        return self.stretches(ends, steps, rate, rng.uniform(*TEMPO, count))

    def stretches(
        self, ends: np.ndarray, steps: int, rate: float, tempo: np.ndarray | float = 1.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """(N, steps, 17, 3), the last ``steps`` up to the frames ``ends`` (N,), ``rate`` of them a
        second, and (N, steps) bool: had the clip begun by then? Before that it stands still.
        """
        back = np.arange(steps - 1, -1, -1) * (CAPTURED / rate)
        times, start = ends[:, None] - back * np.reshape(tempo, (-1, 1)), self.starts[ends][:, None]
        begun, times = times >= start, np.maximum(times, start)
        before = times.astype(int)
        after = np.minimum(before + 1, ends[:, None])
        share = (times - before).astype(np.float32)[..., None, None]
        return self.poses[before] * (1 - share) + self.poses[after] * share, begun


def join(clips: Sequence[Clip]) -> Moves:
    """Clips as one, in the order of their sources."""
    clips = sorted(clips, key=lambda clip: clip.source)
    poses = [_at_captured(h36m17(clip), clip.fps) for clip in clips]
    lengths = np.array([len(part) for part in poses])
    starts = np.cumsum(lengths) - lengths
    sources = []
    for name, group in groupby(range(len(clips)), lambda i: clips[i].source):
        numbers = list(group)
        sources.append((name, int(starts[numbers[0]]), int(lengths[numbers].sum())))
    return Moves(np.concatenate(poses), np.repeat(starts, lengths), tuple(sources))


def _at_captured(poses: np.ndarray, rate: float) -> np.ndarray:
    """(T, 17, 3) of ``rate`` poses a second, as many as CAPTURED has in that time."""
    times = np.arange(0, len(poses) - 1 + 1e-6, rate / CAPTURED)
    before = times.astype(int)
    after = np.minimum(before + 1, len(poses) - 1)
    share = (times - before).astype(np.float32)[:, None, None]
    return np.asarray(poses[before] * (1 - share) + poses[after] * share)


def divide(clips: Sequence[Clip]) -> dict[str, list[Clip]]:
    """``actor``: HDM05's tr; ``actions``: the last fifth of CMU's; ``train``: all others."""
    actions = [clip for clip in clips if clip.source == "cmu_actions"]
    actor = [clip for clip in clips if (clip.source, clip.subject) == ("hdm05", "tr")]
    held_out = {"actor": actor, "actions": actions[-len(actions) // 5 :]}
    gone = {id(clip) for part in held_out.values() for clip in part}
    return held_out | {"train": [clip for clip in clips if id(clip) not in gone]}


def load_moves(folders: Sequence[Path], without: Sequence[str] = ()) -> Moves:
    """What lifters learn from, also where no head was captured, but for the sources ``without``.

    Raises FileNotFoundError where none of the folders holds motion capture, ValueError for a source
    that is not there.
    """
    clips = load_clips(mocap_folder(folders), headless=True)
    known = {clip.source for clip in clips}
    if unknown := set(without) - known:
        raise ValueError(f"No source {', '.join(unknown)}. There are {', '.join(sorted(known))}.")
    return join([clip for clip in divide(clips)["train"] if clip.source not in without])


def load_held_out(folders: Sequence[Path]) -> dict[str, Moves]:
    """``actor`` and ``actions`` of `divide`. Raises FileNotFoundError as `load_moves`."""
    parts = divide(load_clips(mocap_folder(folders)))
    return {name: join(parts[name]) for name in ("actor", "actions")}


def mocap_folder(folders: Sequence[Path]) -> Path:
    """The motion capture in the first of ``folders`` that has it; it need not exist."""
    there = [folder / "mocap" for folder in folders if (folder / "mocap").is_dir()]
    return there[0] if there else folders[0] / "mocap"
