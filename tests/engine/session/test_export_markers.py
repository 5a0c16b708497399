"""Markers: at a constant rate, on the floor; TRC and C3D as readers other than the writers see."""

from __future__ import annotations

import warnings
from pathlib import Path

import ezc3d
import numpy as np
import pytest

from engine.session.export import ExportError, c3d
from engine.session.export.markers import at_constant_rate
from engine.session.recording import POSES, load_recording
from engine.skeleton import H36M17
from tests.engine.bodies import RATE, STANDING, exported, make_session, unseen
from tests.engine.session.takes import replace_array
from tests.engine.session.walks import make_walk

NAMES = H36M17.keypoints
FLOOR = 0.86  # m, from the pelvis of STANDING down to its ankles
BODY = np.stack([STANDING[:, 0], -STANDING[:, 1], -STANDING[:, 2]], axis=1) / 1000  # Y up, m
BODY[:, 1] += FLOOR


def read_trc(path: Path) -> tuple[dict[str, str], list[str], np.ndarray]:
    """The header's fields, the marker names, and the rows (T, 2 + 3 M) with NaN for empty cells."""
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[0].split("\t") == ["PathFileType", "4", "(X/Y/Z)", path.name]
    fields = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    names = [name for name in lines[3].split("\t")[2:] if name]
    assert lines[3].split("\t")[:2] == ["Frame#", "Time"]
    assert lines[4].split("\t")[2:] == [f"{a}{m + 1}" for m in range(len(names)) for a in "XYZ"]
    assert (lines[5], lines[-1]) == ("", "")
    rows = [[float(cell or "nan") for cell in line.split("\t")] for line in lines[6:-1]]
    return fields, names, np.array(rows)


def test_trc_stands_on_the_floor_in_metres_with_y_up(tmp_path: Path) -> None:
    fields, names, rows = read_trc(exported(make_session(tmp_path / "take"), "trc"))
    assert fields == {
        "DataRate": "30", "CameraRate": "30", "NumFrames": "4", "NumMarkers": "17", "Units": "m",
        "OrigDataRate": "30", "OrigDataStartFrame": "1", "OrigNumFrames": "4",
    }  # fmt: skip
    assert names == list(NAMES)
    np.testing.assert_allclose(rows[:, 0], [1, 2, 3, 4])
    np.testing.assert_allclose(rows[:, 1], np.arange(4) / RATE, atol=1e-6)
    np.testing.assert_allclose(rows[:, 2:].reshape(4, 17, 3), np.stack([BODY] * 4), atol=1e-5)


def test_trc_has_empty_cells_where_a_joint_was_not_seen(tmp_path: Path) -> None:
    scores = unseen("left_wrist", frames=9, at=slice(3, 6))
    session = make_session(tmp_path / "take", frames=9, scores2d=scores)
    points = read_trc(exported(session, "trc"))[2][:, 2:].reshape(9, 17, 3)
    missing = np.argwhere(np.isnan(points).all(axis=2)).tolist()
    assert missing == [[t, NAMES.index("left_wrist")] for t in (3, 4, 5)]


def test_c3d_is_read_by_another_library(tmp_path: Path) -> None:
    scores = unseen("left_wrist", frames=5, at=slice(3, 5))
    session = make_session(tmp_path / "take", frames=5, scores2d=scores)
    found = ezc3d.c3d(str(exported(session, "c3d")))
    about = {name: entry["value"] for name, entry in found["parameters"]["POINT"].items()
             if name != "__METADATA__"}  # fmt: skip
    assert about["LABELS"] == list(NAMES)
    assert (about["UNITS"], about["X_SCREEN"], about["Y_SCREEN"]) == (["mm"], ["+X"], ["+Z"])
    assert (about["RATE"].tolist(), about["FRAMES"].tolist()) == ([30.0], [5])
    points, residuals = found["data"]["points"][:3], found["data"]["meta_points"]["residuals"][0]
    z_up = np.stack([BODY[:, 0], -BODY[:, 2], BODY[:, 1]], axis=0) * 1000
    np.testing.assert_allclose(points[:, :, 0], z_up, atol=0.01)
    missing = np.zeros((17, 5), bool)
    missing[NAMES.index("left_wrist"), 3:] = True
    assert (np.isnan(points).all(axis=0) == missing).all()
    assert ((residuals == -1) == missing).all()


# In a room that is known, the path walked is in the file


