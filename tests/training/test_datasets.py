"""Data sets as their authors publish them → labelled pictures and lifting sets.

Each layout is written small; the real files in the shared data are read where they are there.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from scipy.io import savemat

from engine.skeleton import COCO17, H36M17, MPII16
from engine.types import Box
from training.datasets import human36m_mmpose, lsp, mpii
from training.datasets.human36m import JOINTS, load_human36m
from training.datasets.human36m_cameras import IDS, load_cameras
from training.datasets.lifting_set import statistics
from training.datasets.pictures import SETS, load_pictures
from training.datasets.plain_pickle import load_npz_object, load_pickle

JPEG = cv2.imencode(".jpg", np.full((60, 80, 3), 90, np.uint8))[1].tobytes()


def write_pictures(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(JPEG)


def structs(rows: Sequence[dict[str, Any]]) -> np.ndarray:
    """A MATLAB struct array; fields a row lacks are empty, as MATLAB has them."""
    names = {name: object for row in rows for name in row}
    filled = [tuple(row.get(name, np.zeros((0, 0))) for name in names) for row in rows]
    return np.array([filled], dtype=list(names.items()))


@pytest.mark.parametrize("name", SETS)
def test_a_missing_set_is_one_line_that_says_where_it_is_published(
    name: str, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        load_pictures([tmp_path], name)
    message = str(missing.value)
    assert f"No {SETS[name].place} in {tmp_path}" in message
    assert SETS[name].published in message
    assert "\n" not in message


def test_half_a_set_says_which_part_is_missing(tmp_path: Path) -> None:
    (tmp_path / "coco/train2017").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match=r"No annotations/person_keypoints_train2017\.json"):
        load_pictures([tmp_path], "coco_keypoints")


def test_a_file_that_is_something_else_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "lsp_train.zip").write_bytes(b"<html>not found</html>")
    with pytest.raises(ValueError, match=r"lsp_train\.zip is not laid out as lsp is"):
        load_pictures([tmp_path], "lsp")


def test_an_unknown_set_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"Unknown data set 'mpi'\. Known: lsp, "):
        load_pictures([tmp_path], "mpi")


class TestMpii:
    """One person each; the second lacks the left wrist and has its head box elsewhere."""

    joints = np.arange(32).reshape(16, 2) + 11.0

    def entry(self, image: str, vis: int = 16) -> dict[str, Any]:
        labelled = [int(k < vis) for k in range(16)]
        joints = np.where(np.array(labelled)[:, None], self.joints, -1).tolist()
        place = {"center": [41.0, 31.0], "scale": 0.5}
        return {"image": image, "joints": joints, "joints_vis": labelled, **place}

    def write_json(self, folder: Path) -> None:
        write_pictures(folder / "images", "a.jpg", "b.jpg")
        (folder / "annot").mkdir()
        (folder / "annot/train.json").write_text(json.dumps([self.entry("a.jpg")]))
        (folder / "annot/valid.json").write_text(json.dumps([self.entry("b.jpg", vis=15)]))
        corners = np.array([[[10.0], [20.0]], [[13.0], [24.0]]])  # (2, 2, N): x y of two corners
        savemat(folder / "annot/gt_valid.mat", {"headboxes_src": corners})

    def write_release(self, path: Path, *images: str) -> None:
        def person(image: str) -> dict[str, Any]:
            points = [
                {"x": x, "y": y, "id": k, "is_visible": "1"}
                for k, (x, y) in enumerate(self.joints)
                if k < 15
            ]
            return {
                "x1": 10, "y1": 20, "x2": 16, "y2": 28, "scale": 0.5,
                "objpos": {"x": 41, "y": 31}, "annopoints": {"point": structs(points)},
            }  # fmt: skip

        listed = [
            {"image": {"name": name}, "annorect": structs([person(name), {"scale": 1.0}])}
            for name in images
        ]
        listed.append({"image": {"name": "test.jpg"}, "annorect": structs([{"scale": 1.0}])})
        training = [1] * len(images) + [0]
        savemat(path, {"RELEASE": {"annolist": structs(listed), "img_train": training}})

    def test_the_box_is_a_bit_lower_and_200_scales_wide(self, tmp_path: Path) -> None:
        self.write_json(tmp_path / "mpii")
        training, _ = load_pictures([tmp_path], "mpii")
        assert training[0].box == Box(40 - 50, 30 + 7.5 - 50, 40 + 50, 30 + 7.5 + 50)

    def test_pixels_count_from_nought_and_an_absent_joint_is_taught_as_absent(
        self, tmp_path: Path
    ) -> None:
        self.write_json(tmp_path / "mpii")
        (person,) = load_pictures([tmp_path], "mpii")[1]
        np.testing.assert_allclose(person.keypoints[:15], self.joints[:15] - 1)
        assert not person.labelled[15]
        assert person.weights[15] == 1

    def test_head_sizes_come_from_the_validation_file(self, tmp_path: Path) -> None:
        self.write_json(tmp_path / "mpii")
        training, validation = load_pictures([tmp_path], "mpii")
        assert validation[0].head_size == pytest.approx(0.6 * 5)
        assert np.isnan(training[0].head_size)

    def test_and_from_the_release_where_it_lies_there(self, tmp_path: Path) -> None:
        self.write_json(tmp_path)
        self.write_release(tmp_path / mpii.RELEASE, "a.jpg", "b.jpg")
        training, _ = mpii.read_mpii(tmp_path)
        assert training[0].head_size == pytest.approx(0.6 * 10)

    def test_the_release_alone_holds_every_ninth_picture_out(self, tmp_path: Path) -> None:
        names = [f"{i:03}.jpg" for i in range(18)]
        write_pictures(tmp_path / "images", *names)
        self.write_release(tmp_path / mpii.RELEASE, *names)
        training, validation = mpii.read_mpii(tmp_path)
        assert len(training) == 16
        assert [p.encoded for p in validation] == [tmp_path / "images" / names[i] for i in (0, 9)]
        np.testing.assert_allclose(training[0].keypoints[:15], self.joints[:15] - 1)
        assert training[0].head_size == pytest.approx(0.6 * 10)
        assert training[0].image().shape == (60, 80, 3)


class TestCoco:
    def write(self, folder: Path, annotations: Sequence[dict[str, Any]]) -> None:
        image = {"id": 7, "file_name": "7.jpg", "width": 80, "height": 60}
        content = json.dumps({"images": [image], "annotations": annotations})
        (folder / "annotations").mkdir(parents=True)
        for part in ("train2017", "val2017"):
            write_pictures(folder / part, "7.jpg")
            (folder / f"annotations/person_keypoints_{part}.json").write_text(content)

    def person(self, **changed: Any) -> dict[str, Any]:
        keypoints = [20, 20, 2, 22, 18, 1] + [0, 0, 0] * 15
        place = {"bbox": [-5, 10, 40, 60], "area": 900.0, "iscrowd": 0, "image_id": 7}
        return {"keypoints": keypoints, **place, **changed}

    def test_people_keep_their_own_keypoints_and_a_box_inside_the_picture(
        self, tmp_path: Path
    ) -> None:
        self.write(tmp_path / "coco", [self.person()])
        (person,) = load_pictures([tmp_path], "coco_keypoints")[0]
        assert person.skeleton is COCO17
        assert person.labelled.tolist() == [True, True] + [False] * 15
        assert person.weights.tolist() == [1, 1] + [0] * 15
        assert person.box == Box(0, 10, 39, 59)
        assert (person.area, person.image_id) == (900, 7)

    def test_crowds_and_people_without_labels_are_left_out(self, tmp_path: Path) -> None:
        unlabelled = self.person(keypoints=[0] * 51)
        self.write(tmp_path / "coco", [self.person(iscrowd=1), unlabelled])
        assert load_pictures([tmp_path], "coco_keypoints") == ([], [])

    def test_detected_people_carry_their_score_and_no_labels(self, tmp_path: Path) -> None:
        self.write(tmp_path / "coco", [self.person()])
        found = {"image_id": 7, "category_id": 1, "bbox": [10, 10, 21, 31], "score": 0.25}
        car = found | {"category_id": 3}
        path = tmp_path / "coco/person_detection_results"
        path.mkdir()
        name = "COCO_val2017_detections_AP_H_56_person.json"
        (path / name).write_text(json.dumps([found, car]))
        training, (person,) = load_pictures([tmp_path], "coco_detections")
        assert training == []
        assert person.box == Box(10, 10, 30, 40, score=0.25)
        assert not person.labelled.any()

    def test_the_real_annotations_are_read(self, shared: Path, tmp_path: Path) -> None:
        folder = tmp_path / "coco"
        (folder / "annotations").mkdir(parents=True)
        for part in ("train2017", "val2017"):
            (folder / part).symlink_to((shared / "formats/coco").resolve())
            annotations = folder / f"annotations/person_keypoints_{part}.json"
            annotations.symlink_to((shared / "formats/coco/test_coco.json").resolve())
        people = load_pictures([tmp_path], "coco_keypoints")[1]
        assert len(people) == 12  # of 14, two have no labelled keypoint
        for person in people:
            height, width = person.image().shape[:2]
            places = person.keypoints[person.labelled]
            assert ((places >= 0) & (places < [width, height])).all()


def test_flic_maps_its_upper_bodies_and_masks_the_rest(tmp_path: Path) -> None:
    write_pictures(tmp_path / "FLIC/images", "a.jpg", "b.jpg")
    coords = np.full((2, 29), np.nan)
    coords[:, [0, 1, 2, 3, 4, 5, 6, 9]] = np.arange(16).reshape(2, 8) + 1
    example = {"coords": coords, "torsobox": [21.0, 11.0, 31.0, 31.0]}
    rows = [
        {**example, "filepath": "a.jpg", "istrain": 1, "istest": 0},
        {**example, "filepath": "b.jpg", "istrain": 0, "istest": 1},
    ]
    savemat(tmp_path / "FLIC/examples.mat", {"examples": structs(rows)})
    (training,), (test,) = load_pictures([tmp_path], "flic")
    assert (training.encoded, test.encoded) == (
        tmp_path / "FLIC/images/a.jpg",
        tmp_path / "FLIC/images/b.jpg",
    )
    right_hip = MPII16.index("right_hip")
    np.testing.assert_allclose(test.keypoints[right_hip], [7, 15])
    masked = {name for name, w in zip(MPII16.keypoints, test.weights, strict=True) if not w}
    legs = {f"{side}_{part}" for side in ("left", "right") for part in ("knee", "ankle")}
    assert masked == legs | {"upper_neck", "head_top"}
    assert test.box == Box(25 - 24, 20 - 24, 25 + 24, 20 + 24)


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 2, 0)], ids=["LSP", "LSP-extended"])
def test_lsp_is_read_in_both_orders_of_its_axes(order: tuple[int, ...], tmp_path: Path) -> None:
    joints = np.ones((2, 14, 3))
    joints[0, :, 0], joints[0, 5, 2] = np.arange(14), 0  # the left ankle's flag is 0
    write_pictures(tmp_path / "images", "im0001.jpg", "im0002.jpg")
    savemat(tmp_path / "joints.mat", {"joints": joints.transpose(order)})
    ankle, pelvis = MPII16.index("left_ankle"), MPII16.index("pelvis")
    flagged_occluded = lsp.read_lsp(tmp_path)[0][0]
    flagged_visible, none = (
        lsp.read_lsp_extended(tmp_path)[0][0],
        lsp.read_lsp_extended(tmp_path)[1],
    )
    assert flagged_occluded.labelled.all()
    assert flagged_visible.labelled.tolist() == [k != ankle for k in range(16)]
    assert flagged_visible.keypoints[pelvis, 0] == 2.5
    assert none == []


def test_lsp_holds_its_second_half_out(tmp_path: Path) -> None:
    write_pictures(tmp_path / "lsp_dataset/images", *(f"im{i:04}.jpg" for i in range(1, 1004)))
    savemat(tmp_path / "lsp_dataset/joints.mat", {"joints": np.ones((3, 14, 1003))})
    training, test = load_pictures([tmp_path], "lsp_official")
    assert (len(training), len(test)) == (1000, 3)


class TestHuman36m:
    """Recordings by cameras at x 0.1, z 1 metres that look along +Y, where Z is up."""

    def write(self, folder: Path) -> np.ndarray:
        """The world joints (T, 32, 3), metres, that S1 and S9 have."""
        world = np.random.default_rng(0).normal([0, 4, 1], 0.2, (5, 32, 3)).astype(np.float32)
        camera = {"orientation": [0.5**0.5, -(0.5**0.5), 0, 0], "translation": [100, 0, 1000]}
        table = {"S1": [camera] * 4, "S2": [{}] * 4, "S9": [camera] * 4}
        code = f"raise SystemExit\nh36m_cameras_extrinsic_params = {table}\n"
        (folder / "h36m_dataset.py").write_text(code)
        takes = {s: {"WalkDog 1": world, "Lost": world} for s in ("S1", "S9")}
        seen = {s: {"WalkDog 1": [np.full((7, 17, 2), c) for c in range(4)]} for s in takes}
        layout = {"layout_name": "h36m", "num_joints": 17}
        np.savez(folder / "data_3d_h36m.npz", positions_3d=np.array(takes, object))
        np.savez(
            folder / "data_2d_h36m_gt.npz",
            positions_2d=np.array(seen, object),
            metadata=np.array(layout, object),
        )
        return world

    def test_joints_are_in_camera_axes_relative_to_the_hip(self, tmp_path: Path) -> None:
        world = self.write(tmp_path)[:, JOINTS]
        training, test = load_human36m(tmp_path)
        right, down, away = world[..., 0], -world[..., 2], world[..., 1]
        axes = 1000 * np.stack([right, down, away], axis=-1)
        np.testing.assert_allclose(training.joints[:5], axes - axes[:, :1], atol=0.01)
        assert len(training) == len(test) == 4 * 5  # the videos are longer, one action has no 2D
        assert set(training.subjects) | set(test.subjects) == {"S1", "S9"}
        assert set(test.actions) == {"WalkDog"}
        assert [float(k[0, 0]) for k in test.keypoints[::5]] == [0, 1, 2, 3]
        assert test.cameras[::5].tolist() == list(IDS)
        assert test.skeleton is H36M17

    def test_hourglass_detections_are_told_by_their_16_joints(self, tmp_path: Path) -> None:
        self.write(tmp_path)
        seen = {s: {"WalkDog 1": [np.zeros((5, 16, 2))] * 4} for s in ("S1", "S9")}
        np.savez(
            tmp_path / "data_2d_h36m_sh_pt_mpii.npz",
            positions_2d=np.array(seen, object),
            metadata=np.array({"num_joints": 16}, object),
        )
        assert load_human36m(tmp_path, "sh_pt_mpii")[0].skeleton is MPII16

    def test_a_camera_table_without_a_subject_is_one_line(self, tmp_path: Path) -> None:
        self.write(tmp_path)
        (tmp_path / "h36m_dataset.py").write_text("h36m_cameras_extrinsic_params = {}")
        with pytest.raises(ValueError, match=r"not laid out as VideoPose3D's.*S1"):
            load_human36m(tmp_path)

    def test_what_is_missing_is_named_with_where_it_is_from(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"data_3d_h36m\.npz.*vision\.imar\.ro"):
            load_human36m(tmp_path)
        self.write(tmp_path)
        with pytest.raises(FileNotFoundError, match=r"data_2d_h36m_cpn\.npz.*VideoPose3D"):
            load_human36m(tmp_path, "cpn")
        (tmp_path / "h36m_dataset.py").unlink()
        with pytest.raises(FileNotFoundError, match=r"No cameras in .*mmpose"):
            load_human36m(tmp_path)

    def test_both_camera_tables_agree(self, shared: Path, tmp_path: Path) -> None:
        """The first camera of S1 as VideoPose3D's common/h36m_dataset.py has it."""
        entry = {
            "orientation": [0.1407056450843811, -0.1500701755285263, -0.755240797996521,
                            0.6223280429840088],
            "translation": [1841.1070556640625, 4955.28466796875, 1563.4454345703125],
        }  # fmt: skip
        table = {"S1": [entry, {}, {}, {}]}
        (tmp_path / "h36m_dataset.py").write_text(f"h36m_cameras_extrinsic_params = {table}")
        mine = load_cameras(tmp_path)["S1", IDS[0]]
        other = load_cameras(shared / "formats/h36m")["S1", IDS[0]]
        np.testing.assert_allclose(mine.rotation, other.rotation, atol=1e-6)
        np.testing.assert_allclose(mine.eye, other.eye, atol=1e-6)

    def test_world_joints_by_the_cameras_are_the_camera_joints_of_mmpose(
        self, shared: Path
    ) -> None:
        folder = shared / "formats/h36m"
        camera = human36m_mmpose.read_body3d(folder / "test_h36m_body3d.npz")
        world = human36m_mmpose.read_coco(folder / "h36m_coco.json", folder)
        np.testing.assert_allclose(world.joints, camera.joints, atol=0.01)
        assert camera.actions.tolist() == ["Directions", "SittingDown", "Greeting", "WalkDog"]
        head = camera.joints[:, H36M17.index("head_top"), 1]
        assert (head < -300).all()  # mm; y is down

    def test_frames_are_pictures_cut_440_pixels_wide(self, shared: Path, tmp_path: Path) -> None:
        annotations = tmp_path / "human36m/annotation_body3d/fps50"
        annotations.mkdir(parents=True)
        (tmp_path / "human36m/images").mkdir()
        for part in ("train", "test"):
            real = (shared / "formats/h36m/test_h36m_body3d.npz").resolve()
            (annotations / f"h36m_{part}.npz").symlink_to(real)
        person = load_pictures([tmp_path], "human36m")[1][0]
        assert person.box is not None
        assert (person.box.x2 - person.box.x1) * 1.25 == pytest.approx(440)
        assert person.skeleton is MPII16
        assert person.labelled.all()
        neck, top = MPII16.index("upper_neck"), MPII16.index("head_top")
        assert person.keypoints[top, 1] < person.keypoints[neck, 1]
        assert len(load_human36m(tmp_path / "human36m")[0]) == 4


