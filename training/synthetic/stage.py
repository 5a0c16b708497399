"""Short clips of people who enter, turn, crouch, cross and leave, with exact truth.

Rendered people, moved by motion capture, before a photograph of an empty room. Deterministic in the
seed. Knows no networks and no files of pictures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engine.skeleton import MPII16
from engine.space.camera import look_at
from training.datasets.motion.mocap import Clip
from training.synthetic.body import Template
from training.synthetic.clothes import dress
from training.synthetic.layers import Figure
from training.synthetic.motion import Pose, pose_body
from training.synthetic.people import random_body, random_outfit
from training.synthetic.renderer import Renderer
from training.synthetic.rotations import about
from training.synthetic.scene import Camera, Mesh
from training.synthetic.shots import random_light
from training.synthetic.truth import keypoints, visibility

RATE = 15  # frames a second; the motions have twice as many
SIZE = (640, 480)
LONGEST = 300  # frames of a motion that are played
NOISE = 2.0  # standard deviation of a pixel, of 255
EMPTY = 1.0  # seconds after the last one's last frame
_EYE, _TARGET, _FOCAL = np.array([0.0, 1.3, 3.8]), np.array([0.0, 0.95, 0.0]), 560.0
_MIDDLE = ((SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2)
CAMERA = Camera(look_at(_EYE, _TARGET), _EYE, _FOCAL, _MIDDLE, SIZE)


@dataclass(frozen=True)
class Part:
    """What one person does: a motion, turned so that half of it goes ``toward`` there.

    toward: degrees, 0 to the right; x, z: metres right of the picture's middle and nearer than it,
    where the person is after half of the motion.
    """

    motion: str
    toward: float = 0.0
    x: float = 0.0
    z: float = 0.0


WALKS, TURNS, TALKS = "B03_Walk1", "B15_WalkTurnAround180", "D3_ConversationGestures"
PLAYS: Mapping[str, Sequence[Part]] = {
    "nobody": (),
    "passes": (Part(WALKS),),
    "turns back": (Part(TURNS, 180, x=-0.5),),
    "comes and crouches": (Part("B24_WalkToCrouch", -20, x=-0.8),),
    "gets up and leaves": (Part("B25_CrouchToWalk", 30),),
    "two cross": (Part(WALKS, z=0.5), Part(WALKS, 180, z=-0.5)),
    "one passes another": (Part(TALKS, x=-0.3), Part(WALKS, 180, z=-0.9)),
    "two meet and part": (Part(TURNS, 0, x=-0.4, z=0.3), Part(TURNS, 180, x=0.4, z=-0.3)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One frame of a clip."""

    image: np.ndarray  # (H, W, 3) uint8 RGB
    points: np.ndarray  # (P, 16, 2) pixels, MPII-16, of everybody in the play
    seen: np.ndarray  # (P, 16) int: 0 off the picture, 1 hidden, 2 visible


@dataclass(frozen=True)
class _Actor:
    figure: Figure
    pose: Pose  # in every frame of the clip, the last one again and again
    points: np.ndarray  # (T, 16, 3) metres


def play(
    parts: Sequence[Part],
    clips: Sequence[Clip],
    template: Template,
    behind: np.ndarray,
    renderer: Renderer,
    seed: int = 0,
) -> Iterator[Shown]:
    """The frames of a clip. behind: (H, W, 3) uint8 RGB, a picture of any size.

    Raises ValueError where ``clips`` lack a motion.
    """
    rng = np.random.default_rng(seed)
    actors = [_cast(part, clips, template, rng) for part in parts]
    light, room = random_light(rng), cv2.resize(behind, SIZE, interpolation=cv2.INTER_CUBIC)
    length = max((len(actor.points) for actor in actors), default=0)
    for index in range(length + round(EMPTY * RATE)):
        acting = [actor for actor in actors if index < len(actor.points)]
        drawn, depth = np.zeros((*room.shape[:2], 4), np.uint8), None
        if acting:
            mesh = Mesh.merge([actor.figure.posed(actor.pose, index) for actor in acting])
            drawn, depth = renderer.draw(mesh, None, CAMERA, light)
        picture = drawn[..., :3] + room * (1 - drawn[..., 3:] / 255)
        picture += rng.normal(0, NOISE, picture.shape)
        yield Shown(picture.clip(0, 255).astype(np.uint8), *_truth(actors, index, depth))


def _truth(
    actors: Sequence[_Actor], index: int, depth: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    points = np.full((len(actors), len(MPII16), 2), np.nan)
    seen = np.zeros(points.shape[:2], int)
    for person, actor in enumerate(actors):
        if depth is not None and index < len(actor.points):
            points[person] = CAMERA.project(actor.points[index])
            seen[person] = visibility(actor.points[index], CAMERA, depth)
    return points, seen


def _cast(
    part: Part, clips: Sequence[Clip], template: Template, rng: np.random.Generator
) -> _Actor:
    """A random person who does it."""
    clip = next((clip for clip in clips if clip.name == part.motion), None)
    if clip is None:
        raise ValueError(f"No motion {part.motion} in the motion capture: fetch it again.")
    step = round(clip.fps / RATE)
    joints = {name: track[:LONGEST:step] for name, track in clip.joints.items()}
    way = joints["neck"][len(joints["neck"]) // 2] - joints["neck"][0]
    turn = about(np.arctan2(-way[2], way[0]) - np.deg2rad(part.toward), 1)
    body = random_body(rng, template)
    pose = pose_body(body, {name: track @ turn for name, track in joints.items()})
    middle = pose.places[len(pose.places) // 2, 0]
    pose = pose.moved(np.array([part.x - middle[0], 0.0, part.z - middle[2]]))
    return _Actor(dress(body, random_outfit(rng)), pose, keypoints(pose)[0])