def test_c3d_walks_the_path_in_the_size_of_the_body(tmp_path: Path) -> None:
    session, truth = make_walk(tmp_path / "take", seconds=6, scale=1.2)
    found = ezc3d.c3d(str(exported(session, "c3d")))
    points = found["data"]["points"][:3].transpose(2, 1, 0) / 1000
    x, away, up = np.moveaxis(points, -1, 0)
    np.testing.assert_allclose(np.stack([x, up, -away], axis=-1), truth, atol=0.04)
    path = np.linalg.norm(np.diff(points[:, 0], axis=0), axis=1).sum()
    walked = np.linalg.norm(np.diff(truth[:, 0], axis=0), axis=1).sum()
    assert walked > 4
    assert path == pytest.approx(walked, rel=0.02)


def test_trc_and_bvh_walk_it_too(tmp_path: Path) -> None:
    session, truth = make_walk(tmp_path / "take")
    _, _, rows = read_trc(exported(session, "trc"))
    np.testing.assert_allclose(rows[:, 2:].reshape(truth.shape), truth, atol=0.04)
    lines = exported(session, "bvh").read_text().splitlines()
    motion = np.loadtxt(lines[lines.index("MOTION") + 3 :])
    np.testing.assert_allclose(motion[:, :3], 100 * truth[:, 0], atol=0.1)


def test_where_the_place_is_unknown_for_a_while_nothing_is_made_up(tmp_path: Path) -> None:
    session, _ = make_walk(tmp_path / "take")
    root = load_recording(session).root.copy()
    root[10:30] = np.nan
    replace_array(session / POSES, root=root)
    points = read_trc(exported(session, "trc"))[2][:, 2:].reshape(-1, 17, 3)
    assert np.isnan(points[11:29]).all()
    assert np.isfinite(points[:9]).all()


def test_c3d_counts_beyond_sixteen_bits(tmp_path: Path) -> None:
    points = np.zeros((66_000, 2, 4), np.float32)
    points[:, 0, 0] = np.arange(66_000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # no analog channels
        c3d._write(tmp_path / "long.c3d", points, RATE, ("a", "b"), lambda share: None)
        assert c3d._agrees(tmp_path / "long.c3d", points, RATE, ("a", "b"))
    found = ezc3d.c3d(str(tmp_path / "long.c3d"))["data"]["points"]
    assert (found[0, 0] == np.arange(66_000)).all()


# What comes at uneven times is written at even ones


def resampled(times: list[float], values: list[float]) -> list[float]:
    """The x of one joint at these times, at a constant rate."""
    points = np.zeros((len(times), 17, 3))
    points[:, 0, 0] = values
    return list(at_constant_rate(np.array(times), points).points[:, 0, 0].tolist())


def test_between_two_frames_the_line_is_taken() -> None:
    assert resampled([0, 0.1, 0.22, 0.3, 0.4], [0, 1, 2.2, 3, 4]) == pytest.approx([0, 1, 2, 3, 4])


def test_a_dropped_frame_is_filled_and_a_gap_is_not() -> None:
    steps = [0, 0.1, 0.2, 0.4, 0.5, 0.9, 1.0]
    found = resampled(steps, [10 * t for t in steps])
    nan = np.nan
    assert found == pytest.approx([0, 1, 2, 3, 4, 5, nan, nan, nan, 9, 10], nan_ok=True)


def test_beside_a_missing_value_the_one_at_hand_stays() -> None:
    nan = np.nan
    found = resampled([0, 0.101, 0.199, 0.3, 0.4], [0, 1, nan, 3, 4])
    assert found == pytest.approx([0, 0.99, nan, 3, 4], nan_ok=True, abs=0.02)


def test_the_rate_is_the_usual_one_whatever_jitters() -> None:
    rng = np.random.default_rng(0)
    times = np.arange(300) / 25 + rng.uniform(-0.004, 0.004, 300)
    markers = at_constant_rate(times, np.zeros((300, 17, 3)))
    assert markers.rate == pytest.approx(25, abs=0.05)
    assert len(markers.points) == pytest.approx(300, abs=1)


def test_a_clock_that_steps_back_and_one_that_jumps_far_do_no_harm() -> None:
    assert resampled([0, 0.1, 0.3, 0.2, 0.4], [0, 1, 3, 2, 4]) == pytest.approx([0, 1, 2, 3, 4])
    with pytest.raises(ExportError, match="too long at"):
        resampled([0, 0.1, 1e9], [0, 1, 2])
