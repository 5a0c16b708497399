"""Everybody in a take, for formats that hold several people and for those that hold one.

Knows no formats and no files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from engine.session.export.rows import CHUNK, formatted
from engine.session.export.take import Take
from engine.session.joint_scores import joints_seen
from engine.session.recording import Recording

# The take of one person, of N frames → numbers (N, M), and in which frames they count, (N,) bool.
Values = Callable[[Recording], tuple[np.ndarray, np.ndarray]]


def texts(take: Recording, template: str, values: Values) -> Iterator[list[tuple[int, str]]]:
    """For each frame everybody's id and ``template % numbers``; the subject first."""
    for start in range(0, len(take.timestamps), CHUNK):
        part = take.part(slice(start, start + CHUNK))
        found = [list[tuple[int, str]]() for _ in part.timestamps]
        for frames, ids, person in _people(part):
            numbers, count = values(person)
            rows = formatted(template, numbers[count])
            for t, who, text in zip(frames[count], ids[count].tolist(), rows, strict=True):
                found[t].append((who, text))
        yield from found


def _people(take: Recording) -> Iterator[tuple[np.ndarray, np.ndarray, Recording]]:
    """The subject in every frame, then each bystander where there: frames (N,), ids (N,), take."""
    yield np.arange(len(take.timestamps)), take.people_subject, take
    for p, there in enumerate(take.bystanders.T):
        if there.any():
            frames = np.flatnonzero(there)
            yield frames, np.full(len(frames), take.people_ids[p]), take.of(p).part(there)


def bystanders(take: Take) -> Iterator[tuple[int, Take]]:
    """Everybody with 3D who was not always the subject: the id, and a take of that person alone."""
    for p in np.flatnonzero(take.recording.bystanders.any(axis=0)).tolist():
        alone = take.recording.of(p)
        if joints_seen(alone).any():
            yield int(alone.people_ids[0]), replace(take, recording=alone)
