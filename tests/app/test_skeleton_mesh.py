"""What is seen of a skeleton becomes balls and rods; what is unseen leaves nothing."""

from __future__ import annotations

import numpy as np
import pytest

from app.views.skeleton_mesh import (
    BONE_RADIUS,
    JOINT_RADIUS,
    VEIL,
    Mesh,
    ellipsoids,
    joined,
    shadow_mesh,
    skeleton_mesh,
)
from app.views.skeleton_style import FAINTEST, FULL_SCORE, strengths
from engine.skeleton import COCO17, H36M17, Skeleton

ARM = Skeleton("arm", ("left_shoulder", "left_elbow"), (("left_shoulder", "left_elbow"),))
ENDS = np.array([[0, 0, 1.0], [0.3, 0, 1.0]])
COLOURS = {"left": np.array([0, 0, 1.0]), "right": np.array([1.0, 0, 0]), "middle": np.ones(3)}
BLACK = np.zeros(3)


def mesh(*strength: float, points: np.ndarray = ENDS) -> Mesh:
    return skeleton_mesh(points, np.array(strength), ARM, COLOURS, BLACK)


def test_strength_grows_from_the_threshold_to_a_full_score() -> None:
    scores = np.array([0.29, 0.3, 0.5, FULL_SCORE, 1.2])
    unseen, faint, half, full, more = strengths(scores, threshold=0.3)
    assert (unseen, faint, full, more) == (0, FAINTEST, 1, 1)
    assert faint < half < full


def test_a_bone_has_the_side_of_its_ends() -> None:
    sides = dict(zip(H36M17.bones, H36M17.bone_sides, strict=True))
    assert sides["pelvis", "right_hip"] == "right"
    assert sides["thorax", "left_shoulder"] == "left"
    assert sides["pelvis", "spine"] == "middle"
    across = dict(zip(COCO17.bones, COCO17.bone_sides, strict=True))
    assert across["left_hip", "right_hip"] == "middle"


def test_corners_lie_on_the_balls_and_on_the_rod() -> None:
    corners = mesh(1, 1).vertices
    to_ends = np.linalg.norm(corners[:, None] - ENDS, axis=2).min(axis=1)
    to_rod = np.linalg.norm(corners[:, 1:] - ENDS[0, 1:], axis=1)
    on_ball = np.isclose(to_ends, JOINT_RADIUS, atol=1e-6)
    on_rod = np.isclose(to_rod, BONE_RADIUS, atol=1e-6)
    assert on_ball.any()
    assert on_rod.any()
    assert (on_ball | on_rod).all()


def test_faces_use_every_corner() -> None:
    found = mesh(1, 1)
    assert set(found.faces.ravel()) == set(range(len(found.vertices)))


def test_a_bone_needs_both_ends() -> None:
    both, one, none = (len(mesh(*s).vertices) for s in ((1, 1), (1, 0), (0, 0)))
    assert none == 0
    assert both > 2 * one > 0


def test_a_bone_of_no_length_is_no_error() -> None:
    assert np.isfinite(mesh(1, 1, points=np.zeros((2, 3))).vertices).all()


def test_faint_parts_fade_into_the_background() -> None:
    blue = mesh(1, 1).colours[:, 2].max()
    assert mesh(0.25, 0.25).colours[:, 2].max() == pytest.approx(blue / 4)


def test_several_meshes_are_one_and_the_same_faces_are_in_it() -> None:
    one, two = mesh(1, 1), mesh(1, 1, points=ENDS + 1)
    both = joined([one, two])
    corners = np.concatenate([part.vertices[part.faces] for part in (one, two)])
    np.testing.assert_array_equal(both.vertices[both.faces], corners)
    assert len(both.colours) == len(both.vertices)


def test_whose_joints_they_are_is_told_by_the_balls_alone() -> None:
    green = skeleton_mesh(
        ENDS, np.ones(2), ARM, COLOURS, BLACK, person=np.array([0, 1.0, 0])
    ).colours
    on_ball = green[:, 1] > 0
    assert on_ball.any()
    assert (green[~on_ball, 2] > 0).all()  # the rod is still the left side's


def test_the_shadow_lies_flat_under_the_body() -> None:
    body = mesh(1, 1)
    shadow = shadow_mesh(body, np.full(3, 0.2))
    assert np.ptp(shadow.vertices[:, 2]) == 0
    np.testing.assert_array_equal(shadow.vertices[:, :2], body.vertices[:, :2])
    assert len(shadow.colours) == len(body.vertices)


def test_a_veil_reaches_along_each_axis_as_far_as_it_is_told() -> None:
    half_axes = np.array([np.diag([0.02, 0.1, 0.03])] * 2)
    veil = ellipsoids(ENDS, half_axes, np.array([1.0, 0.0]), ARM, COLOURS)
    assert np.abs(veil.vertices - ENDS[0]).max(axis=0) == pytest.approx([0.02, 0.1, 0.03], rel=0.06)
    assert (veil.colours[:, 3] == np.float32(VEIL)).all()
    assert veil.faces.max() == len(veil.vertices) - 1  # of the unseen joint there is none
