"""Finding people with a finder: letterbox and maps with their inverses, any kind of frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.keypoints.crop import apply_affine
from engine.models.model_spec import FINDER_STRIDE, ModelError, ModelSpec, get_model
from engine.people.centres import Maps, decode, encode
from engine.people.finder import Finder
from engine.people.letterbox import letterbox
from engine.runtimes import RuntimeUnavailableError, check_outputs, output_shapes
from engine.skeleton import COCO17
from engine.types import Box

SPEC = ModelSpec(
    Path(), "blobs", "find_people", "Blobs", "none", COCO17.keypoints, COCO17, sha256=""
)
CELLS = (32, 32)
PEOPLE = np.array([[20, 30, 80, 250], [120, 100, 160, 180], [200, 8, 250, 40]], np.float32)


def points_of(boxes: np.ndarray) -> np.ndarray:
    """All keypoints of each on the diagonal of the box, (M, 17, 2)."""
    along = np.linspace(0, 1, len(COCO17), dtype=np.float32)[:, None]
    return np.asarray(boxes[:, None, :2] + along * (boxes[:, None, 2:] - boxes[:, None, :2]))


class Blobs:
    """A runtime whose network always sees the same people."""

    name, device, precision, note = "blobs", "none", "f32", ""

    def __init__(self, boxes: np.ndarray = PEOPLE, cells: tuple[int, int] = CELLS) -> None:
        self.maps = encode(boxes, points_of(boxes), cells)

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        self.shape = inputs["image"].shape
        assert inputs["image"].dtype == np.uint8
        maps = {"centers": self.maps.centers, "boxes": self.maps.boxes, "points": self.maps.points}
        return {name: np.nan_to_num(values)[None] for name, values in maps.items()}

    def close(self) -> None:
        pass


def test_decoding_gives_back_the_people_that_were_encoded() -> None:
    found = decode(encode(PEOPLE, points_of(PEOPLE), CELLS), threshold=0.5)
    order = np.argsort(found.boxes[:, 0])
    np.testing.assert_allclose(found.boxes[order], PEOPLE, atol=1e-3)
    np.testing.assert_allclose(found.points[order], points_of(PEOPLE), atol=1e-3)
    assert (found.scores == 1).all()


def test_what_is_not_known_of_a_person_is_left_open() -> None:
    points = points_of(PEOPLE)
    points[:, COCO17.index("left_ankle")] = np.nan
    found = decode(encode(PEOPLE, points, CELLS), threshold=0.5)
    unknown = np.isnan(found.points).all(axis=(0, 2))
    assert [COCO17.keypoints[i] for i in np.flatnonzero(unknown)] == ["left_ankle"]


def test_of_two_people_in_one_place_the_smaller_speaks_in_front_of_the_larger() -> None:
    large, small = np.array([[0, 0, 256, 256], [100, 100, 140, 180]], np.float32)
    maps = encode(np.stack([small, large]), points_of(np.stack([small, large])), CELLS)
    row, column = 140 // FINDER_STRIDE, 120 // FINDER_STRIDE
    left, top, right, bottom = maps.boxes[:, row, column]
    assert (left + right, top + bottom) == (40, 80)


def test_boxes_on_the_same_person_become_the_surest_one() -> None:
    maps = encode(PEOPLE[:1], points_of(PEOPLE[:1]), CELLS)
    row, column = np.argwhere(maps.centers[0] == 1)[0]
    maps.centers[0] *= 0.5
    maps.centers[0, row - 2, column], maps.centers[0, row + 2, column] = 0.7, 0.9
    assert decode(maps, threshold=0.6).scores.tolist() == pytest.approx([0.9])


@pytest.mark.parametrize("shape", [(480, 640), (1920, 1080), (7, 4000), (1, 1), (256, 256)])
def test_a_letterbox_maps_the_corners_of_the_frame_onto_each_other(shape: tuple[int, int]) -> None:
    crop = letterbox(np.full((*shape, 3), 200, np.uint8), (256, 256))
    rows, columns = (np.flatnonzero(crop.image[..., 0].any(axis=axis)) for axis in (1, 0))
    corners = [[columns[0], rows[0]], [columns[-1] + 1, rows[-1] + 1]]
    on_frame = apply_affine(crop.to_frame, np.array(corners, np.float32))
    np.testing.assert_allclose(on_frame, [[0, 0], shape[::-1]], atol=1e-3)
    assert max(len(rows), len(columns)) == 256


def test_people_are_found_in_the_pixels_of_the_frame() -> None:
    """A frame of 640 x 480 is 2.5 times as large as its letterbox, which has 32 rows above it."""
    people = Finder(SPEC, Blobs()).find(np.zeros((480, 640, 3), np.uint8))
    boxes = np.array([[p.box.x1, p.box.y1, p.box.x2, p.box.y2] for p in people])
    expected = (PEOPLE - [0, 32, 0, 32]) * 2.5
    np.testing.assert_allclose(
        boxes[np.argsort(boxes[:, 0])], expected.clip(0, [640, 480] * 2), atol=1e-2
    )
    first = min(people, key=lambda person: person.box.x1)
    np.testing.assert_allclose(first.keypoints[0], expected[0, :2], atol=1e-2)


@pytest.mark.parametrize(
    ("shape", "seen"),
    [
        ((480, 640), (192, 256)),
        ((720, 1280), (160, 256)),
        ((1280, 720), (256, 160)),
        ((300, 300), (256, 256)),
        ((2, 4000), (32, 256)),
        ((1, 1), (256, 256)),
    ],
)
def test_where_the_size_is_free_little_is_left_over(
    shape: tuple[int, int], seen: tuple[int, int]
) -> None:
    runtime = Blobs(np.zeros((0, 4), np.float32))
    for free, expected in ((True, seen), (False, SPEC.input_size)):
        Finder(replace(SPEC, free_size=free), runtime).find(np.zeros((*shape, 3), np.uint8))
        assert runtime.shape == (1, *expected, 3)


def test_without_bars_people_are_where_they_are() -> None:
    people = np.array([[20, 30, 80, 180]], np.float32)
    finder = Finder(replace(SPEC, free_size=True), Blobs(people, cells=(24, 32)))
    (found,) = finder.find(np.zeros((480, 640, 3), np.uint8))
    box = [found.box.x1, found.box.y1, found.box.x2, found.box.y2]
    np.testing.assert_allclose(box, people[0] * 2.5, atol=1e-2)


@pytest.mark.parametrize("shape", [(1, 1), (4000, 8000), (2, 3000), (480, 640)])
@pytest.mark.parametrize("kind", ["black", "white", "noise"])
def test_any_frame_has_an_answer(shape: tuple[int, int], kind: str) -> None:
    rng = np.random.default_rng(1)
    image = np.full((*shape, 3), 255 * (kind == "white"), np.uint8)
    if kind == "noise":
        image[:] = rng.integers(0, 256, (*shape, 1), np.uint8)
    for person in Finder(SPEC, Blobs()).find(image):
        assert 0 <= person.box.x1 < person.box.x2 <= shape[1]
        assert 0 <= person.box.y1 < person.box.y2 <= shape[0]


def test_a_close_up_sees_a_square_around_somebody_and_tells_of_it_in_pixels_of_the_frame() -> None:
    finder, image = Finder(SPEC, Blobs()), np.zeros((480, 640, 3), np.uint8)
    near = finder.find(image, near=Box(100, 120, 200, 180))
    expected = 60 + PEOPLE * 180 / 256
    found = np.array([[p.box.x1, p.box.y1, p.box.x2, p.box.y2] for p in near])
    np.testing.assert_allclose(found[np.argsort(found[:, 0])], expected, atol=1)
    assert all(abs(p.keypoints[0] - [p.box.x1, p.box.y1]).max() < 1 for p in near)


def test_a_close_up_of_somebody_outside_the_frame_has_an_answer() -> None:
    finder = Finder(SPEC, Blobs())
    for x in (-900.0, 900.0):
        finder.find(np.zeros((48, 64, 3), np.uint8), near=Box(x, 0, x + 10, 10))


def test_nobody_is_an_empty_list() -> None:
    nobody = Finder(SPEC, Blobs(np.zeros((0, 4), np.float32)))
    assert nobody.find(np.zeros((480, 640, 3), np.uint8)) == []


def test_a_finder_whose_maps_have_other_shapes_is_refused() -> None:
    check_outputs(SPEC, Blobs())
    assert output_shapes(SPEC)["points"] == (1, 34, *CELLS)
    wrong = Blobs()
    wrong.maps = Maps(wrong.maps.centers, wrong.maps.boxes, wrong.maps.boxes)
    with pytest.raises(RuntimeUnavailableError, match="points"):
        check_outputs(SPEC, wrong)


def test_an_unknown_finder_is_called_a_finder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Unknown finder 'none'"):
        get_model("find_people", "none", tmp_path)
