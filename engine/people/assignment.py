"""Which of the people found is whom: the pairs that are closest together, all taken at once.

As in ByteTrack (Zhang, ECCV 2022, algorithm 1) people who are known choose first, first among the
sure boxes, then among all; whoever is not known yet gets what is left. Knows tracks and what a
finder found.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from engine.people.finder import FoundPerson
from engine.people.track import Track, closeness, limbs_of
from engine.skeleton import COCO17

SURE = 0.5  # score of a box that is
CLOSE = 0.15  # least closeness of a pair


def assign(tracks: Sequence[Track], found: Sequence[FoundPerson]) -> dict[int, FoundPerson]:
    """The number of a track → what was found of it, for those of whom something was."""
    known, new = ([t for t in tracks if bool(t.id) == is_known] for is_known in (True, False))
    sure = [person for person in found if person.box.score >= SURE]
    pairs: dict[int, FoundPerson] = {}
    for those, boxes in ((known, sure), (known, found), (new, found)):
        taken = set(map(id, pairs.values()))
        pairs |= _closest(
            [track for track in those if track.number not in pairs],
            [person for person in boxes if id(person) not in taken],
        )
    return pairs


def _closest(tracks: Sequence[Track], found: Sequence[FoundPerson]) -> dict[int, FoundPerson]:
    limbs = [limbs_of(person.keypoints, COCO17) for person in found]
    close = np.zeros((len(tracks), len(found)))
    for row, track in enumerate(tracks):
        for column, person in enumerate(found):
            close[row, column] = closeness(track, person.box, limbs[column])
    pairs = zip(*linear_sum_assignment(close, maximize=True), strict=True)
    return {tracks[i].number: found[j] for i, j in pairs if close[i, j] >= CLOSE}
