"""Renders what a webcam sees of several people, to find them in:
``python -m training.synthetic.webcams --count N --out FILE.zip``.

Whole frames, 320 pixels wide, of one to four people at any distance before a photograph of an empty
room, in poses of motion capture or of a desk. The zip is as people.zip: ``annotations.json`` (COCO
style) with everybody's box, from edge to edge of the body as far as the frame goes, and COCO-17
keypoints (eyes and ears are not labelled); who is nearly hidden is told to be ignored. The same
seed gives the same zip. Knows no networks.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engine.skeleton import COCO17, MPII16
from engine.space.camera import focal_length, look_at
from training import SHARED_DATA
from training.cli import answer
from training.datasets.motion.mocap import Clip, load_clips
from training.datasets.scenes import Scene, find_file, read_scenes
from training.synthetic.body import Body, Template, load_template
from training.synthetic.clothes import dress
from training.synthetic.desk import desk_pose
from training.synthetic.layers import Figure
from training.synthetic.motion import Pose, pose_body
from training.synthetic.people import random_body, random_outfit
from training.synthetic.renderer import Renderer
from training.synthetic.rotations import about
from training.synthetic.scene import NEAR, Camera, Mesh
from training.synthetic.shots import captured_joints, random_light
from training.synthetic.stage import PLAYS
from training.synthetic.truth import keypoints, visibility

_SIZES = ((320, 240), (320, 180), (240, 240), (180, 240))  # width, height
_SIZE_SHARES = (0.5, 0.3, 0.1, 0.1)
_HOW_MANY = (0.35, 0.35, 0.2, 0.1)  # shares of one, two, … people
_DISTANCE, _APART = (0.7, 6.5), 0.5  # metres from the camera; between any two
_DESKS = 0.3  # share of the people who sit or stand as at a desk
_SEEN = 4  # keypoints, of 16, that must be visible, not hidden
_CAST = 4  # people who wait to be drawn; each picture a new one comes
_PLAYED = {part.motion for parts in PLAYS.values() for part in parts}  # what finders are tried on


@dataclass(frozen=True)
class Seen:
    """A person in a picture."""

    box: np.ndarray  # (4,) x1, y1, x2, y2 pixels
    points: np.ndarray  # (16, 3) x, y, v of MPII-16; v 0 off the picture, 1 hidden, 2 visible

    @property
    def doubtful(self) -> bool:
        return int((self.points[:, 2] == 2).sum()) < _SEEN


def pictures(
    count: int,
    seed: int,
    template: Template,
    clips: Sequence[Clip],
    rooms: Sequence[Scene],
    renderer: Renderer,
) -> Iterator[tuple[np.ndarray, list[Seen]]]:
    """``count`` pictures (H, W, 3) uint8 RGB, each with who is in it."""
    rng = np.random.default_rng(seed)
    cast = [_figure(rng, template) for _ in range(_CAST)]
    for number in range(count):
        cast[number % _CAST] = _figure(rng, template)
        seen: list[Seen] = []
        while all(person.doubtful for person in seen):
            camera = _camera(rng)
            order = rng.permutation(_CAST)[: 1 + rng.choice(len(_HOW_MANY), p=_HOW_MANY)]
            acting = _placed(
                [(cast[i][1], _pose(rng, cast[i][0], clips)) for i in order], camera, rng
            )
            meshes = [figure.posed(pose, 0) for figure, pose in acting]
            drawn, depth = renderer.draw(Mesh.merge(meshes), None, camera, random_light(rng))
            seen = [
                person
                for mesh, (_, pose) in zip(meshes, acting, strict=True)
                if (person := _seen(mesh, pose, camera, depth))
            ]
        room = rooms[int(rng.integers(len(rooms)))].image
        behind = cv2.resize(room, camera.size, interpolation=cv2.INTER_AREA)
        picture = drawn[..., :3] + behind * (1 - drawn[..., 3:] / 255)
        yield picture.clip(0, 255).astype(np.uint8), seen


def _figure(rng: np.random.Generator, template: Template) -> tuple[Body, Figure]:
    body = random_body(rng, template)
    return body, dress(body, random_outfit(rng))


def _camera(rng: np.random.Generator) -> Camera:
    """Above the origin, turned to -Z."""
    size = _SIZES[rng.choice(len(_SIZES), p=_SIZE_SHARES)]
    eye = np.array([0.0, rng.uniform(0.6, 2.3), 0.0])
    pitch = np.deg2rad(np.clip(rng.normal(8, 12), -20, 40))
    rotation = look_at(eye, eye - [0.0, np.sin(pitch), np.cos(pitch)], rng.normal(0, 3))
    focal = float(focal_length(rng.uniform(45, 85), max(size)))
    return Camera(rotation, eye, focal, ((size[0] - 1) / 2, (size[1] - 1) / 2), size)


def _pose(rng: np.random.Generator, body: Body, clips: Sequence[Clip]) -> Pose:
    """At the origin, turned any way or, at a desk, about to the camera."""
    turn = about(rng.uniform(-np.pi, np.pi), 1)
    if rng.random() < _DESKS:
        joints = desk_pose(rng, seated=bool(rng.random() < 0.6))
        turn = about(rng.normal(0, 0.7), 1)
    else:
        joints = captured_joints(rng, clips)
    head_turn = float(rng.normal(0, 0.4)), float(rng.normal(0, 0.2))
    pose = pose_body(body, {name: places @ turn for name, places in joints.items()}, head_turn)
    return pose.moved(-pose.places[0, 0] * [1, 0, 1])


def _placed(
    acting: Sequence[tuple[Figure, Pose]], camera: Camera, rng: np.random.Generator
) -> list[tuple[Figure, Pose]]:
    """Those for whom a place is found in front of the camera, apart from the others."""
    half = camera.size[0] / 2 / camera.focal
    places: list[np.ndarray] = []
    placed = []
    for figure, pose in acting:
        away = np.exp(rng.uniform(*np.log(_DISTANCE)))
        place = np.array([away * half * rng.uniform(-1, 1), 0.0, -away])
        if all(np.linalg.norm(place - other) > _APART for other in places):
            places.append(place)
            placed.append((figure, pose.moved(place)))
    return placed


def _seen(mesh: Mesh, pose: Pose, camera: Camera, depth: np.ndarray) -> Seen | None:
    """None where nothing of the person is in the picture."""
    ahead = camera.to_camera(mesh.positions)[:, 2] > NEAR
    pixels, size = camera.project(mesh.positions[ahead]), np.array(camera.size)
    inside = pixels[((pixels >= 0) & (pixels < size)).all(axis=1)]
    if not len(inside):
        return None
    joints = keypoints(pose)[0][0]
    v = visibility(joints, camera, depth)[:, None]
    corners = np.concatenate([inside.min(axis=0), inside.max(axis=0)])
    return Seen(corners, np.hstack([camera.project(joints), v]) * (v > 0))


def write_zip(out: Path, count: int, seed: int = 0, data: Path = SHARED_DATA) -> None:
    """Render ``count`` pictures into ``out``.

    data: holds human_mesh/, mocap/ and rooms.zip, of which only what is learned from is used.
    Raises OSError when data are missing or ``out`` cannot be written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    template = load_template(data / "human_mesh")
    clips = [clip for clip in load_clips(data / "mocap") if clip.name not in _PLAYED]
    rooms = read_scenes(find_file([data], "rooms.zip"), "rooms", learning=True).training
    images, annotations = [], []
    with Renderer() as renderer, zipfile.ZipFile(out, "w") as archive:
        drawn = pictures(count, seed, template, clips, rooms, renderer)
        for number, (picture, people) in enumerate(drawn):
            name, (height, width) = f"{number:06d}.jpg", picture.shape[:2]
            images.append({"id": number, "file_name": name, "width": width, "height": height})
            annotations += [_annotation(number, person) for person in people]
            jpeg = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])[1]
            archive.writestr(zipfile.ZipInfo(name), jpeg.tobytes())
        listing = json.dumps({"images": images, "annotations": annotations})
        archive.writestr(zipfile.ZipInfo("annotations.json"), listing)


def _annotation(number: int, person: Seen) -> dict[str, Any]:
    points = np.zeros((len(COCO17), 3))
    for name in set(COCO17.keypoints) & set(MPII16.keypoints):
        points[COCO17.index(name)] = person.points[MPII16.index(name)]
    low, high = person.box[:2], person.box[2:]
    return {
        "image_id": number,
        "bbox": [*low.round(1).tolist(), *(high - low).round(1).tolist()],
        "keypoints": points.round(1).ravel().tolist(),
        "ignore": person.doubtful,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Render people before webcams, to find them in.")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    given = parser.parse_args()
    return answer(lambda: write_zip(given.out, given.count, given.seed, given.data))


if __name__ == "__main__":
    sys.exit(main())
