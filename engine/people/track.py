"""Somebody who may be there, from frame to frame. Values in, values out; knows no networks.

States: a track is *searching* until its trust is enough to be shown, *confirming* while it is new,
then *tracking*; *unsure* while finder and backbone doubt it, and *lost* when they do so much or for
long, remembered for a second with its id.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.people.evidence import KEPT, NOBODY, SHOWN, UNSEEN, evidence, trusted
from engine.people.finder import FoundPerson
from engine.people.person_box import (
    between,
    box_around,
    long_side,
    middle,
    moved,
    overlap,
)
from engine.skeleton import COCO17, Skeleton
from engine.types import Box, Pose2D

State = Literal["searching", "confirming", "tracking", "unsure", "lost"]

CONFIRMING = 0.5  # seconds for which somebody who is shown is new
DOUBTED = 1.0  # seconds for which somebody in doubt is shown
STANDING = 3.0  # the same where the picture differs from that of the empty place
DIMLY = 0.12  # the finder's score that is taken for granted there
REMEMBERED = 1.0  # seconds for which somebody lost keeps the id
OVERLOOKED = 0.3  # seconds for which whoever is new is remembered
FIRST_LOOK = 1 / 15  # seconds that the first look at somebody counts for
INERTIA = 0.2  # seconds in which a velocity follows what is seen
SETTLING = 0.1  # seconds in which a box becomes what the finder sees
UNSIGHTED = 0.3  # seconds after which a pose tells the box better than what the finder saw
POSED = 0.3  # seconds for which the limbs of a pose are better than what the finder sees
BRAKING = 0.5  # seconds in which whoever is out of sight stops
REACH = 0.5  # of a body, by which limbs are off that have nothing in common


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """What is known of one person, or of what may be one. Times (``…_at``) are in seconds; scores
    are 0..1.
    """

    number: int  # of those who may be somebody, counted by the tracker
    box: Box  # the person's, and where to look for the pose; frame pixels
    limbs: np.ndarray  # (12, 2) float32 frame pixels, NaN where not seen
    finder_score: float
    time: float  # to which box and limbs are moved
    judged_at: float  # when trust last changed
    located_at: float  # when it last was where it was thought to be
    place: np.ndarray  # (2,) the box's middle then
    velocity: np.ndarray  # (2,) pixels a second
    found_at: float  # when the finder saw it last
    last_look: float  # what the finder said then, or UNSEEN where it has looked in vain since
    asked_at: float = -math.inf  # when the backbone was asked about it last
    backbone_score: float = UNSEEN  # of its answer
    posed_at: float = -math.inf  # when it last saw enough keypoints for a pose
    pose: Pose2D | None = None  # that pose
    trust: float = NOBODY  # see evidence.py
    shown_at: float = math.inf  # when it was first shown
    believed_at: float = -math.inf  # when its trust was last enough to be shown
    changed: bool = False  # whether what is there was not there before, see background.py
    id: int = 0  # of those who are somebody; 0 until it is shown

    @property
    def state(self) -> State:
        if not self.id:
            return "searching"
        longest = STANDING if self.changed else DOUBTED
        if self.trust < KEPT or self.time - self.believed_at > longest:
            return "lost"
        if self.trust < SHOWN:
            return "unsure"
        return "confirming" if self.time - self.shown_at < CONFIRMING else "tracking"

    @property
    def is_shown(self) -> bool:
        return self.state not in ("searching", "lost")

    @property
    def over(self) -> bool:
        """Whether it can be forgotten."""
        new = self.located_at - self.shown_at < CONFIRMING
        return self.time - self.located_at > (OVERLOOKED if new else REMEMBERED)


def new_track(number: int, found: FoundPerson, time: float) -> Track:
    limbs, place = limbs_of(found.keypoints, COCO17), middle(found.box)
    first, still, score = time - FIRST_LOOK, np.zeros(2), found.box.score
    return Track(
        number, found.box, limbs, score, time, first, time, place, still, time, last_look=score
    )


def predicted(track: Track, time: float) -> Track:
    """Where it is at ``time`` if it moves on as it did."""
    shift = track.velocity * (time - track.time) * math.exp((track.located_at - time) / BRAKING)
    return replace(_moved(track, shift), time=time)


def with_finding(track: Track, found: FoundPerson | None) -> Track:
    """After a look of the finder's, which saw it, or did not. Its box is the best there is, but
    its limbs only where no backbone is asked. A stranger is believed by the last two looks, which
    are one from afar and a close-up.
    """
    score = found.box.score if found else UNSEEN
    said = score if track.id else math.sqrt(score * track.last_look)
    track = replace(track, finder_score=said, last_look=score)
    if found is None:
        return track
    box = between(track.box, found.box, 1 - math.exp((track.located_at - track.time) / SETTLING))
    coarse = track.time - track.posed_at > POSED
    limbs = limbs_of(found.keypoints, COCO17) if coarse else track.limbs
    return replace(track, box=box, limbs=limbs, found_at=track.time)


def with_pose(track: Track, pose: Pose2D, seen: np.ndarray) -> Track:
    """With the pose found there, which takes the box along, and shapes it where the finder has not
    seen anybody for a while; seen: (K,) bool.
    """
    limbs = limbs_of(pose.keypoints, pose.skeleton, seen)
    steps = limbs - track.limbs
    known = np.isfinite(steps).all(axis=1)
    if known.any() and track.found_at < track.time:
        track = _moved(track, np.median(steps[known], axis=0))
    if track.time - track.found_at > UNSIGHTED:
        share = 1 - math.exp((track.posed_at - track.time) / SETTLING)
        own = box_around(pose.keypoints[seen], track.box.score)
        track = replace(track, box=between(track.box, own, share))
    return replace(track, limbs=limbs, pose=pose, posed_at=track.time)


def _moved(track: Track, shift: np.ndarray) -> Track:
    x, y = shift.tolist()
    return replace(track, box=moved(track.box, x, y), limbs=track.limbs + np.float32(shift))


def with_trust(track: Track, pose_score: float | None, changed: bool = False) -> Track:
    """With the trust that finder and backbone have in it now; None: no backbone was asked;
    changed: see `Track`.
    """
    doubted = DIMLY if changed and track.id else UNSEEN
    said = evidence(max(track.finder_score, doubted), pose_score)
    trust = trusted(track.trust, said, track.time - track.judged_at)
    believed = track.time if trust >= SHOWN else track.believed_at
    track = replace(track, trust=trust, judged_at=track.time, believed_at=believed, changed=changed)
    there = track.state != "lost" if track.id else track.finder_score > UNSEEN
    return _located(track) if there else track


def _located(track: Track) -> Track:
    """It is where it is thought to be: so fast it was."""
    place, elapsed = middle(track.box), max(track.time - track.located_at, 1e-3)
    share = 1 - math.exp(-elapsed / INERTIA)
    velocity = track.velocity + share * ((place - track.place) / elapsed - track.velocity)
    return replace(track, located_at=track.time, place=place, velocity=velocity)


def closeness(track: Track, box: Box, limbs: np.ndarray) -> float:
    """How likely these are the track's, 0..1: by the boxes, and by the limbs seen in both."""
    same, apart = overlap(track.box, box), np.linalg.norm(track.limbs - limbs, axis=1)
    apart = apart[np.isfinite(apart)]
    reach = REACH * long_side(track.box)
    near = max(1 - apart.mean() / reach, 0) if len(apart) else same
    return (same + near) / 2


def limbs_of(
    keypoints: np.ndarray, skeleton: Skeleton, seen: np.ndarray | None = None
) -> np.ndarray:
    """(12, 2) float32, NaN where not seen."""
    limbs = np.array(keypoints, np.float32)
    if seen is not None:
        limbs[~seen] = np.nan
    return np.asarray(limbs[skeleton.limbs])
