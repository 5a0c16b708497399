"""What the program makes of a picture that a camera shows for a second: is somebody there, where,
and how soon. Knows the estimator and scenes; no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.estimator import PoseEstimator
from engine.people.person_box import overlap
from engine.people.track import limbs_of
from engine.skeleton import COCO17
from engine.types import Box, Frame, Person
from training.datasets.scenes import Scene
from training.evaluation.figures import Row
from training.evaluation.metrics import pck_hits, percent

SECONDS, RATE = 1.0, 15
NOISE = 2.0  # standard deviation of a pixel, of 255, from frame to frame
BIG = 0.3  # of the picture's height, from which a person is big
RIGHT = 0.4  # IoU from which a box is right


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """What was seen of one scene."""

    scene: Scene
    shown: bool  # somebody was, in any frame
    person: Person | None  # who was shown in the last frame
    after: float  # seconds until the labelled person was shown; infinite: never
    trust: float  # the highest of anybody, in any frame
    trust_right: float  # the highest of the labelled person


def lone(scenes: Sequence[Scene]) -> list[Scene]:
    """Those with one big person and nobody who is doubted."""
    return [s for s in scenes if len(s.boxes) == 1 and not len(s.unknown) and _height(s) >= BIG]


def _height(scene: Scene) -> float:
    low, high = float(scene.boxes[0, 1]), float(scene.boxes[0, 3])
    height: int = scene.image.shape[0]
    return (high - low) / height


def watch(estimator: PoseEstimator, scene: Scene) -> Still:
    """The scene for a second, with the noise of a sensor."""
    estimator.reset()
    rng = np.random.default_rng(0)
    shown, after, trusts, right = False, np.inf, [-np.inf], [-np.inf]
    for index in range(round(SECONDS * RATE)):
        noisy = scene.image + NOISE * rng.standard_normal(scene.image.shape, np.float32)
        image = noisy.round().clip(0, 255).astype(np.uint8)
        result = estimator.estimate(Frame(image, index, index / RATE))
        shown |= bool(result.people)
        if any(is_right(person.box, scene) for person in result.people):
            after = min(after, index / RATE)
        for track in estimator.tracker.tracks:
            trusts.append(track.trust)
            right.append(track.trust if is_right(track.box, scene) else -np.inf)
    return Still(scene, shown, result.subject, after, max(trusts), max(right))


def is_right(box: Box, scene: Scene) -> bool:
    return any(overlap(box, Box(*sides)) >= RIGHT for sides in scene.boxes.tolist())


def found_row(stills: Sequence[Still]) -> Row:
    """Percent of lone people found and of their limbs right, and seconds until they were found."""
    right = [s.person is not None and is_right(s.person.box, s.scene) for s in stills]
    after = np.array([s.after for s in stills])
    return {
        "n": len(stills),
        "found": 100 * float(np.mean(right)),
        "limbs": percent(np.concatenate([_limb_hits(s) for s in stills])),
        "seconds": float(np.median(after)),
        "in 0.3 s": 100 * float((after <= 0.3).mean()),
    }


def false_row(stills: Sequence[Still]) -> Row:
    """Percent of the scenes with nobody in which somebody was shown."""
    return {"n": len(stills), "false": 100 * float(np.mean([s.shown for s in stills]))}


def curve(seen: Mapping[str, Sequence[Still]], thresholds: Sequence[float]) -> dict[str, Row]:
    """What each threshold of trust would show of each kind of scene, percent: of scenes with
    nobody, those in which somebody is shown; else the people who are found.

    Thresholds below the one in use show no more than that one: it decides who is looked at.
    """
    highest = {
        kind: np.array([s.trust_right if len(s.scene.boxes) else s.trust for s in stills])
        for kind, stills in seen.items()
    }
    return {
        f"{threshold:+.2f}": {k: 100 * float((v >= threshold).mean()) for k, v in highest.items()}
        for threshold in thresholds
    }


def _limb_hits(still: Still) -> np.ndarray:
    """PCK@0.2 of the limbs of whoever is labelled, (1, 12): what is not shown is wrong."""
    which = COCO17.limbs
    found = np.full((1, len(COCO17), 2), np.inf)
    if still.person:
        pose = still.person.pose2d
        found[0, which] = limbs_of(pose.keypoints, pose.skeleton)
    truth = still.scene.points[:1]
    hits = pck_hits(found, truth, np.isfinite(truth).all(axis=2), skeleton=COCO17)
    return hits[:, which]
