"""Random shots of one person: a pose, a camera that frames it, and a light. Knows no drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.space.camera import focal_length, look_at
from training.datasets.motion.mocap import Clip
from training.synthetic.body import Body
from training.synthetic.desk import desk_pose
from training.synthetic.motion import Pose, pose_body
from training.synthetic.scene import Camera, Light, as_triple
from training.synthetic.truth import keypoints

_SIZES = ((640, 480), (854, 480), (480, 480), (480, 640))  # width, height
_SIZE_SHARES = (0.5, 0.2, 0.2, 0.1)
_LONGEST_SIDE = (256, 288)  # pixels of a crop
_FEWEST = 5  # joints in view: head, throat, thorax and shoulders


@dataclass(frozen=True)
class Framing:
    """What part of a person a picture shows."""

    name: str
    share: float  # of the pictures
    desk: float  # share of desk poses
    height: tuple[float, float]  # of the point looked at, from the lowest joint 0 to the highest 1
    distance: tuple[float, float]  # metres
    field: tuple[float, float]  # degrees, of the picture's shorter side
    around: float  # share of the views from anywhere; the others are from about the front
    spread: float  # degrees, of those about the front


FRAMINGS = (
    Framing("full_body", 0.4, 0.05, (0.4, 0.6), (2.6, 5.0), (35, 55), 0.6, 40),
    Framing("waist_up", 0.3, 0.5, (0.55, 0.8), (1.3, 2.4), (35, 60), 0.0, 40),
    Framing("head_and_shoulders", 0.3, 0.85, (0.75, 0.95), (0.5, 1.1), (45, 65), 0.0, 30),
)


@dataclass(frozen=True)
class Shot:
    pose: Pose
    seated: bool
    framing: str  # the name of it
    points: np.ndarray  # (16, 3) metres, MPII-16
    camera: Camera


def random_shot(
    rng: np.random.Generator, body: Body, clips: Sequence[Clip], whole: bool = False
) -> Shot:
    """A person at the origin with at least five joints in view.

    whole: through the camera as it is, else cut to about 1.5 x the person.
    """
    while True:
        framing = FRAMINGS[rng.choice(len(FRAMINGS), p=[framing.share for framing in FRAMINGS])]
        pose, seated = _random_pose(rng, body, clips, framing)
        points = keypoints(pose)[0][0]
        camera = _camera(rng, pose, points, framing)
        crop = _crop(rng, camera, points)
        if crop is not None:
            return Shot(pose, seated, framing.name, points, camera if whole else crop)


def random_light(rng: np.random.Generator) -> Light:
    """From a window or a lamp; one in six is dim, and in front of the person, as a screen is."""
    if rng.random() < 0.16:
        return _screen_light(rng)
    direction = np.array([rng.normal(0, 0.8), rng.uniform(0.3, 1.2), rng.normal(0, 0.8)])
    warmth = rng.uniform(-0.12, 0.15)
    key, sky = rng.uniform(0.2, 1.1), rng.uniform(0.35, 0.8)
    tint, grey = np.array([1 + warmth, 1.0, 1 - warmth]), np.array([1.0, 1.0, 1.05])
    ground = sky * rng.uniform(0.4, 0.8)
    return Light(direction, as_triple(key * tint), as_triple(sky * grey), as_triple(ground * grey))


def _screen_light(rng: np.random.Generator) -> Light:
    direction = np.array([rng.normal(0, 0.3), rng.normal(0.1, 0.15), 1.0])
    glow, dusk = rng.uniform(0.4, 0.9), rng.uniform(0.06, 0.2)
    tint, grey = np.array([0.85, 0.95, 1.1]), np.array([1.0, 0.95, 0.9])
    return Light(direction, as_triple(glow * tint), as_triple(dusk * grey), as_triple(dusk * grey))


def _random_pose(
    rng: np.random.Generator, body: Body, clips: Sequence[Clip], framing: Framing
) -> tuple[Pose, bool]:
    """A pose on the origin, and whether it sits at a desk."""
    head_turn = (float(rng.normal(0, 0.4)), float(rng.normal(0, 0.2)))
    if rng.random() < framing.desk:
        seated = bool(rng.random() < 0.6)
        joints = desk_pose(rng, seated)
    else:
        seated, joints = False, captured_joints(rng, clips)
    pose = pose_body(body, joints, head_turn)
    return pose.moved(-pose.places[0, 0] * [1, 0, 1]), seated


def captured_joints(rng: np.random.Generator, clips: Sequence[Clip]) -> dict[str, np.ndarray]:
    """One frame of motion, each joint (1, 3) metres; every source is as likely."""
    source = rng.choice(sorted({clip.source for clip in clips}))
    tracks = [clip.joints for clip in clips if clip.source == source]
    track = tracks[rng.integers(len(tracks))]
    frame = int(rng.integers(len(track["neck"])))
    return {name: places[frame : frame + 1] for name, places in track.items()}


def _camera(rng: np.random.Generator, pose: Pose, points: np.ndarray, framing: Framing) -> Camera:
    x, _, z = pose.turns[0, 0, :, 2]
    around = rng.random() < framing.around
    yaw = np.arctan2(x, z) + (rng.uniform(-np.pi, np.pi) if around else
                              np.deg2rad(rng.normal(0, framing.spread)))  # fmt: skip
    pitch = np.deg2rad(np.clip(rng.normal(8, 16), -20, 45))
    toward = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
    low, high = points[:, 1].min(), points[:, 1].max()
    target = points.mean(axis=0)
    target[1] = low + rng.uniform(*framing.height) * (high - low)
    place = target + toward * rng.uniform(*framing.distance)
    size = _SIZES[rng.choice(len(_SIZES), p=_SIZE_SHARES)]
    focal = float(focal_length(rng.uniform(*framing.field), min(size)))
    aim = target + rng.normal(0, [0.12, 0.04, 0.12])
    rotation = look_at(place, aim, rng.normal(0, 3.5))
    return Camera(rotation, place, focal, (size[0] / 2, size[1] / 2), size)


def _crop(rng: np.random.Generator, camera: Camera, points: np.ndarray) -> Camera | None:
    """About 1.5 x the person, cut off at the picture's edge; None where too little is in view."""
    pixels, size = camera.project(points), np.array(camera.size)
    ahead = camera.to_camera(points)[:, 2] > 0.1
    inside = ahead & (pixels >= 0).all(axis=1) & (pixels < size).all(axis=1)
    if inside.sum() < _FEWEST:
        return None
    low, high = pixels[inside].min(axis=0), pixels[inside].max(axis=0)
    side = max(high - low) * rng.uniform(1.35, 1.65)
    centre = (low + high) / 2 + rng.normal(0, 0.04, 2) * side
    start, end = (centre - side / 2).clip(0), (centre + side / 2).clip(None, size)
    scale = rng.uniform(*_LONGEST_SIDE) / max(end - start)
    width, height = np.round((end - start) * scale).astype(int).tolist()
    return camera.window(start[0], start[1], scale, (width, height))
