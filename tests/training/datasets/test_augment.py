"""What a backbone is taught is what it will be served: samples shown as people made of dots."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.keypoints.heatmaps import decode
from engine.skeleton import MPII16
from tests.training.dots import STILL, dot_picture
from training.datasets.picture_sets import load_pictures
from training.datasets.pictures.augment import make_sample


@pytest.mark.parametrize("seed", range(6))
def test_a_sample_shows_each_joint_where_its_target_peaks_flipped_or_not(seed: int) -> None:
    """Dots are coloured by joint: after any flip the colour under a peak must be the joint's."""
    rng = np.random.default_rng(seed)
    sample = make_sample(dot_picture(), (256, 256), 2.0, STILL, rng)
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
    picture = dot_picture(size=60)
    peaks = [make_sample(picture, (64, 64), 1.0, empty, rng).heatmaps.max() for _ in range(9)]
    assert max(peaks) < 0.5


def test_nothing_held_out_is_trained_on(shared: Path) -> None:
    training, validation = load_pictures([shared], "lsp")
    assert len(validation) == 166
    assert not {p.encoded for p in training} & {p.encoded for p in validation}
    pelvis = MPII16.index("pelvis")
    hips = [MPII16.index("left_hip"), MPII16.index("right_hip")]
    np.testing.assert_allclose(
        training[0].keypoints[pelvis], training[0].keypoints[hips].mean(axis=0)
    )
