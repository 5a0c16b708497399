"""Pictures, samples, the Hourglass and its loop: what is learned is what will be served."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from engine.heatmaps import decode
from engine.skeleton import MPII16
from tests.conftest import draw_dots
from training.datasets.augment import Augmentation, make_sample
from training.datasets.pictures import Picture, load_pictures
from training.metrics import pck, pck_hits
from training.models import MPII_MEAN
from training.models.hourglass import StackedHourglass
from training.predict import ServedBackbone, heatmaps_of, predict_pictures, truth
from training.recipes import RECIPES, Recipe, Stage
from training.train import Trainer, heatmap_loss, load_average

STILL = Augmentation(rotation=0, scale=0, shift=0, half_body=0, background=0, colour=0)


def dot_picture(size: float = 200, ground: int = 0) -> Picture:
    """Dots on a ground of blue tiles, another for each number."""
    image, keypoints = draw_dots(240, 200, centre=100, top=20, size=size)
    tiles = np.random.default_rng(ground).integers(0, 255, (6, 5), np.uint8)
    image[..., 2] = tiles.repeat(40, axis=0).repeat(40, axis=1)
    labelled = np.ones(16, bool)
    jpeg = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes()
    return Picture("dots", jpeg, keypoints, labelled, labelled.astype(np.float32))


@pytest.mark.parametrize(
    ("stacks", "features", "count"),
    [(1, 256, 3_586_960), (2, 256, 6_730_912), (8, 256, 25_594_624)],
)
def test_parameter_counts_are_the_published_ones(stacks: int, features: int, count: int) -> None:
    network = StackedHourglass(stacks, features)
    assert sum(p.numel() for p in network.parameters()) == count


def test_every_stack_gives_heatmaps_at_a_quarter_of_the_input() -> None:
    maps = StackedHourglass(stacks=2, features=32)(torch.zeros(1, 3, 128, 64))
    assert [tuple(m.shape) for m in maps] == [(1, 16, 32, 16)] * 2


@pytest.mark.parametrize("seed", range(6))
def test_a_sample_shows_each_joint_where_its_target_peaks_flipped_or_not(seed: int) -> None:
    """Dots are coloured by joint: after any flip the colour under a peak must be the joint's."""
    rng = np.random.default_rng(seed)
    sample = make_sample(dot_picture(), 256, 2.0, STILL, rng)
    keypoints, _ = decode(sample.heatmaps)
    x, y = keypoints.round().astype(int).T
    red, green, _ = sample.image[y, x].astype(float).T
    drawn = (255 * red / green / 15).round().astype(int) - 1  # the joint whose dot lies there
    hidden = [MPII16.index("pelvis"), MPII16.index("thorax")]  # by hips and neck
    upright, mirrored = np.delete(np.arange(16), hidden), np.delete(MPII16.flip, hidden)
    seen = np.delete(drawn, hidden)
    assert (seen == upright).all() or (seen == mirrored).all()


def test_a_piece_of_background_has_no_joint_to_find() -> None:
    rng, empty = np.random.default_rng(0), replace(STILL, background=1.0)
    peaks = [
        make_sample(dot_picture(size=90), 64, 1.0, empty, rng).heatmaps.max() for _ in range(9)
    ]
    assert max(peaks) < 0.5


def test_an_unlabelled_joint_is_masked_in_the_loss() -> None:
    targets, weights = torch.rand(1, 16, 8, 8), torch.ones(1, 16)
    weights[0, 3] = 0
    changed = targets.clone()
    changed[0, 3] += 5
    assert heatmap_loss([changed], targets, weights) == 0
    changed[0, 4] += 1
    assert heatmap_loss([changed, changed], targets, weights) == pytest.approx(2 * 64)


