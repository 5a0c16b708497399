"""Renders labelled pictures: ``python -m training.synthetic.pictures --count N --out FILE.zip``.

The zip has the format of the photographed sets: JPEG crops of about 1.5 x the person, the longest
side 256 to 288 pixels (``--whole``: uncut), and ``annotations.json`` (COCO style) with MPII-16
keypoints; v is 0 off the picture, 1 hidden by the body or the furniture, 2 visible; the source of
an image names its framing. About one picture in sixteen shows nobody. The same seed gives the same
zip.

The body is MakeHuman's base mesh (CC0 1.0). The motion is from mocap.cs.cmu.edu (created with
funding from NSF EIA-0196217) and from HDM05 (Müller et al. 2007, CC BY-SA 3.0).
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

from engine.skeleton import MPII16
from engine.space.camera import look_at
from training import SHARED_DATA
from training.cli import answer
from training.datasets.motion.mocap import Clip, load_clips
from training.synthetic.backdrop import backdrop, degrade
from training.synthetic.body import Body, Template, load_template
from training.synthetic.clothes import dress
from training.synthetic.layers import Figure
from training.synthetic.people import random_body, random_outfit
from training.synthetic.renderer import Renderer
from training.synthetic.room import random_room
from training.synthetic.scene import Camera
from training.synthetic.shots import random_light, random_shot
from training.synthetic.truth import visibility

_EMPTY_SHARE = 0.06
_ROOM_SHARE = 0.5  # of the pictures; the others have a flat backdrop
_PICTURES_A_PERSON = 6


@dataclass(frozen=True)
class Rendering:
    jpeg: bytes
    size: tuple[int, int]  # width, height
    keypoints: np.ndarray  # (16, 3) x, y, v; all 0 where nobody is
    framing: str  # of a `Framing`; empty where nobody is


@dataclass(frozen=True)
class Studio:
    """What every picture is made with."""

    renderer: Renderer
    template: Template
    clips: Sequence[Clip]
    photos: Sequence[Path]  # to put behind people
    whole: bool = False  # pictures as the camera takes them, not cut to the person

    def pictures(self, count: int, seed: int) -> Iterator[Rendering]:
        rng = np.random.default_rng(seed)
        for number in range(count):
            if number % _PICTURES_A_PERSON == 0:
                body = random_body(rng, self.template)
                figure = dress(body, random_outfit(rng))
            if rng.random() < _EMPTY_SHARE:
                yield self._develop(rng, self._empty(rng), np.zeros((len(MPII16), 3)), "")
            else:
                yield self._develop(rng, *self._person(rng, body, figure))

    def _person(
        self, rng: np.random.Generator, body: Body, figure: Figure
    ) -> tuple[np.ndarray, np.ndarray, str]:
        shot = random_shot(rng, body, self.clips, self.whole)
        eye, room = shot.camera.position, None
        if eye[1] > 0.2 and rng.random() < _ROOM_SHARE:
            room = random_room(rng, eye, shot.seated)
        mesh = figure.posed(shot.pose, 0)
        drawn, depth = self.renderer.draw(mesh, room, shot.camera, random_light(rng))
        seen = visibility(shot.points, shot.camera, depth)[:, None]
        keypoints = np.hstack([shot.camera.project(shot.points), seen]) * (seen > 0)
        return drawn, keypoints, shot.framing

    def _empty(self, rng: np.random.Generator) -> np.ndarray:
        width, height = rng.integers(256, 289, 2).tolist()
        if rng.random() > _ROOM_SHARE:
            return np.zeros((height, width, 4), np.uint8)
        place = rng.uniform([-1, 0.8, 1], [1, 1.8, 4])
        turn = look_at(place, rng.uniform([-1, 0.5, 0], [1, 1.5, 0]))
        centre = (width / 2, height / 2)
        camera = Camera(turn, place, rng.uniform(200, 400), centre, (width, height))
        room = random_room(rng, place, bool(rng.random() < 0.5))
        return self.renderer.draw(room, None, camera, random_light(rng))[0]

    def _develop(
        self, rng: np.random.Generator, drawn: np.ndarray, keypoints: np.ndarray, framing: str
    ) -> Rendering:
        height, width = drawn.shape[:2]
        behind = backdrop(rng, (width, height), self.photos)
        picture = degrade(rng, drawn[:, :, :3] + behind * (1 - drawn[:, :, 3:] / 255))
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 95))]
        jpeg = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), quality)[1]
        return Rendering(jpeg.tobytes(), (width, height), keypoints, framing)


def write_zip(
    out: Path,
    count: int,
    seed: int = 0,
    data: Path = SHARED_DATA,
    photos: Path | None = None,
    whole: bool = False,
) -> None:
    """Render ``count`` pictures into ``out``.

    data: holds human_mesh/ and mocap/; photos: a folder of pictures to put behind people; whole: as
    the camera takes them, not cut to the person.
    Raises OSError when data are missing, a photo is unreadable or ``out`` cannot be written.
    """
    behind = sorted(photos.iterdir()) if photos else []
    out.parent.mkdir(parents=True, exist_ok=True)
    template, clips = load_template(data / "human_mesh"), load_clips(data / "mocap")
    images, annotations = [], []
    with Renderer() as renderer, zipfile.ZipFile(out, "w") as archive:
        studio = Studio(renderer, template, clips, behind, whole)
        for number, picture in enumerate(studio.pictures(count, seed)):
            images.append(_image(number, picture, seed))
            annotations.append(_annotation(number, picture))
            archive.writestr(zipfile.ZipInfo(images[-1]["file_name"]), picture.jpeg)
        listing = {"images": images, "annotations": annotations, "categories": [_category()]}
        archive.writestr(zipfile.ZipInfo("annotations.json"), json.dumps(listing))


def _image(number: int, picture: Rendering, seed: int) -> dict[str, Any]:
    width, height = picture.size
    source = {"renderer": "training.synthetic", "seed": seed, "framing": picture.framing}
    name = f"{number:06d}.jpg"
    return {"id": number, "file_name": name, "width": width, "height": height, "source": source}


def _annotation(number: int, picture: Rendering) -> dict[str, Any]:
    labelled = picture.keypoints[picture.keypoints[:, 2] > 0, :2]
    corners = labelled if len(labelled) else np.array([(0, 0), picture.size])
    low, high = corners.min(axis=0), corners.max(axis=0)
    return {
        "image_id": number,
        "keypoints": picture.keypoints.round(1).ravel().tolist(),
        "num_keypoints": len(labelled),
        "bbox": [*low.round(1).tolist(), *(high - low).round(1).tolist()],
    }


def _category() -> dict[str, Any]:
    bones = (MPII16.bone_indices + 1).tolist()
    return {"name": "person", "keypoints": list(MPII16.keypoints), "skeleton": bones}


def main() -> int:
    parser = argparse.ArgumentParser(description="Render labelled training pictures.")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=SHARED_DATA, help="human_mesh/ and mocap/")
    parser.add_argument("--photos", type=Path, help="a folder of pictures to put behind people")
    parser.add_argument("--whole", action="store_true", help="as the camera takes them, not cut")
    given = parser.parse_args()
    places = given.data, given.photos
    return answer(lambda: write_zip(given.out, given.count, given.seed, *places, given.whole))


if __name__ == "__main__":
    sys.exit(main())
