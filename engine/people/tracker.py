"""Who is in view, and who of them is whom, from frame to frame.

Told where the finder saw people and what the backbone makes of them, it decides who is shown, who
is the same as before, and who is the subject. Knows no networks, no pictures and no threads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

import numpy as np

from engine.keypoints.backbone import pose_score
from engine.people.assignment import assign
from engine.people.evidence import SHOWN, UNSEEN, could_be_shown
from engine.people.finder import FoundPerson
from engine.people.person_box import area, contains
from engine.people.track import (
    Track,
    closeness,
    new_track,
    predicted,
    with_finding,
    with_pose,
    with_trust,
)
from engine.types import Box, Pose2D

LOOK_EVERY = 0.2  # seconds between two looks of the finder while everybody is surely followed
ASKED = 2  # strangers that the backbone is asked about in a frame, at most
ANSWERED = 0.3  # seconds for which its answer counts
SAME = 0.6  # closeness from which two tracks are of one body
FEWEST_SEEN = 4  # keypoints of a pose that is one


class Tracker:
    """One call each a frame, in this order: move, see where a look is due, to_pose, judge."""

    def __init__(self) -> None:
        self._ids, self._numbers = count(1), count()
        self.forget()

    def forget(self) -> None:
        """Nobody is known any more; ids go on."""
        self.tracks: list[Track] = []
        self._time = self._looked = -np.inf
        self._close: int | None = None  # the number of whom alone the last look was at
        self.subject_id, self.chosen = 0, False

    @property
    def known(self) -> list[Track]:
        """Who is shown, or was a moment ago: the subject first, then the nearest."""
        known = [track for track in self.tracks if track.id]
        return sorted(known, key=lambda track: (track.id != self.subject_id, -area(track.box)))

    @property
    def shown(self) -> list[Track]:
        return [track for track in self.known if track.is_shown]

    def look_is_due(self, people: int) -> bool:
        """Always, but now and then only while so many are followed and none of them is in doubt."""
        followed = self.known[:people]
        sure = followed and all(track.state == "tracking" for track in followed)
        return not sure or self._time - self._looked >= LOOK_EVERY

    def close_up(self) -> Track | None:
        """Whom alone the finder should look at, closely: every other look is at the one in doubt
        who is the nearest to being believed. None: the look is at the whole frame.
        """
        doubted = [t for t in self.tracks if t.state != "tracking" and t.last_look > UNSEEN]
        if self._close is not None or not doubted:
            return None
        return max(doubted, key=lambda track: track.trust)

    def move(self, time: float) -> None:
        """Everybody moves on as before; who was out of sight for too long is forgotten, but not
        whom the last frame showed, however long ago that was.
        """
        before, self._time = self._time, time
        moved = (predicted(track, time) for track in self.tracks)
        self.tracks = [track for track in moved if track.located_at >= before or not track.over]

    def see(self, found: Sequence[FoundPerson], close_up: Track | None = None) -> None:
        """What the finder saw in this frame, of those known and of others, or in a close-up, which
        tells of one only.
        """
        self._looked, self._close = self._time, close_up.number if close_up else None
        pairs = assign([track for track in self.tracks if self._looked_at(track)], found)
        self.tracks = [
            with_finding(track, pairs.get(track.number)) if self._looked_at(track) else track
            for track in self.tracks
        ]
        if close_up:
            return
        paired = set(map(id, pairs.values()))
        for person in found:
            if id(person) not in paired and could_be_shown(person.box.score):
                self.tracks.append(new_track(next(self._numbers), person, self._time))

    def to_pose(self, people: int) -> list[Track]:
        """Whom the backbone should look at: so many who are followed, and who may be somebody, a
        few a frame in turn.
        """
        followed = self.known[:people]
        sure = any(track.state == "tracking" for track in followed)
        room = min((people if sure else max(people, ASKED)) - len(followed), ASKED)
        strangers = [t for t in self.tracks if not t.id and self._looked_at(t)]
        worth = [track for track in strangers if could_be_shown(track.finder_score)]
        worth.sort(key=lambda track: (track.asked_at, -track.finder_score))
        return [t for t in followed if t.is_shown or could_be_shown(t.finder_score)] + worth[:room]

    def judge(
        self,
        poses: Sequence[tuple[Track, Pose2D]],
        threshold: float,
        changed: Callable[[Box], bool] = lambda _: False,
    ) -> list[Track]:
        """Whom to follow in the picture, the subject first, given the poses found of `to_pose`.

        threshold: a keypoint that scores less is not seen; changed: whether what is in a box was
        not there before.
        """
        found = {track.number: pose for track, pose in poses}
        settled: list[Track] = []
        for track in sorted(self.tracks, key=_precedence):
            pose = found.get(track.number)
            settled.append(self._judged(track, pose, threshold, settled, changed))
        self.tracks = [self._named(track) for track in settled]
        self._settle_subject()
        return [track for track in self.shown if track.posed_at == self._time]

    def _judged(
        self,
        track: Track,
        pose: Pose2D | None,
        threshold: float,
        settled: Sequence[Track],
        changed: Callable[[Box], bool],
    ) -> Track:
        if pose is None and not self._looked_at(track):
            return track  # nothing is new
        seen = np.zeros(0, bool) if pose is None else pose.scores >= threshold
        after = track if pose is None or seen.sum() < FEWEST_SEEN else with_pose(track, pose, seen)
        if any(closeness(other, after.box, after.limbs) >= SAME for other in settled):
            return with_trust(track, UNSEEN)  # one body, one track
        if pose:
            after = replace(after, asked_at=self._time, backbone_score=pose_score(pose))
        recent = self._time - after.asked_at < ANSWERED
        return with_trust(after, after.backbone_score if recent else None, changed(after.box))

    def _looked_at(self, track: Track) -> bool:
        """Whether the finder did in this frame."""
        return self._looked == self._time and self._close in (None, track.number)

    def _named(self, track: Track) -> Track:
        if track.id or track.trust < SHOWN:
            return track
        return replace(track, id=next(self._ids), shown_at=self._time)

    def _settle_subject(self) -> None:
        """It stays who it is; while it is new and nobody's choice, a nearer one takes its place."""
        subject = next((track for track in self.known if track.id == self.subject_id), None)
        self.chosen &= subject is not None
        if subject is None or (subject.state == "confirming" and not self.chosen):
            self.subject_id = 0
            self.subject_id = self.shown[0].id if self.shown else 0  # the nearest

    def choose(self, point: tuple[float, float] | None) -> None:
        """Whoever is at that place becomes the subject, if anybody; None: the nearest is."""
        if point is None:
            self.subject_id, self.chosen = 0, False
            return
        there = [track for track in self.shown if contains(track.box, point)]
        if there:
            self.subject_id = min(there, key=lambda track: area(track.box)).id
            self.chosen = True


def _precedence(track: Track) -> tuple[bool, bool, bool, float]:
    """Who comes first where two lay claim to one body: not who was lost, or the two would take
    turns.
    """
    return track.state == "lost", track.last_look <= UNSEEN, not track.id, -track.finder_score