def test_pck_counts_labelled_joints_within_a_fifth_of_the_torso() -> None:
    _, keypoints = draw_dots()
    true, labelled = keypoints[None], np.ones((1, 16), bool)
    torso = np.linalg.norm(keypoints[13] - keypoints[2])
    found = true.copy()
    found[0, 0, 0] += 0.19 * torso
    found[0, 1, 0] += 0.21 * torso
    labelled[0, 5] = False
    assert pck(found, true, labelled) == pytest.approx(100 * 14 / 15)
    labelled[0, 13] = False
    assert np.isnan(pck_hits(found, true, labelled)).all()


def write_set(folder: Path, count: int) -> None:
    """A data set of dots in the shared format, under the name of the renders."""
    images, annotations = [], []
    with zipfile.ZipFile(folder / "synthetic.zip", "w") as archive:
        for i in range(count):
            picture = dot_picture(120 + 10 * (i % 9), ground=i)
            name = f"{i:03}.jpg"
            assert isinstance(picture.encoded, bytes)
            archive.writestr(name, picture.encoded)
            images.append({"id": i, "file_name": name})
            flags = np.column_stack([picture.keypoints, np.full(16, 2)])
            annotations.append({"image_id": i, "keypoints": flags.ravel().tolist()})
        categories = [{"keypoints": list(MPII16.keypoints)}]
        parts = {"images": images, "annotations": annotations, "categories": categories}
        archive.writestr("annotations.json", json.dumps(parts))


def small_recipe(images: int) -> Recipe:
    stage = Stage(
        size=64, images=images, batch=8, sigma=1.0, shares={"synthetic": 1.0}, augmentation=STILL
    )
    return replace(
        RECIPES["hourglass_1_small"](),
        model=lambda: StackedHourglass(stacks=1, features=32, depth=3),
        stages=(stage,),
        warmup=40,
    )


def test_a_missing_data_set_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"No lsp_train\.zip in .*docs/training\.md"):
        load_pictures([tmp_path], "lsp")


def test_nothing_held_out_is_trained_on(shared: Path) -> None:
    training, validation = load_pictures([shared], "lsp")
    assert len(validation) == 166
    assert not {p.encoded for p in training} & {p.encoded for p in validation}
    pelvis = MPII16.index("pelvis")
    hips = [MPII16.index("left_hip"), MPII16.index("right_hip")]
    np.testing.assert_allclose(
        training[0].keypoints[pelvis], training[0].keypoints[hips].mean(axis=0)
    )


@pytest.mark.slow
def test_a_run_learns_and_resumes_after_a_kill_to_the_same_weights(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    write_set(tmp_path, 420)
    recipe = small_recipe(images=160)
    whole = Trainer(recipe, tmp_path / "whole", [tmp_path])
    whole.run()

    first = Trainer(recipe, tmp_path / "halves", [tmp_path])
    step = first._step

    def killed(image: torch.Tensor, *rest: Any) -> float:
        if first.total >= 80:
            first._save()
            raise KeyboardInterrupt
        return step(image, *rest)

    first._step = killed  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        first.run()
    second = Trainer(recipe, tmp_path / "halves", [tmp_path])
    assert second.total == 80
    second.run()
    for a, b in zip(whole.model.parameters(), second.model.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-4)
    rows = (tmp_path / "whole" / "curve.csv").read_text().splitlines()
    assert len(rows) == 2
    network = load_average(recipe, tmp_path / "whole" / "last.pt")
    pictures = [dot_picture()] * 2
    found, scores = predict_pictures(heatmaps_of(network, MPII_MEAN), pictures, (64, 64))
    assert found.shape == (2, 16, 2)
    assert scores.shape == (2, 16)
    assert truth(pictures)[1].all()


def test_what_is_served_takes_uint8_and_gives_the_last_stack() -> None:
    network = StackedHourglass(stacks=2, features=32).eval()
    served = ServedBackbone(network, MPII_MEAN).eval()
    image = torch.randint(0, 256, (2, 64, 64, 3), dtype=torch.uint8)
    with torch.inference_mode():
        assert served(image).shape == (2, 16, 16, 16)
