"""Rendered people: the rig follows the capture, the truth fits the picture, files are right."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from engine.skeleton import H36M17, MPII16
from tests.conftest import SHARED
from tests.training.people import standing
from training.datasets.motion.mocap import Clip, load_clips
from training.synthetic import pictures
from training.synthetic.body import BONE_INDEX, SIDES, Body, Template, shape_body
from training.synthetic.build import Build, built
from training.synthetic.clothes import Outfit, dress
from training.synthetic.demo import ASSETS, FOCAL, HEIGHT, RATE, WIDTH
from training.synthetic.motion import pose_body
from training.synthetic.people import random_outfit
from training.synthetic.rotations import unit
from training.synthetic.scene import Material
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


def length(body: Body, start: str, end: str) -> float:
    return float(np.linalg.norm(body.joints[start + ".L"] - body.joints[end + ".L"]))


def test_a_build_of_ones_changes_nothing(template: Template) -> None:
    plain = shape_body(template, male=1)
    same, skin = built(plain, Build()), np.unique(template.faces["body"])
    assert same.vertices[skin] == pytest.approx(plain.vertices[skin], abs=1e-5)
    for bone, place in plain.joints.items():
        assert same.joints[bone] == pytest.approx(place, abs=1e-5)


def test_builds_differ_as_asked(template: Template) -> None:
    plain = shape_body(template, male=1)
    lanky = built(plain, Build(shoulders=1.2, arms=1.1, legs=0.9))
    for start, end, factor in (
        ("upperarm01", "lowerarm01", 1.1),
        ("lowerarm01", "wrist", 1.1),
        ("upperleg01", "lowerleg01", 0.9),
        ("clavicle", "upperarm01", 1.2),
    ):
        assert length(lanky, start, end) == pytest.approx(factor * length(plain, start, end))
    stout = built(plain, Build(belly=1.3, arm_girth=1.2))
    middle = np.argsort(np.abs(plain.vertices - plain.joints["spine03"]).sum(axis=1))[:300]
    assert np.ptp(stout.vertices[middle, 2]) > 1.1 * np.ptp(plain.vertices[middle, 2])
    assert length(stout, "lowerarm01", "wrist") == pytest.approx(
        length(plain, "lowerarm01", "wrist")
    )
    child = built(plain, Build(size=0.7, head=1.25))
    crown = [body.vertices[template.crown, 1] for body in (child, plain)]
    assert 0.7 < crown[0] / crown[1] < 0.75
    assert child.vertices[template.soles, 1].min() == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    "more",
    [
        {"beard": True},
        {"glasses": True},
        {"headphones": True},
        {"hat": Material((0.2, 0.1, 0.1))},
        {"jacket": Material((0.1, 0.1, 0.2))},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_people_have_on_is_drawn_beside_the_rest(
    template: Template, more: dict[str, Any]
) -> None:
    body = shape_body(template)
    cloth, skin = Material((0.3, 0.3, 0.3)), (0.5, 0.4, 0.3)
    plain = Outfit(skin, skin, shirt=cloth, trousers=cloth, shoes=cloth, soles=cloth)
    before, after = (dress(body, outfit).mesh for outfit in (plain, replace(plain, **more)))
    added = len(after.positions) - len(before.positions)
    assert added > 20
    drawn = after.looks[:, -1] > 0
    assert drawn.sum() > (before.looks[:, -1] > 0).sum()


@pytest.fixture(scope="module")
def clips(template: Template) -> list[Clip]:
    """The motion capture, read once."""
    return load_clips(SHARED / "mocap")


@pytest.mark.parametrize("source", ["cmu_amc_01_03", "hdm05", "cmu_walk", "cmu_bvh_dance_martial"])
def test_bones_point_as_captured(template: Template, clips: list[Clip], source: str) -> None:
    clip = next(clip for clip in clips if clip.source == source)
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
    answer = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3])
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


def test_a_missing_mesh_is_one_line_and_a_missing_folder_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "runs" / "x.zip"
    words = ["pictures", "--count", "1", "--out", str(out), "--data", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", words)
    assert pictures.main() == 2
    said = capsys.readouterr().err
    assert str(tmp_path / "human_mesh") in said
    assert said.count("\n") == 1
    assert out.parent.is_dir()
    assert not out.exists()
