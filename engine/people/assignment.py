"""Which of the people found is whom: the pairs that are closest together, all taken at once.

The surest boxes choose first, as in ByteTrack (Zhang, ECCV 2022, algorithm 1); what is left over
goes to those whom nobody was found for. Knows tracks and what a finder found.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from engine.people.finder import FoundPerson
from engine.people.track import Track, closeness, limbs_of
from engine.skeleton import COCO17

SURE = 0.5  # score of a box that chooses first
CLOSE = 0.15  # least closeness of a pair


def assign(tracks: Sequence[Track], found: Sequence[FoundPerson]) -> dict[int, FoundPerson]:
    """The number of a track → what was found of it, for those of whom something was."""
    sure = [person for person in found if person.box.score >= SURE]
    pairs = _closest(tracks, sure)
    taken = set(map(id, pairs.values()))
    left = [track for track in tracks if track.number not in pairs]
    return pairs | _closest(left, [person for person in found if id(person) not in taken])


def _closest(tracks: Sequence[Track], found: Sequence[FoundPerson]) -> dict[int, FoundPerson]:
    limbs = [limbs_of(person.keypoints, COCO17) for person in found]
    close = np.zeros((len(tracks), len(found)))
    for row, track in enumerate(tracks):
        for column, person in enumerate(found):
            close[row, column] = closeness(track, person.box, limbs[column])
    pairs = zip(*linear_sum_assignment(close, maximize=True), strict=True)
    return {tracks[i].number: found[j] for i, j in pairs if close[i, j] >= CLOSE}
