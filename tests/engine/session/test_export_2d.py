"""npz, CSV, COCO and OpenPose hold what the take holds; what is missing is missing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from engine.session.pose_arrays import ARRAYS, NAMES
from engine.session.recording import load_recording
from engine.skeleton import COCO17, H36M17, MPII16, Skeleton
from engine.space.joint_angles import ANGLES
from tests.engine.bodies import STANDING, exported, make_session, unseen

GONE = slice(1, 2)  # the frame in which nobody is there


def some_take(folder: Path, skeleton: Skeleton = MPII16) -> Path:
    """Three frames, nobody in the middle one, a knee that scores little in the last."""
    points = np.random.default_rng(0).uniform(0, 600, (3, len(skeleton), 2)).astype(np.float32)
    scores = unseen("left_knee", 3, slice(2, 3), skeleton)
    joints = np.stack([STANDING] * 3)
    points[GONE], scores[GONE], joints[GONE] = np.nan, np.nan, np.nan
    return make_session(
        folder, joints, skeleton=skeleton, keypoints2d=points, scores2d=scores,
        frame_index=np.array([5, 6, 9]), timestamps=np.array([0, 0.033333, 0.133333]),
    )  # fmt: skip


def test_npz_is_the_contract_and_nothing_else(tmp_path: Path) -> None:
    session = some_take(tmp_path / "take")
    with (
        np.load(exported(session, "npz"), allow_pickle=False) as found,
        np.load(session / "poses.npz", allow_pickle=False) as wanted,
    ):
        assert set(found) == {*ARRAYS, *NAMES}
        for name in found:
            np.testing.assert_array_equal(found[name], wanted[name])


@pytest.fixture
def table(tmp_path: Path) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The rows of the CSV by kind and name."""
    with exported(some_take(tmp_path / "take"), "csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault((row["kind"], row["name"]), []).append(row)
    return found


Table = dict[tuple[str, str], list[dict[str, str]]]


def test_csv_has_a_row_for_each_frame_and_thing(table: Table) -> None:
    assert list(table) == [
        *(("keypoint_px", name) for name in MPII16.keypoints),
        *(("joint_mm", name) for name in H36M17.keypoints),
        *(("angle_deg", name) for name in ANGLES),
    ]
    for rows in table.values():
        assert [row["frame"] for row in rows] == ["5", "6", "9"]
        assert [row["time_s"] for row in rows] == ["0.000000", "0.033333", "0.133333"]


def test_csv_holds_the_numbers_and_leaves_empty_what_is_missing(
    table: Table, tmp_path: Path
) -> None:
    take = load_recording(tmp_path / "take")
    knee, nobody = MPII16.index("left_knee"), {"x": "", "y": "", "z": "", "score": ""}
    first, gone, last = table["keypoint_px", "left_knee"]
    assert (float(first["x"]), float(first["y"])) == pytest.approx(
        take.keypoints2d[0, knee].tolist(), abs=0.005
    )
    assert (first["z"], first["score"], last["score"]) == ("", "0.9000", "0.1000")
    assert {name: gone[name] for name in nobody} == nobody
    joint, gone, _ = table["joint_mm", "left_ankle"]
    assert [float(joint[axis]) for axis in "xyz"] == [140, 860, 40]
    assert {name: gone[name] for name in nobody} == nobody
    bend, gone, unsure = table["angle_deg", "left_knee_flexion"]
    assert 0 < float(bend["x"]) < 10
    assert (gone["x"], unsure["x"], bend["y"], bend["z"], bend["score"]) == ("", "", "", "", "")


def test_coco_of_a_coco_backbone_keeps_every_keypoint(tmp_path: Path) -> None:
    session = some_take(tmp_path / "take", COCO17)
    entries = json.loads(exported(session, "coco").read_text())
    assert [entry["image_id"] for entry in entries] == [5, 9]
    for entry, t in zip(entries, (0, 2), strict=True):
        take = load_recording(session)
        found = np.array(entry["keypoints"]).reshape(17, 3)
        np.testing.assert_allclose(found[:, :2], take.keypoints2d[t], atol=0.006)
        np.testing.assert_allclose(found[:, 2], take.scores2d[t], atol=1e-4)
        assert entry["score"] == pytest.approx(float(take.scores2d[t].mean()), abs=1e-4)
        assert entry["category_id"] == 1


def first_in_coco(session: Path) -> np.ndarray:
    """(17, 3) of the first entry."""
    entries = json.loads(exported(session, "coco").read_text())
    return np.array(entries[0]["keypoints"]).reshape(17, 3)


def test_coco_of_another_backbone_has_zeros_for_what_it_does_not_know(tmp_path: Path) -> None:
    session = some_take(tmp_path / "take", MPII16)
    found = np.array(json.loads(exported(session, "coco").read_text())[0]["keypoints"]).reshape(
        17, 3
    )
    unknown = [
        name for name, triple in zip(COCO17.keypoints, found, strict=True) if not triple.any()
    ]
    assert unknown == ["left_eye", "right_eye", "left_ear", "right_ear"]
    wrist = load_recording(session).keypoints2d[0, MPII16.index("left_wrist")]
    np.testing.assert_allclose(found[COCO17.index("left_wrist"), :2], wrist, atol=0.006)


def test_one_missing_keypoint_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    points = np.full((1, 16, 2), 50, np.float32)
    points[0, MPII16.index("left_wrist")] = np.nan
    session = make_session(tmp_path / "take", frames=1, keypoints2d=points)
    found = np.array(json.loads(exported(session, "coco").read_text())[0]["keypoints"]).reshape(
        17, 3
    )
    assert not found[COCO17.index("left_wrist")].any()
    np.testing.assert_allclose(found[COCO17.index("left_elbow")], [50, 50, 0.9], atol=1e-4)


@pytest.mark.parametrize("skeleton", [MPII16, COCO17, H36M17])
def test_openpose_is_a_file_a_frame_in_the_order_of_body_25(
    tmp_path: Path, skeleton: Skeleton
) -> None:
    session = some_take(tmp_path / "take", skeleton)
    files = sorted(exported(session, "openpose").iterdir())
    assert [file.name for file in files] == [f"take_{t:012d}_keypoints.json" for t in range(3)]
    frames = [json.loads(file.read_text()) for file in files]
    assert [len(frame["people"]) for frame in frames] == [1, 0, 1]
    body = np.array(frames[0]["people"][0]["pose_keypoints_2d"]).reshape(25, 3)
    points = load_recording(session).keypoints2d[0]
    for k, name in ((4, "right_wrist"), (5, "left_shoulder"), (9, "right_hip"), (14, "left_ankle")):
        np.testing.assert_allclose(body[k, :2], points[skeleton.index(name)], atol=0.006)
    if skeleton is COCO17:
        hips = points[[skeleton.index("left_hip"), skeleton.index("right_hip")]].mean(axis=0)
        np.testing.assert_allclose(body[8, :2], hips, atol=0.006)
        assert body[15:19].any(axis=1).all()
    assert body[1].any()  # the neck
    assert not body[19:].any()  # the feet
