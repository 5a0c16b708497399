"""What a finder learns from: scenes read, framed as by a webcam, and turned into maps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.skeleton import COCO17
from engine.types import Box
from tests.training.blocks import HEIGHT, RED, WIDTH, scene_of, write_data, write_zip
from training.datasets.framing import PART, camera_view, frame_of_a_camera, mosaic, sees_all, turned
from training.datasets.picture_sets import load_pictures
from training.datasets.pictures.mistakes import FILE, save
from training.datasets.scenes import (
    decoded,
    empty_window,
    load_mistakes,
    load_scenes,
    part_of,
)
from training.evaluation.mine_mistakes import around, mine
from training.fit.finder_samples import FinderSamples, as_sample
from training.recipes.person_finder import FINDER_RECIPES, person_finder, person_finder_first

SIZE = (256, 256)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("blocks")
    write_data(folder)
    return folder


class TestScenes:
    def test_every_tenth_picture_is_held_out_and_careful_labels_never_teach(
        self, data: Path
    ) -> None:
        scenes = load_scenes([data])
        counts = {kind: (len(s.training), len(s.held_out)) for kind, s in scenes.items()}
        assert counts == {
            "people": (27, 3), "lone": (500, 0), "rooms": (10, 2), "nobody": (8, 2), "coco": (0, 3),
            "rendered": (9, 1),
        }  # fmt: skip

    def test_who_only_measures_reads_no_training_pictures(self, data: Path) -> None:
        scenes = load_scenes([data], learning=False)
        assert not any(both.training for both in scenes.values())
        assert len(scenes["people"].held_out) == 3

    def test_doubted_people_are_unknown_and_keypoints_may_be_open(self, tmp_path: Path) -> None:
        write_data(tmp_path)
        write_zip(tmp_path / "people.zip", [scene_of((10, 20, 50, 100))], ignore=1)
        (doubted,) = load_scenes([tmp_path], learning=False)["people"].held_out
        assert (len(doubted.boxes), doubted.unknown.tolist()) == (0, [[10, 20, 50, 100]])
        nothing = [0.0] * 51
        write_zip(tmp_path / "people.zip", [scene_of((10, 20, 50, 100))], keypoints=nothing)
        (known,) = load_scenes([tmp_path], learning=False)["people"].held_out
        assert np.isnan(known.points).all()

    def test_beside_a_lone_person_everything_is_unknown(self, data: Path) -> None:
        scene = load_scenes([data])["lone"].training[0]
        assert scene.unknown.tolist() == [[0, 0, 20, 30]]
        open_ones = {COCO17.keypoints[i] for i in np.flatnonzero(np.isnan(scene.points[0, :, 0]))}
        assert open_ones == {*COCO17.keypoints[:5], "left_hip"}

    def test_a_missing_zip_is_named(self, tmp_path: Path) -> None:
        write_data(tmp_path)
        (tmp_path / "rooms.zip").unlink()
        with pytest.raises(FileNotFoundError, match=r"No rooms\.zip"):
            load_scenes([tmp_path])

    def test_an_empty_window_holds_nobody(self) -> None:
        scene, rng = scene_of((70, 30, 90, 120)), np.random.default_rng(0)
        windows = [window for _ in range(30) if (window := empty_window(scene, rng))]
        assert len(windows) > 10
        assert not any(_red(part_of(scene, window).image).any() for window in windows)
        assert empty_window(scene_of((0, 0, 160, 120)), rng) is None


class TestFraming:
    @pytest.mark.parametrize("seed", range(40))
    def test_boxes_go_where_their_people_go(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        frame = frame_of_a_camera(SIZE, rng)
        view = camera_view(scene_of((50, 20, 90, 110)), None, frame, SIZE, rng)
        rows, columns = (np.flatnonzero(_red(view.image).any(axis=axis)) for axis in (1, 0))
        seen = [*view.boxes, *view.unknown]
        if not len(rows):
            return
        ((x1, y1, x2, y2),) = seen
        edges = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
        np.testing.assert_allclose([x1, y1, x2, y2], edges, atol=2.5)

    def test_a_person_of_whom_next_to_nothing_is_in_view_is_unknown(self) -> None:
        feet = scene_of((50, -400, 90, 40))
        view = sees_all(feet, SIZE)
        assert PART > 40 / 440
        assert (len(view.boxes), len(view.unknown)) == (0, 1)

    def test_a_head_at_the_lower_edge_is_a_person_whose_feet_are_out_of_view(self) -> None:
        view = sees_all(scene_of((50, 60, 110, 320)), (HEIGHT, WIDTH))
        assert view.boxes.tolist() == [[50, 60, 110, 120]]
        assert view.points[0, -1].tolist() == [110, 320]

    def test_turning_around_swaps_the_sides_of_keypoints(self) -> None:
        scene = scene_of((20, 30, 60, 90))
        views = [turned(scene, np.random.default_rng(seed)) for seed in range(60)]
        mirrored = [v for v in views if v.boxes[0].tolist() == [100, 30, 140, 90]]
        assert mirrored
        left, right = COCO17.index("left_ankle"), COCO17.index("right_ankle")
        assert mirrored[0].points[0, left].tolist() == [100, 90]
        assert mirrored[0].points[0, right] == pytest.approx([102.5, 86.25])
        assert any(v.boxes[0, 1] == 30 and v.boxes[0, 0] == 20 for v in views)
        assert any(v.boxes[0, 1] == 30 and v.image[40, 30].tolist() == RED.tolist() for v in views)

    def test_a_mosaic_holds_the_people_of_its_parts(self) -> None:
        rng = np.random.default_rng(5)
        view = mosaic(lambda: scene_of((40, 10, 120, 110)), SIZE, rng)
        assert view.image.shape == (*SIZE, 3)
        assert len(view.boxes) + len(view.unknown) >= 3
        for x1, y1, x2, y2 in view.boxes:
            assert _red(view.image[int(y1 + y2) // 2, int(x1 + x2) // 2])


class TestSamples:
    def test_what_is_unknown_is_left_out_but_for_the_labelled_person(self) -> None:
        left = np.array([[0, 0, 128, 256]], np.float32)
        picture = np.zeros((256, 256, 3), np.uint8)
        scene = replace(scene_of((40, 40, 80, 120)), image=picture, unknown=left)
        image, centers, known, boxes, _ = as_sample(scene)
        assert image.shape == (256, 256, 3)
        assert known[0, :, 16:].all()
        assert not known[0, 20:, :16].any()
        assert known[centers > 0].all()
        assert np.isfinite(boxes[:, centers[0] > 0]).all()

    def test_a_sample_of_a_number_is_always_the_same(self, data: Path) -> None:
        samples = FinderSamples(person_finder_first(), load_scenes([data]))
        first, again = samples[0, [7, 8]], samples[0, [7, 8]]
        for one, other in zip(first, again, strict=True):
            np.testing.assert_array_equal(one, other)
        assert not np.array_equal(first[0], samples[0, [9, 10]][0])

    def test_a_batch_has_the_shape_of_one_camera(self, data: Path) -> None:
        samples = FinderSamples(person_finder_first(), load_scenes([data]))
        shapes = {samples[0, [8 * i, 8 * i + 1]][0].shape for i in range(20)}
        assert {(2, 160, 192, 3), (2, 128, 192, 3)} < shapes  # 4:3 and 16:9, sides of 32 pixels
        assert {max(shape[1:3]) for shape in shapes} == {192}

    def test_mined_parts_are_drawn_by_how_sure_the_mistake_was(self, data: Path) -> None:
        mined = [scene_of(), scene_of((0, 0, 160, 120))]
        nobody = replace(mined[1], boxes=np.zeros((0, 4), np.float32))
        samples = FinderSamples(
            replace(person_finder(), shares={"empty": 1.0}),
            load_scenes([data]),
            ([mined[0], nobody], np.array([0.0, 1.0])),
        )
        red = [_red(image).any() for image in samples[0, list(range(40))][0]]
        assert 8 < sum(red) < 30


class TestMistakes:
    def test_what_is_around_a_mistake_is_kept_with_its_box(self) -> None:
        image = np.zeros((80, 90, 3), np.uint8)
        kept = around(image, Box(10, 30, 30, 60, 0.7))  # the left edge is near
        assert kept.box == Box(10, 30, 30, 60, 0.7)
        assert decoded(kept.encoded, Path()).shape == (80, 50, 3)
        assert around(image, Box(50, 30, 70, 60, 0.7)).box == Box(20, 30, 40, 60, 0.7)

    def test_mistakes_are_mined_saved_and_learnt_from(self, data: Path, tmp_path: Path) -> None:
        whole = scene_of().image.shape
        boxes = [Box(0, 0, 40, 40, 0.5), Box(0, 0, 40, 40, 0.1), Box(0, 0, 9, 40, 0.9)]
        found = mine(lambda image: boxes if image.shape == whole else [], load_scenes([data]))
        assert save(tmp_path / FILE, found) == 10 + 8  # rooms, and pictures of nobody
        parts, shares = load_mistakes([tmp_path])
        assert {part.image.shape for part in parts} == {(80, 80, 3)}
        np.testing.assert_allclose(shares, 1 / 18)
        pictures, held_out = load_pictures([tmp_path], "mistakes")
        assert (len(pictures), held_out) == (18, [])
        assert pictures[0].box == boxes[0]
        assert not pictures[0].labelled.any()
        assert pictures[0].weights.all()

    def test_a_file_that_is_damaged_or_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match="mine_mistakes"):
            load_mistakes([tmp_path])
        (tmp_path / FILE).write_bytes(b"nothing of the kind")
        with pytest.raises(ValueError, match="mine_mistakes"):
            load_mistakes([tmp_path])


def test_recipes_bear_their_own_names_and_each_goes_on_from_the_one_before() -> None:
    recipes = [recipe() for recipe in FINDER_RECIPES.values()]
    assert [recipe.name for recipe in recipes] == list(FINDER_RECIPES)
    assert [recipe.starts_from for recipe in recipes] == [None, *list(FINDER_RECIPES)[:-1]]


def _red(image: np.ndarray) -> np.ndarray:
    return np.asarray((image[..., 0] > 150) & (image[..., 1:] < 70).all(axis=-1))
