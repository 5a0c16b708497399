"""Rendered people: the rig follows the capture, the truth fits the picture, files are right."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from engine.camera import look_at
from engine.skeleton import H36M17, MPII16
from tests.conftest import SHARED
from training.datasets.mocap import load_clips
from training.synthetic import pictures
from training.synthetic.body import BONE_INDEX, SIDES, Body, Template, load_template, shape_body
from training.synthetic.clothes import dress
from training.synthetic.demo import ASSETS, FOCAL, HEIGHT, RATE, WIDTH
from training.synthetic.motion import Pose, pose_body
from training.synthetic.people import random_outfit
from training.synthetic.renderer import Renderer
from training.synthetic.room import box
from training.synthetic.rotations import unit
from training.synthetic.scene import Camera, Light, Material
from training.synthetic.truth import keypoints, visibility

LIGHT = Light(np.array([0.3, 0.8, 0.6]), (0.7, 0.7, 0.7), (0.4, 0.4, 0.4), (0.2, 0.2, 0.2))
# Someone who stands, facing +Z, and holds the hands before the belly; the left half, metres.
LEFT_HALF = {
    "hip": (0.1, 0.9, 0.0), "knee": (0.11, 0.48, 0.01), "ankle": (0.12, 0.08, 0.0),
    "toe": (0.14, 0.04, 0.14), "shoulder": (0.18, 1.4, 0.0), "elbow": (0.24, 1.14, 0.05),
    "wrist": (0.04, 1.05, 0.26), "hand": (-0.06, 1.05, 0.32),
}  # fmt: skip


@pytest.fixture(scope="module")
def template() -> Template:
    if not SHARED.is_dir():
        pytest.skip("needs the human mesh of the shared data beside the project")
    return load_template(SHARED / "human_mesh")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    try:
        opened = Renderer()
    except OSError as error:
        pytest.skip(str(error))
    with opened:
        yield opened


@pytest.fixture(scope="module")
def truth() -> dict[str, np.ndarray]:
    return dict(np.load(ASSETS / "demo_truth.npz"))


def standing(body: Body) -> Pose:
    joints = {"l_" + name: np.array([place]) for name, place in LEFT_HALF.items()}
    joints |= {"r" + name[1:]: place * [-1, 1, 1] for name, place in joints.items()}
    joints |= {"neck": np.array([[0, 1.45, 0]]), "head": np.array([[0, 1.55, 0.03]])}
    return pose_body(body, joints)


def camera_at(x: float, y: float, z: float) -> Camera:
    eye = np.array([x, y, z])
    return Camera(look_at(eye, np.array([0, 0.9, 0])), eye, 160.0, (79.5, 119.5), (160, 240))


def test_bodies_differ_as_asked(template: Template) -> None:
    woman, man = shape_body(template, male=0), shape_body(template, male=1)
    tall = shape_body(template, male=1, height=0.2)
    heavy = shape_body(template, male=1, muscle=-1, weight=1)
    skin = template.faces["body"]
    height = [body.vertices[skin][..., 1].max() for body in (woman, man, tall)]
    assert height == sorted(height)
    assert height[0] == pytest.approx(1.59, abs=0.01)  # metres, as the data's README says
    assert height[1] == pytest.approx(1.73, abs=0.01)
    x, y, _ = man.vertices.T
    belly = np.intersect1d(skin, np.flatnonzero((np.abs(x) < 0.1) & (np.abs(y - 1.0) < 0.03)))
    assert heavy.vertices[belly, 2].max() > man.vertices[belly, 2].max() + 0.02


@pytest.mark.parametrize("source", ["cmu_amc_01_03", "hdm05", "cmu_walk", "cmu_bvh_dance_martial"])
def test_bones_point_as_captured(template: Template, source: str) -> None:
    clip = next(clip for clip in load_clips(SHARED / "mocap") if clip.source == source)
    joints = {name: track[::20].astype(float) for name, track in clip.joints.items()}
    pose = pose_body(shape_body(template), joints)
    for side, suffix in SIDES.items():
        for start, end, head, tail in (
            ("shoulder", "elbow", "upperarm01", "lowerarm01"),
            ("elbow", "wrist", "lowerarm01", "wrist"),
            ("hip", "knee", "upperleg01", "lowerleg01"),
            ("knee", "ankle", "lowerleg01", "foot"),
        ):
            captured = joints[f"{side[0]}_{end}"] - joints[f"{side[0]}_{start}"]
            upper, lower = (pose.places[:, BONE_INDEX[bone + suffix]] for bone in (head, tail))
            assert (unit(lower - upper) * unit(captured)).sum(axis=1).min() > 0.999
    across = unit(joints["l_hip"] - joints["r_hip"])
    assert (pose.turns[:, 0, :, 0] * across).sum(axis=1).min() > 0.95  # left is left


def test_a_pose_keeps_the_bodys_bones_and_stands_on_the_floor(template: Template) -> None:
    body = shape_body(template, male=0.8)
    pose = standing(body)
    points = dict(zip(H36M17.keypoints, keypoints(pose)[1][0], strict=True))
    rest = body.joints["lowerleg01.L"] - body.joints["upperleg01.L"]
    thigh = np.linalg.norm(points["left_knee"] - points["left_hip"])
    assert thigh == pytest.approx(np.linalg.norm(rest), rel=1e-6)
    posed = dress(body, random_outfit(np.random.default_rng(0))).posed(pose, 0)
    assert posed.positions[:, 1].min() == pytest.approx(0, abs=0.02)
    assert points["nose"][2] > points["head_top"][2] + 0.05  # the face is ahead
    assert points["left_hip"][0] > 0 > points["right_hip"][0]


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


def test_the_zip_is_in_the_format_of_the_photographed_sets(
    template: Template, renderer: Renderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_EMPTY_SHARE", 0.0)
    first, again = tmp_path / "first.zip", tmp_path / "again.zip"
    for out in (first, again):
        pictures.write_zip(out, count=4, seed=2, data=SHARED)
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
            assert annotation["num_keypoints"] == (v > 0).sum() >= 6
            assert 256 <= max(size) <= 288
            left, top, width, height = annotation["bbox"]
            assert x[v > 0] == pytest.approx(x[v > 0].clip(left, left + width), abs=0.11)
            assert y[v > 0] == pytest.approx(y[v > 0].clip(top, top + height), abs=0.11)
            assert not x[v == 0].any()


def test_some_pictures_show_nobody(
    template: Template, renderer: Renderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_EMPTY_SHARE", 1.0)
    pictures.write_zip(tmp_path / "empty.zip", count=2, data=SHARED)
    with zipfile.ZipFile(tmp_path / "empty.zip") as archive:
        listing = json.loads(archive.read("annotations.json"))
    assert [annotation["num_keypoints"] for annotation in listing["annotations"]] == [0, 0]
    assert not any(sum(annotation["keypoints"]) for annotation in listing["annotations"])


def test_the_demo_clip_is_small_and_plays(truth: dict[str, np.ndarray]) -> None:
    path = ASSETS / "demo.mp4"
    assert path.stat().st_size <= 4 * 2**20
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (WIDTH, HEIGHT) == (640, 480)
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert stream.average_rate == RATE == 30
        assert sum(1 for _ in container.decode(stream)) == len(truth["timestamps"]) == 300


def test_the_demo_truth_names_its_joints(truth: dict[str, np.ndarray]) -> None:
    assert tuple(truth["keypoint_names"]) == MPII16.keypoints
    assert tuple(truth["joint_names"]) == H36M17.keypoints
    assert truth["keypoints2d"].shape == (*truth["visible"].shape, 2) == (300, 16, 2)
    assert np.diff(truth["timestamps"]) == pytest.approx(1 / RATE)
    inside = (truth["keypoints2d"] > 0) & (truth["keypoints2d"] < [WIDTH, HEIGHT])
    assert inside.all()
    assert truth["visible"].mean() > 0.9


def test_the_demo_persons_limbs_are_rigid(truth: dict[str, np.ndarray]) -> None:
    joints = truth["joints3d"]
    assert not joints[:, H36M17.index("pelvis")].any()
    for side in SIDES:
        for start, end, length in (
            ("hip", "knee", 420),
            ("knee", "ankle", 440),
            ("shoulder", "elbow", 260),
            ("elbow", "wrist", 260),
        ):
            bone = joints[:, H36M17.index(f"{side}_{end}")]
            bone = np.linalg.norm(bone - joints[:, H36M17.index(f"{side}_{start}")], axis=1)
            assert bone == pytest.approx(bone.mean(), rel=0.01)
            assert bone.mean() == pytest.approx(length, rel=0.2)  # mm
    below = joints[:, H36M17.index("left_ankle"), 1] - joints[:, H36M17.index("head_top"), 1]
    assert (below > 1300).all()  # y points down


def test_the_demos_2d_truth_is_its_3d_truth_projected(truth: dict[str, np.ndarray]) -> None:
    """One shift of the pelvis per frame, found by least squares, explains every keypoint."""
    names = [name for name in MPII16.keypoints if name in H36M17.keypoints]
    joints = truth["joints3d"][:, [H36M17.index(name) for name in names]] / 1000
    rays = truth["keypoints2d"][:, [MPII16.index(name) for name in names]]
    rays = (rays - [(WIDTH - 1) / 2, (HEIGHT - 1) / 2]) / FOCAL
    for solid, ray in zip(joints, rays, strict=True):
        # x + a = u (z + c) and y + b = v (z + c), for the shift (a, b, c)
        one, zero = np.ones(len(ray)), np.zeros(len(ray))
        left = np.concatenate(
            [np.stack([one, zero, -ray[:, 0]], axis=1), np.stack([zero, one, -ray[:, 1]], axis=1)]
        )
        right = (ray * solid[:, 2:] - solid[:, :2]).T.ravel()
        shift = np.linalg.lstsq(left, right)[0]
        moved = solid + shift
        assert FOCAL * (moved[:, :2] / moved[:, 2:]) == pytest.approx(FOCAL * ray, abs=0.1)
        assert 2 < shift[2] < 4  # metres before the camera
