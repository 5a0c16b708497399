"""One line of advice for the person before the camera, from one result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.skeleton import kind_of
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
    """The most important flaw of a result, and whether all is well."""
    subject = result.subject
    dark = brightness(result.frame.image) < DARK
    if subject is None:
        nobody = "" if result.people or result.others else "Nobody in view"
        return Advice("Too dark" if dark else _call(result) or nobody, False)
    flaw = "Too dark" if dark else _flaw(subject, result.frame)
    sure = subject.state == "tracking" and is_sure(subject.pose2d.scores)
    return Advice(flaw or _call(result), bool(sure and not flaw))


def is_sure(scores: np.ndarray) -> np.ndarray:
    """(..., K) scores of poses → (...) bool; NaN, nobody, is not."""
    return np.asarray(scores.sum(axis=-1) >= SURE * max(scores.shape[-1], 1))


def is_whole(scores: np.ndarray, keypoints: Sequence[str]) -> np.ndarray:
    """(..., K) scores of poses → (...) bool: something of the legs is seen; keypoints: K names."""
    legs = [k for k, name in enumerate(keypoints) if kind_of(name) in LEGS]
    return np.asarray((scores[..., legs] >= SEEN).any(axis=-1))


def _flaw(subject: Person, frame: Frame) -> str:
    if subject.box.y2 - subject.box.y1 < FAR * frame.image.shape[0]:
        return "Too far"
    if not is_whole(subject.pose2d.scores, subject.pose2d.skeleton.keypoints):
        return "Only head and shoulders: legs are guesses"
    return ""


def _call(result: PoseResult) -> str:
    """The invitation to choose a subject, while not everybody is followed and nobody chose."""
    count = len(result.people) + len(result.others)
    if result.chosen or count < 2 or not result.others:
        return ""
    return f"{NUMBERS.get(count, 'Many')} people: click one"


def brightness(image: np.ndarray) -> float:
    """Mean of an (H, W, 3) uint8 picture, 0..255, from a sample of its pixels."""
    rows, columns = (max(side // SAMPLE, 1) for side in image.shape[:2])
    return float(image[::rows, ::columns].mean())
