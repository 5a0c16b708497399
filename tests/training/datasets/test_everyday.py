"""Everyday people and rooms: who is read, how they are cut, what their figures are called."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from engine.people.person_box import box_around
from engine.skeleton import COCO17, MPII16
from engine.types import Box
from tests.conftest import SHARED
from training.datasets.picture_sets import load_pictures
from training.datasets.pictures import everyday
from training.datasets.pictures.labels import Split
from training.evaluation.evaluator import Evaluated
from training.evaluation.figures import AGREEMENT, PCK, measured_by
from training.evaluation.tables import pooled

PICTURES = 20
PLACES = np.array([[30 + 2 * k, 10 + 2 * k] for k in range(17)], np.float32)  # of each key point
DETECTED = Box(20, 5, 70, 55, 0.7)
FACE, ARM = COCO17.keypoints[:5], ("left_shoulder", "right_shoulder", "left_elbow")
ALL_BUT_ANKLE = tuple(name for name in COCO17.keypoints if name != "left_ankle")


def tiles(seed: int) -> bytes:
    """A WebP of random tiles, another for each seed."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), np.uint8)
    return cv2.imencode(".webp", small.repeat(10, axis=0).repeat(10, axis=1))[1].tobytes()


def person(image: int, seen: Sequence[str], **more: Any) -> dict[str, Any]:
    known = np.array([name in seen for name in COCO17.keypoints])
    keypoints = np.column_stack([PLACES * known[:, None], 2 * known]).ravel().tolist()
    box = {"bbox": [20, 5, 50, 50], "score": 0.7}
    return {"image_id": image, **box, "keypoints": keypoints, **more}


def write(path: Path, pictures: Sequence[bytes], annotations: Sequence[dict[str, Any]]) -> None:
    images = [{"id": i, "file_name": f"{i}.webp"} for i in range(len(pictures))]
    categories = [{"keypoints": list(COCO17.keypoints)}]
    content = {"images": images, "annotations": annotations, "categories": categories}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("annotations.json", json.dumps(content))
        for i, encoded in enumerate(pictures):
            archive.writestr(f"{i}.webp", encoded)


@pytest.fixture
def people(tmp_path: Path) -> Split:
    """Two in each picture who have a labelled joint, and three who do not count."""
    annotations = []
    for i in range(PICTURES):
        boxed = {"image_id": i, "bbox": [0, 0, 9, 9], "score": 0.5}
        doubted = person(i, ALL_BUT_ANKLE, ignore=1)
        annotations += [person(i, ALL_BUT_ANKLE), person(i, FACE), boxed, doubted, person(i, ARM)]
    write(tmp_path / "people.zip", [tiles(i) for i in range(PICTURES)], annotations)
    return load_pictures([tmp_path], "people")


def test_every_tenth_picture_is_held_out_with_all_of_its_people(people: Split) -> None:
    training, held_out = people
    assert [person.image_id for person in held_out] == [0, 0, 10, 10]
    assert {person.image_id for person in training} == set(range(PICTURES)) - {0, 10}
    assert held_out[0].encoded is held_out[1].encoded
    assert held_out[0].image().shape == (60, 80, 3)


def test_what_is_not_labelled_is_neither_taught_nor_measured(people: Split) -> None:
    whole, arm = people[1][:2]
    ankle, elbow = MPII16.index("left_ankle"), MPII16.index("left_elbow")
    unknown = {"left_ankle", "upper_neck", "head_top"}
    assert whole.labelled.tolist() == [name not in unknown for name in MPII16.keypoints]
    assert whole.weights.tolist() == whole.labelled.tolist()
    assert (whole.keypoints[ankle] == 0).all()
    np.testing.assert_array_equal(arm.keypoints[elbow], PLACES[COCO17.index("left_elbow")])


def test_held_out_people_are_cut_by_the_detectors_box_and_taught_ones_also_by_their_joints(
    people: Split,
) -> None:
    training, held_out = people
    assert {person.box for person in held_out} == {DETECTED}
    around = box_around(PLACES[[name in ALL_BUT_ANKLE for name in COCO17.keypoints]])
    assert [person.box for person in training[:2]] == [DETECTED, around]


def test_a_picture_that_looks_like_a_held_out_one_is_not_taught(tmp_path: Path) -> None:
    pictures = [tiles(i % 10) for i in range(PICTURES)]  # 10 is 0 again, and both are held out
    pictures[5] = tiles(0)
    write(tmp_path / "people.zip", pictures, [person(i, ARM) for i in range(PICTURES)])
    training, _ = load_pictures([tmp_path], "people")
    assert {person.image_id for person in training} == set(range(PICTURES)) - {0, 5, 10}


def test_their_figure_is_agreement_and_teaches_the_scores_nothing(people: Split) -> None:
    whole = people[1][0]
    found, ones = whole.keypoints[None], np.ones((1, 16))
    agreement = Evaluated([whole], found, ones, ones)
    assert agreement.rows().keys() == {AGREEMENT}
    assert agreement.rows()[AGREEMENT]["all"] == 100
    careful = Evaluated([replace(whole, machine_made=False)], found, ones, ones)
    assert measured_by(careful.pictures) == PCK
    assert len(pooled([careful, agreement], slice(None))[0]) == 16


def test_a_room_is_known_to_hold_nobody(tmp_path: Path) -> None:
    write(tmp_path / "rooms.zip", [tiles(i) for i in range(PICTURES)], [])
    training, held_out = load_pictures([tmp_path], "rooms")
    assert [room.image_id for room in held_out] == [0, 10]
    assert len(training) == 18
    assert all(room.weights.all() and not room.labelled.any() for room in training)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the shared data beside the project")
def test_the_real_people_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those too that look like held-out ones: to compare all pictures takes long."""
    monkeypatch.setattr(everyday, "unlike", lambda pictures, _: pictures)
    training, held_out = load_pictures([SHARED], "people")
    assert (len(training), len(held_out)) == (22_334, 1_237)
    assert {p.image_id for p in training}.isdisjoint(p.image_id for p in held_out)
    assert len(load_pictures([SHARED], "rooms")[0]) == 1_899
