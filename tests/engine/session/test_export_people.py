"""Exports of a take of several people: all of them where a format can, else a file for each."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import av
import ezc3d
import numpy as np
import pytest

from engine.session.export import ExportError, export
from engine.session.recording import POSES, read_arrays
from engine.skeleton import COCO17, MPII16
from engine.types import PoseResult
from tests.engine.bodies import exported
from tests.engine.session.takes import make_scene, person_of, record

IDS = [(1, 2), (2, 1), (2,), (), (1, 2, 7), (1,)]  # in each frame
SINGLE = ("trc", "c3d", "bvh")


def scenes(subject: int = 1) -> list[PoseResult]:
    return [make_scene(t, *ids, subject=subject) for t, ids in enumerate(IDS)]


@pytest.fixture
def take(tmp_path: Path) -> Path:
    record(tmp_path / "take", *scenes(), threshold=0.2)
    return tmp_path / "take"


def test_npz_holds_everybody(take: Path) -> None:
    wanted, found = dict(read_arrays(take / POSES)), dict(read_arrays(exported(take, "npz")))
    assert set(found) == set(wanted)
    assert found["people_ids"].tolist() == [1, 2, 7]
    for name, array in wanted.items():
        np.testing.assert_array_equal(found[name], array)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_csv_tells_people_apart_and_the_subject_has_rows_in_every_frame(take: Path) -> None:
    rows = [row for row in rows_of(exported(take, "csv")) if row["name"] == "left_knee"]
    rows = [row for row in rows if row["kind"] == "keypoint_px"]
    assert [(row["frame"], row["person"], row["subject"]) for row in rows] == [
        *(("0", "1", "1"), ("0", "2", "0")),
        *(("1", "1", "1"), ("1", "2", "0")),
        *(("2", "1", "1"), ("2", "2", "0")),
        ("3", "1", "1"),
        *(("4", "1", "1"), ("4", "2", "0"), ("4", "7", "0")),
        ("5", "1", "1"),
    ]
    there = {(row["frame"], row["person"]): row["x"] for row in rows}
    assert there["2", "1"] == there["3", "1"] == ""
    knee = person_of(7, 4).pose2d.keypoints[MPII16.index("left_knee")]
    assert float(there["4", "7"]) == pytest.approx(knee[0], abs=0.01)


def test_coco_has_an_entry_for_everybody_in_a_frame_the_subject_first(take: Path) -> None:
    entries = json.loads(exported(take, "coco").read_text())
    found = [(entry["image_id"], entry["track_id"]) for entry in entries]
    assert found == [(0, 1), (0, 2), (1, 1), (1, 2), (2, 2), (4, 1), (4, 2), (4, 7), (5, 1)]
    for (t, who), entry in zip(found, entries, strict=True):
        wrist = np.array(entry["keypoints"]).reshape(17, 3)[COCO17.index("left_wrist"), :2]
        points = person_of(who, t).pose2d.keypoints
        np.testing.assert_allclose(wrist, points[MPII16.index("left_wrist")], atol=0.011)


def test_openpose_has_everybody_in_the_file_of_a_frame(take: Path) -> None:
    files = sorted(exported(take, "openpose").iterdir())
    frames = [json.loads(file.read_text())["people"] for file in files]
    found = [[person["person_id"] for person in frame] for frame in frames]
    assert found == [[[1], [2]], [[1], [2]], [[2]], [], [[1], [2], [7]], [[1]]]
    elbow = np.array(frames[4][2]["pose_keypoints_2d"]).reshape(25, 3)[6, :2]
    points = person_of(7, 4).pose2d.keypoints
    np.testing.assert_allclose(elbow, points[MPII16.index("left_elbow")], atol=0.011)


@pytest.mark.parametrize("format", ["csv", "coco"])
def test_what_is_written_in_parts_is_as_if_it_was_not(
    take: Path, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = exported(take, format).read_bytes()
    monkeypatch.setattr("engine.session.export.everybody.CHUNK", 2)
    assert exported(take, format, overwrite=True).read_bytes() == whole


@pytest.mark.parametrize("format", SINGLE)
def test_where_one_person_fits_everybody_else_gets_a_file_as_if_they_had_been_alone(
    take: Path, tmp_path: Path, format: str
) -> None:
    files = export(take, format)
    assert [file.name for file in files] == [
        f"take.{format}",
        f"take_2.{format}",
        f"take_7.{format}",
    ]
    for who, file in zip((1, 2, 7), files, strict=True):
        alone = [make_scene(t, *({who} & set(ids)), subject=who) for t, ids in enumerate(IDS)]
        record(tmp_path / str(who), *alone, threshold=0.2)
        wanted = exported(tmp_path / str(who), format, tmp_path / str(who) / file.name)
        assert file.read_bytes() == wanted.read_bytes()


def test_of_people_who_took_turns_as_the_subject_each_has_a_whole_file(tmp_path: Path) -> None:
    turns = [make_scene(t, 1, 2, subject=1 if t < 3 else 2) for t in range(6)]
    record(tmp_path / "take", *turns)
    files = export(tmp_path / "take", "c3d")
    assert [file.name for file in files] == ["take.c3d", "take_1.c3d", "take_2.c3d"]
    subject, one, two = (ezc3d.c3d(str(file))["data"]["points"] for file in files)
    assert subject.shape == one.shape == two.shape
    np.testing.assert_array_equal(np.isnan(one).all(axis=(0, 1)), [False] * 6)
    assert not np.array_equal(one, two, equal_nan=True)


def test_nothing_is_written_where_one_of_the_files_exists(take: Path) -> None:
    (take / "take_7.trc").write_text("precious")
    with pytest.raises(ExportError, match=r"take_7\.trc exists; .* --overwrite"):
        export(take, "trc")
    assert not (take / "take.trc").exists()
    assert len(export(take, "trc", overwrite=True)) == 3
    assert (take / "take_7.trc").read_text().startswith("PathFileType")


def test_an_export_called_off_at_the_last_person_leaves_nothing(take: Path) -> None:
    before = {path.name for path in take.iterdir()}
    told = list[float]()

    def cancel(share: float) -> None:
        told.append(share)
        if share > 0.9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(take, "trc", progress=cancel)
    assert told == sorted(told)
    assert {path.name for path in take.iterdir()} == before


def test_a_bystander_without_3d_gets_no_file(tmp_path: Path) -> None:
    record(tmp_path / "take", *(make_scene(t, 1, 2, subject=1) for t in range(3)))
    arrays = dict(read_arrays(tmp_path / "take" / POSES))
    arrays["people_joints3d"][:, 1] = np.nan
    np.savez(tmp_path / "take" / POSES, allow_pickle=False, **arrays)
    assert [file.name for file in export(tmp_path / "take", "trc")] == ["take.trc"]


def test_a_movie_shows_everybody(tmp_path: Path) -> None:
    record(tmp_path / "take", *(make_scene(t, 1, 2, subject=1) for t in range(3)))
    record(tmp_path / "one", *(make_scene(t, 1, subject=1) for t in range(3)))
    two, one = (picture_of(exported(tmp_path / name, "mp4")) for name in ("take", "one"))
    assert (two.max(axis=-1) > 60).mean() > 1.3 * (one.max(axis=-1) > 60).mean()


def picture_of(movie: Path) -> np.ndarray:
    with av.open(str(movie)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")
