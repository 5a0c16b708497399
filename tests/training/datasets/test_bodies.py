"""Captured motion on bodies that nobody captured: how wide they vary, and what stays."""

from __future__ import annotations

import numpy as np
import pytest

from engine.skeleton import H36M17
from tests.training.moves import standing_clip
from training.datasets.motion import bodies
from training.datasets.motion.mocap import h36m17

STANDING = h36m17(standing_clip())  # (1, 17, 3)


def joint(poses: np.ndarray, name: str) -> np.ndarray:
    return np.asarray(poses[..., H36M17.index(name), :])


def width(poses: np.ndarray, kind: str) -> np.ndarray:
    across = joint(poses, f"left_{kind}") - joint(poses, f"right_{kind}")
    return np.asarray(np.linalg.norm(across, axis=-1))


@pytest.fixture
def people() -> np.ndarray:
    """The same pose twice, for 400 people: (400, 2, 17, 3)."""
    return STANDING[None].repeat(400, axis=0).repeat(2, axis=1)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_bodies_are_as_different_as_rigs_and_people(
    people: np.ndarray, rng: np.random.Generator
) -> None:
    varied, tall = bodies.vary(people, rng)
    hips, shoulders = width(varied[:, 0], "hip"), width(varied[:, 0], "shoulder")
    assert np.percentile(hips, 2) < 0.15
    assert np.percentile(hips, 98) > 0.25
    assert np.ptp(shoulders) > 0.15
    assert 1.4 < tall.min() < 1.65
    assert 1.8 < tall.max() < 2.2


def test_a_body_stays_itself_over_time(people: np.ndarray, rng: np.random.Generator) -> None:
    varied, _ = bodies.vary(people, rng)
    assert varied[:, 0] == pytest.approx(varied[:, 1], abs=1e-6)


def test_a_part_of_them_is_as_captured(people: np.ndarray, rng: np.random.Generator) -> None:
    varied, tall = bodies.vary(people, rng)
    same = np.isclose(varied, people, atol=1e-5).all(axis=(1, 2, 3))
    mirrored = varied[:, :, H36M17.flip] * [-1, 1, 1]
    same |= np.isclose(mirrored, people, atol=1e-5).all(axis=(1, 2, 3))
    assert 0.15 < same.mean() < 0.35
    assert tall[same] == pytest.approx(bodies.height_of(STANDING)[0], abs=1e-4)


def test_the_pelvis_is_between_the_hips_on_every_body(
    people: np.ndarray, rng: np.random.Generator
) -> None:
    varied, _ = bodies.vary(people, rng)
    middle = (joint(varied, "left_hip") + joint(varied, "right_hip")) / 2
    assert joint(varied, "pelvis") == pytest.approx(middle, abs=1e-5)


def test_where_no_head_was_captured_the_rest_is_there(
    people: np.ndarray, rng: np.random.Generator
) -> None:
    head = [H36M17.index(name) for name in ("nose", "head_top")]
    people[:, :, head] = np.nan
    varied, tall = bodies.vary(people, rng)
    assert np.isnan(varied).any(axis=(0, 1, 3)).nonzero()[0].tolist() == head
    assert np.isfinite(tall).all()


def test_the_height_of_somebody_is_known_from_the_bones() -> None:
    assert bodies.height_of(STANDING)[0] == pytest.approx(1.75, abs=0.06)


def test_who_is_seated_bends_hips_and_knees_and_keeps_the_bones(
    people: np.ndarray, rng: np.random.Generator
) -> None:
    seated = bodies.seat(people, rng)
    sits = (seated != people).any(axis=(1, 2, 3))
    assert 0.05 < sits.mean() < 0.25
    for side in ("left", "right"):
        hip, knee, ankle = (joint(seated[sits], f"{side}_{k}") for k in ("hip", "knee", "ankle"))
        assert np.abs((hip - knee)[..., 1]).max() < 0.35  # thighs are about level
        assert ((knee - ankle)[..., 1] > 0).mean() > 0.95
        assert np.median((knee - hip)[..., 2]) > 0.3  # forward
    assert bodies.bone_lengths(seated)["knee"] == pytest.approx(bodies.bone_lengths(people)["knee"])
