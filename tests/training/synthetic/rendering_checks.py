"""The renderer draws what the truth says. Run by test_synthetic.py, in a process of its own."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.skeleton import MPII16
from tests.conftest import SHARED
from tests.training.blocks import scene_of
from tests.training.people import LIGHT, camera_at, standing
from training.datasets.motion.mocap import Clip, load_clips
from training.synthetic import pictures, webcams
from training.synthetic.body import SIDES, Template, shape_body
from training.synthetic.build import Build, built
from training.synthetic.clothes import dress
from training.synthetic.people import random_outfit
from training.synthetic.renderer import Renderer
from training.synthetic.room import box
from training.synthetic.scene import Camera, Material
from training.synthetic.shots import FRAMINGS
from training.synthetic.stage import PLAYS, play
from training.synthetic.truth import keypoints, visibility


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    try:
        opened = Renderer()
    except OSError as error:
        pytest.skip(str(error))
    with opened:
        yield opened


def test_a_point_is_drawn_where_the_camera_projects_it(renderer: Renderer) -> None:
    cube = box((0.26, 1.17, 0.05), (0.36, 1.27, 0.15), Material((1, 1, 1)))
    camera = Camera(np.diag([1.0, -1, -1]), np.array([0, 1, 4.1]), 300, (60.0, 80.0), (121, 161))
    _, depth = renderer.draw(cube, None, camera, LIGHT, oversampling=1)
    rows, columns = np.nonzero(depth < 3.96)  # the near face
    face = camera.project(np.array([[0.31, 1.22, 0.15]]))[0]
    assert (columns.min() + columns.max()) / 2 == pytest.approx(face[0], abs=0.5)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(face[1], abs=0.5)
    assert depth[rows, columns].min() == pytest.approx(3.95, abs=0.001)


def test_visible_keypoints_lie_on_the_drawn_body(template: Template, renderer: Renderer) -> None:
    body = shape_body(template, male=1)
    pose, points = standing(body), keypoints(standing(body))[0][0]
    mesh = dress(body, random_outfit(np.random.default_rng(1))).posed(pose, 0)
    wrists = [MPII16.index("left_wrist"), MPII16.index("right_wrist")]
    for camera, seen in ((camera_at(0, 1.2, 2.5), 2), (camera_at(0, 1.2, -2.5), 1)):
        drawn, depth = renderer.draw(mesh, None, camera, LIGHT)
        flags = visibility(points, camera, depth)
        assert flags[wrists].tolist() == [seen, seen]  # hands before the belly hide from behind
        u, v = np.round(camera.project(points[flags == 2])).astype(int).T
        assert (drawn[v, u, 3] == 255).all()
    above = camera_at(0, 1.2, 2.5).window(0, 0, 1, (160, 100))  # the upper part of the picture
    _, depth = renderer.draw(mesh, None, above, LIGHT)
    assert visibility(points, above, depth)[MPII16.index("left_ankle")] == 0


def test_the_joints_of_every_build_lie_in_the_drawn_body(
    template: Template, renderer: Renderer
) -> None:
    joints = [MPII16.index(f"{side}_{name}") for side in SIDES for name in ("knee", "elbow")]
    outfit = random_outfit(np.random.default_rng(1))
    camera = camera_at(0, 1.2, 2.5)
    for build in (Build(size=0.7, head=1.3, legs=0.9), Build(shoulders=1.15, arms=1.1, belly=1.2)):
        body = built(shape_body(template), build)
        pose = standing(body)
        drawn, _ = renderer.draw(dress(body, outfit).posed(pose, 0), None, camera, LIGHT)
        u, v = np.round(camera.project(keypoints(pose)[0][0][joints])).astype(int).T
        assert (drawn[v, u, 3] == 255).all()


@pytest.fixture(scope="module")
def clips(template: Template) -> Iterator[list[Clip]]:
    """The motion capture, read once."""
    read = load_clips(SHARED / "mocap")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "load_clips", lambda _: read)
        yield read


@pytest.mark.usefixtures("clips", "renderer")
def test_the_zip_is_in_the_format_of_the_photographed_sets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_EMPTY_SHARE", 0.0)
    first, again = tmp_path / "first.zip", tmp_path / "again.zip"
    for out in (first, again):
        pictures.write_zip(out, count=2, seed=2, data=SHARED)
    assert first.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(first) as archive:
        listing = json.loads(archive.read("annotations.json"))
        assert tuple(listing["categories"][0]["keypoints"]) == MPII16.keypoints
        for image, annotation in zip(listing["images"], listing["annotations"], strict=True):
            encoded = np.frombuffer(archive.read(image["file_name"]), np.uint8)
            size = (image["width"], image["height"])
            assert np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR)).shape[1::-1] == size
            assert annotation["image_id"] == image["id"]
            x, y, v = np.reshape(annotation["keypoints"], (16, 3)).T
            assert set(v) <= {0, 1, 2}
            assert annotation["num_keypoints"] == (v > 0).sum() >= 5
            assert image["source"]["framing"] in {framing.name for framing in FRAMINGS}
            assert 256 <= max(size) <= 288
            left, top, width, height = annotation["bbox"]
            assert x[v > 0] == pytest.approx(x[v > 0].clip(left, left + width), abs=0.11)
            assert y[v > 0] == pytest.approx(y[v > 0].clip(top, top + height), abs=0.11)
            assert not x[v == 0].any()


@pytest.mark.usefixtures("clips", "renderer")
def test_some_pictures_show_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_EMPTY_SHARE", 1.0)
    pictures.write_zip(tmp_path / "empty.zip", count=2, data=SHARED)
    with zipfile.ZipFile(tmp_path / "empty.zip") as archive:
        listing = json.loads(archive.read("annotations.json"))
    assert [image["source"]["framing"] for image in listing["images"]] == ["", ""]
    assert [annotation["num_keypoints"] for annotation in listing["annotations"]] == [0, 0]
    assert not any(sum(annotation["keypoints"]) for annotation in listing["annotations"])


def test_a_staged_person_is_where_the_truth_says(
    template: Template, renderer: Renderer, clips: list[Clip]
) -> None:
    """Before a white wall, who gets up is not white."""
    wall = np.full((100, 100, 3), 255, np.uint8)
    first = next(play(PLAYS["gets up and leaves"], clips, template, wall, renderer))
    (points,), (seen,) = first.points, first.seen
    assert (seen == 2).sum() >= 8
    u, v = points[seen == 2].round().astype(int).T
    assert (first.image[v, u].min(axis=1) < 220).all()


def test_who_is_not_on_stage_is_off_the_picture(renderer: Renderer) -> None:
    wall = np.full((100, 100, 3), 255, np.uint8)
    frames = list(play((), [], None, wall, renderer))  # type: ignore[arg-type]
    assert all(frame.points.shape == (0, 16, 2) for frame in frames)
    assert frames[0].image.mean() == pytest.approx(254, abs=1.5)


def test_before_webcams_whoever_counts_is_seen_and_inside_the_box(
    template: Template, renderer: Renderer, clips: list[Clip]
) -> None:
    room = scene_of()
    for picture, seen in webcams.pictures(3, 0, template, clips, [room], renderer):
        assert not all(person.doubtful for person in seen)
        for person in seen:
            x, y, v = person.points.T
            x1, y1, x2, y2 = person.box
            assert 0 <= x1 < x2 < picture.shape[1]
            assert 0 <= y1 < y2 < picture.shape[0]
            assert ((x >= x1 - 2) & (x <= x2 + 2) & (y >= y1 - 2) & (y <= y2 + 2))[v == 2].all()
            grey = np.ptp(picture[y[v == 2].astype(int), x[v == 2].astype(int)].astype(int), axis=1)
            assert person.doubtful or grey.max() > 0  # the room is of one grey
