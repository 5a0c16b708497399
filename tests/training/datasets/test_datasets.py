"""Data sets as their authors publish them → labelled pictures and lifting sets.

Each layout is written small; the real files in the shared data are read where they are there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from scipy.io import savemat

from engine.skeleton import COCO17, MPII16
from engine.types import Box
from training.datasets.picture_sets import SETS, load_pictures
from training.datasets.pictures import lsp, mpii

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
