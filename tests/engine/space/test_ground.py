"""Feet that stand stay where they are; a jump leaves the floor and comes back to it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.skeleton import H36M17
from engine.space.ground import Feet, Floor, reach
from tests.engine.walker import ANKLE, RATE, STRIDES, planted, standing, walking

ANKLES = [H36M17.index("right_ankle"), H36M17.index("left_ankle")]


HIP = 0.9  # m, of who stands


def test_the_floor_follows_the_lowest_joint() -> None:
    floor = Floor()
    assert floor(-1.2, -0.3, 0.0) == -1.2
    found = [floor(-1.3, -0.4, t / 10) for t in range(1, 20)]
    assert found[-1] == pytest.approx(-1.3, abs=0.001)


def test_a_jump_leaves_the_floor_where_it_is() -> None:
    floor = Floor()
    times = np.arange(0, 0.5, 1 / 30)
    heights = 2.5 * times - 4.9 * times**2
    assert floor(-1.2, HIP - 1.2, 9.9) == floor(-1.2, HIP - 1.2, 10.0) == -1.2
    lowest = (heights - 1.2).tolist()
    found = [floor(h, HIP + h, 10 + t) for t, h in zip(times.tolist(), lowest, strict=True)]
    assert found == pytest.approx([-1.2] * len(times), abs=0.02)


def test_whose_feet_alone_rise_has_not_jumped() -> None:
    """As of somebody who sits down, or is thought to be farther away."""
    floor = Floor()
    rising = [floor(-1.2 + min(1.5 * t, 0.3), -0.4, t) for t in np.arange(0, 1, 1 / 15).tolist()]
    assert rising[-1] == pytest.approx(-0.9, abs=0.01)


def test_what_hangs_longer_than_a_jump_stands_there() -> None:
    floor = Floor()
    floor(-1.2, -0.3, 0.0)
    found = [floor(-0.8, 0.1, t / 10) for t in range(1, 25)]
    assert found[-1] == pytest.approx(-0.8, abs=0.01)


def test_standing_feet_do_not_slide_though_the_body_drifts() -> None:
    feet, rng = Feet(), np.random.default_rng(0)
    drift = np.cumsum(rng.normal(0, 0.004, (60, 2)), axis=0).clip(-0.08, 0.08)
    places = []
    for t, (x, z) in enumerate(drift):
        joints = standing() + np.array([x, 0.0, z])
        places.append(feet(joints, ANKLE, t / RATE)[ANKLES][:, [0, 2]])
    slid = np.linalg.norm(np.diff(places[10:], axis=0), axis=-1)
    assert slid.mean() * RATE < 0.02  # m/s, of a drift of 0.08


def slides(poses: np.ndarray, stands: np.ndarray) -> np.ndarray:
    """(N,) mm, the way that each foot makes from the first frame in which it stands to the last.

    poses: (T, 17, 3) m; stands: (T, 2) bool, as ``planted``.
    """
    ways = 1000 * np.linalg.norm(np.diff(poses[:, ANKLES][..., [0, 2]], axis=0), axis=-1)
    ways, stands = ways * (stands[1:] & stands[:-1]), stands[:-1]
    contacts = np.cumsum(stands[1:] & ~stands[:-1], axis=0)
    return np.concatenate(
        [np.bincount(c, w)[1:] for c, w in zip(contacts.T, ways[1:].T, strict=True)]
    )


def test_feet_of_somebody_who_walks_slide_less_than_half_as_far() -> None:
    """Of a body that wavers by 3 cm, as lifted and smoothed ones do."""
    rng, seconds, waver = np.random.default_rng(0), 8, np.zeros(3)
    feet, seen, held = Feet(), walking(seconds, step=STRIDES), []
    for t in range(len(seen)):
        waver = 0.9 * waver + rng.normal(0, 0.013, 3) * (1, 0, 1)
        seen[t] += waver
        held.append(feet(seen[t], ANKLE, t / RATE))
    before, after = (slides(p, planted(seconds, step=STRIDES)) for p in (seen, np.array(held)))
    print(f"{before.mean():.0f} mm a contact, {after.mean():.0f} held, of {len(after)}")
    assert after.mean() < 0.5 * before.mean()


def test_who_walks_arrives_and_keeps_all_bones() -> None:
    feet, poses = Feet(), walking(4)
    moved = np.array([feet(joints, ANKLE, t / RATE) for t, joints in enumerate(poses)])
    assert np.abs(moved - poses).max() < 0.15
    bones = H36M17.bone_indices
    lengths = [
        np.linalg.norm(p[:, bones[:, 0]] - p[:, bones[:, 1]], axis=-1) for p in (moved, poses)
    ]
    np.testing.assert_allclose(lengths[0], lengths[1], atol=1e-6)


def test_a_leg_reaches_as_far_as_it_is_long() -> None:
    hip, knee, ankle = np.array([[0, 1, 0], [0.05, 0.5, 0], [0, 0.1, 0]], float)
    near = np.array([0.1, 0.2, 0.1])
    np.testing.assert_allclose(reach(hip, knee, ankle, near)[1], near, atol=1e-9)
    knee, far = reach(hip, knee, ankle, np.array([0.0, -5.0, 0.0]))
    assert 1 - far[1] == pytest.approx(0.5025 + 0.4031, abs=1e-3)
    assert np.isfinite(knee).all()
