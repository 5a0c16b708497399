"""The one line that tells whoever stands before the camera what would help. Knows one result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.skeleton import Skeleton, kind_of
from engine.types import Frame, Person, PoseResult

DARK = 30  # mean of a picture's pixels, of 255, below which it is
FAR = 0.2  # of the picture's height, below which a person is too small
SEEN = 0.3  # score from which a keypoint counts
SURE = 0.6  # mean score of the keypoints of a person who is seen well
LEGS = ("knee", "ankle")
NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}
SAMPLE = 64  # pixels a side at which the picture's brightness is looked at


@dataclass(frozen=True)
class Advice:
    """text: what to say, "" when all is well; good: the subject is tracked, whole and sure."""

    text: str
    good: bool


def advise(result: PoseResult) -> Advice:
    """What to say of a result: what matters most of all that is not well."""
    subject = result.subject
    dark = _brightness(result.frame.image) < DARK
    if subject is None:
        return Advice("Too dark" if dark else _call(result) or "Nobody in view", False)
    flaw = "Too dark" if dark else _flaw(subject, result.frame)
    sure = subject.state == "tracking" and float(subject.pose2d.scores.mean()) >= SURE
    return Advice(flaw or _call(result), sure and not flaw)


def _flaw(subject: Person, frame: Frame) -> str:
    if subject.box.y2 - subject.box.y1 < FAR * frame.image.shape[0]:
        return "Too far"
    if not (subject.pose2d.scores[_legs(subject.pose2d.skeleton)] >= SEEN).any():
        return "Only head and shoulders: legs are guesses"
    return ""


def _call(result: PoseResult) -> str:
    """To choose, where there is a choice that nobody has made."""
    count = len(result.people) + len(result.others)
    if result.chosen or count < 2:
        return ""
    return f"{NUMBERS.get(count, 'Many')} people: click one"


def _legs(skeleton: Skeleton) -> list[int]:
    return [i for i, name in enumerate(skeleton.keypoints) if kind_of(name) in LEGS]


def _brightness(image: np.ndarray) -> float:
    rows, columns = (max(side // SAMPLE, 1) for side in image.shape[:2])
    return float(image[::rows, ::columns].mean())
