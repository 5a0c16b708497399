"""A clean result: better than the raw take, beside it, and repeatable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.people.sides import LIMBS
from engine.session.clean.person import CleanSettings
from engine.session.clean.swaps import exchanged, limb_pairs
from engine.session.clean.take import clean_take
from engine.session.journal import SessionError
from engine.session.recording import POSES, load_document, load_recording
from engine.skeleton import H36M17, MPII16
from tests.conftest import STANDING as STANDING_2D
from tests.engine.bodies import RATE, make_session, moving
from tests.engine.session.takes import make_scene, record, replace_array
from tests.engine.session.walks import make_walk

FRAMES = 120
TIMES = np.arange(FRAMES) / RATE
RNG = np.random.default_rng(0)
LEGS_2D = limb_pairs("legs", MPII16).ravel()


def striding() -> np.ndarray:
    """(T, 16, 2) pixels: somebody 400 pixels tall whose left and right are well apart."""
    points = np.repeat((STANDING_2D * 400)[None], FRAMES, axis=0)
    points[..., 0] = 300 + 2 * (points[..., 0] - 300)
    return np.asarray(points + np.stack([100 * np.sin(TIMES), 0 * TIMES], axis=-1)[:, None])


def swapped(points: np.ndarray, frames: slice, pairs: np.ndarray) -> np.ndarray:
    out = points.copy()
    out[frames, pairs.ravel()] = points[frames][:, pairs[::-1].ravel()]
    return out


@pytest.fixture
def take(tmp_path: Path) -> Path:
    """Noise on everything, legs exchanged in frames 30 to 39, nobody in frames 60 to 65."""
    points = striding() + RNG.normal(0, 1.5, (FRAMES, 16, 2))
    joints = moving(FRAMES) + RNG.normal(0, 12, (FRAMES, 17, 3))
    joints -= joints[:, :1]
    at = slice(30, 40)
    points = swapped(points, at, limb_pairs("legs", MPII16)).astype(np.float32)
    joints = swapped(joints, at, limb_pairs("legs", H36M17)).astype(np.float32)
    scores = np.full((FRAMES, 16), 0.9, np.float32)
    for array in (points, joints, scores):
        array[60:66] = np.nan
    return make_session(tmp_path / "take", joints, keypoints2d=points, scores2d=scores)


def test_noise_is_less_swaps_are_mended_and_the_gap_is_filled(take: Path) -> None:
    before = (take / POSES).read_bytes()
    done = clean_take(take)
    assert (take / POSES).read_bytes() == before
    raw, clean = load_recording(take), load_recording(take, clean=True)
    assert (done.swaps, done.filled) == (1, 6)
    truth2d, truth3d = striding(), moving(FRAMES)
    for raw_array, array, truth in (
        (raw.keypoints2d, clean.keypoints2d, truth2d),
        (raw.joints3d, clean.joints3d, truth3d),
    ):
        off = np.linalg.norm(array - truth, axis=-1)
        raw_off = np.linalg.norm(raw_array - truth, axis=-1)
        assert off.mean() < 0.75 * np.nanmean(raw_off)
        assert off[30:40].max() < 5 * off.mean()
    assert clean.filled2d is not None
    assert clean.filled3d is not None
    assert np.flatnonzero(clean.filled2d.all(axis=1)).tolist() == list(range(60, 66))
    assert np.flatnonzero(clean.filled3d.any(axis=1)).tolist() == list(range(60, 66))
    assert (clean.scores2d > 0.3).all()


def test_every_bone_keeps_its_length(take: Path) -> None:
    clean_take(take)
    ends = load_recording(take, clean=True).joints3d[:, H36M17.bone_indices]
    lengths = np.linalg.norm(ends[:, :, 1] - ends[:, :, 0], axis=-1)
    np.testing.assert_allclose(lengths, lengths[:1].repeat(FRAMES, axis=0), rtol=1e-4)


def test_it_is_made_again_with_other_settings(take: Path) -> None:
    clean_take(take)
    first = load_recording(take, clean=True)
    clean_take(take, CleanSettings(cutoff=2.0, fill=0.0))
    again = load_recording(take, clean=True)
    assert load_document(take)["clean"]["cutoff"] == 2.0
    roughness = [np.abs(np.diff(r.keypoints2d, 2, axis=0)) for r in (first, again)]
    assert np.nanmean(roughness[1]) < np.nanmean(roughness[0])
    assert np.isnan(again.keypoints2d[60:66]).all()


def test_before_it_is_made_one_line_says_how(take: Path) -> None:
    with pytest.raises(SessionError, match=r"type: python main\.py clean"):
        load_recording(take, clean=True)


def test_what_was_never_seen_stays_unseen_and_keeps_the_lifters_guess(tmp_path: Path) -> None:
    """Legs under a desk: their 3D is a guess all the time, smooth and with bones of one length."""
    scores = np.full((FRAMES, 16), 0.9, np.float32)
    scores[:, LEGS_2D] = 0.05
    clean_take(make_session(tmp_path / "take", moving(FRAMES), scores2d=scores))
    clean = load_recording(tmp_path / "take", clean=True)
    assert clean.filled2d is not None
    assert not clean.filled2d.any()
    np.testing.assert_array_equal(clean.scores2d, scores)
    np.testing.assert_allclose(clean.joints3d, moving(FRAMES), atol=60)


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_takes_of_a_few_frames_are_cleaned_and_an_empty_one_says_why(
    tmp_path: Path, frames: int
) -> None:
    record(tmp_path / "take", *(make_scene(i, 1, subject=1) for i in range(frames)))
    clean_take(tmp_path / "take")
    assert len(load_recording(tmp_path / "take", clean=True).timestamps) == frames
    record(tmp_path / "empty")
    with pytest.raises(SessionError, match="holds no frame"):
        clean_take(tmp_path / "empty")


def test_times_that_were_edited_do_no_harm(tmp_path: Path) -> None:
    session, _ = make_walk(tmp_path / "take", 2.0)
    times = load_recording(session).timestamps.copy()
    times[5], times[10], times[20] = times[4], times[3], 1e6
    replace_array(session / POSES, timestamps=times)
    clean_take(session)
    clean = load_recording(session, clean=True)
    assert np.isfinite(clean.joints3d).all()
    assert np.isfinite(clean.root).all()


def test_everybody_is_cleaned_by_themselves(tmp_path: Path) -> None:
    scenes = [make_scene(i, 1, 2, subject=1 if i < 15 else 2) for i in range(30)]
    record(tmp_path / "take", *scenes)
    clean_take(tmp_path / "take")
    clean = load_recording(tmp_path / "take", clean=True)
    assert clean.people_ids.tolist() == [1, 2]
    np.testing.assert_array_equal(clean.joints3d[:15], clean.people_joints3d[:15, 0])
    np.testing.assert_array_equal(clean.joints3d[15:], clean.people_joints3d[15:, 1])


# --- swaps -------------------------------------------------------------------------------------


def found(points: np.ndarray, seen: np.ndarray | None = None) -> dict[str, list[int]]:
    every = np.ones((FRAMES, 16), bool) if seen is None else seen
    wrong = exchanged(TIMES, points, every, np.full(FRAMES, 400.0), MPII16)
    return {limb: np.flatnonzero(wrong[limb]).tolist() for limb in LIMBS}


def test_only_what_comes_back_is_exchanged() -> None:
    legs = limb_pairs("legs", MPII16)
    nothing: dict[str, list[int]] = {"arms": [], "legs": []}
    assert found(striding()) == nothing
    assert found(swapped(striding(), slice(30, 40), legs))["legs"] == list(range(30, 40))
    assert found(swapped(striding(), slice(30, FRAMES), legs)) == nothing  # believed: it lasts


def test_a_swap_behind_an_unseen_moment_is_found() -> None:
    legs, seen = limb_pairs("legs", MPII16), np.ones((FRAMES, 16), bool)
    seen[28:32, LEGS_2D] = False
    assert found(swapped(striding(), slice(30, 40), legs), seen)["legs"] == list(range(32, 40))
