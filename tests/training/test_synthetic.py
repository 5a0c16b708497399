"""Rendered people: the rig follows the capture, the truth fits the picture, files are right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from engine.skeleton import H36M17, MPII16
from tests.conftest import SHARED
from tests.training.people import standing
from training.datasets.mocap import load_clips
from training.synthetic.body import BONE_INDEX, SIDES, Template, shape_body
from training.synthetic.clothes import dress
from training.synthetic.demo import ASSETS, FOCAL, HEIGHT, RATE, WIDTH
from training.synthetic.motion import pose_body
from training.synthetic.people import random_outfit
from training.synthetic.rotations import unit
from training.synthetic.truth import keypoints


@pytest.fixture(scope="module")
def truth() -> dict[str, np.ndarray]:
    return dict(np.load(ASSETS / "demo_truth.npz"))


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


def test_what_is_drawn_is_what_the_truth_says() -> None:
    """In a process of its own: the window's OpenGL and this one, both Mesa's, crash in the same."""
    checks = Path(__file__).with_name("rendering_checks.py")
    command = [sys.executable, "-m", "pytest", "-q", "-rs", str(checks)]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert answer.returncode == 0, answer.stdout
    if " passed" not in answer.stdout:
        pytest.skip(answer.stdout.strip().splitlines()[-2])


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