def test_statistics_standardise_and_leave_the_pelvis_where_it_is() -> None:
    values = np.random.default_rng(0).normal(50, 9, (200, 17, 3)).astype(np.float32)
    values[:, 0] = 0
    mean, deviation = statistics(values)
    standard = (values - mean) / deviation
    np.testing.assert_allclose(standard[:, 1:].std(axis=0), 1, rtol=1e-3)
    assert (standard[:, 0] == 0).all()


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_that_would_run_code_is_refused_before_it_runs(tmp_path: Path) -> None:
    (tmp_path / "cameras.pkl").write_bytes(pickle.dumps({"R": Bomb(tmp_path / "ran")}))
    np.savez(tmp_path / "data.npz", positions_3d=np.array({"S1": Bomb(tmp_path / "ran")}, object))
    with pytest.raises(ValueError, match=r"was not opened: it asks for pathlib"):
        load_pickle(tmp_path / "cameras.pkl")
    with pytest.raises(ValueError, match=r"was not opened: it asks for pathlib"):
        load_npz_object(tmp_path / "data.npz", "positions_3d")
    assert not (tmp_path / "ran").exists()


def test_plain_pickles_come_back_whole_whatever_numpy_wrote_them(tmp_path: Path) -> None:
    path = tmp_path / "cameras.pkl"
    table = {("S1", "1"): {"R": np.eye(3), "w": 1000, "err": np.float64(2.5), "c": [1, (2,)]}}
    for protocol in (2, 3, 5):
        data = pickle.dumps(table, protocol=protocol)
        path.write_bytes(data.replace(b"numpy._core", b"numpy.core") if protocol == 2 else data)
        loaded = load_pickle(path)["S1", "1"]
        np.testing.assert_array_equal(loaded["R"], np.eye(3))
        assert (loaded["w"], loaded["err"], loaded["c"]) == (1000, 2.5, [1, (2,)])


@pytest.mark.parametrize("content", [b"", b"<html>not found</html>", pickle.dumps([1])[:-3]])
def test_what_is_no_pickle_is_one_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "cameras.pkl").write_bytes(content)
    with pytest.raises(ValueError, match=r"cameras\.pkl was not opened"):
        load_pickle(tmp_path / "cameras.pkl")
    with pytest.raises(ValueError, match="is not an npz file"):
        load_npz_object(tmp_path / "cameras.pkl", "positions_3d")
