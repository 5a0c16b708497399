"""Pictures made smaller: as large as asked, fine patterns become their mean."""

from __future__ import annotations

import numpy as np
import pytest

from engine.people.shrink import resized


@pytest.mark.parametrize("shape", [(480, 640), (1080, 1920), (405, 721), (192, 256), (30, 20)])
def test_it_is_as_large_as_asked_and_as_bright_as_before(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 255, (*shape, 3), np.uint8)
    small = resized(image, (256, 192))
    assert small.shape == (192, 256, 3)
    assert small.mean(axis=(0, 1)) == pytest.approx(image.mean(axis=(0, 1)), abs=2)


@pytest.mark.parametrize("size", [(320, 240), (256, 192), (64, 48), (161, 121)])
def test_a_fine_pattern_becomes_grey(size: tuple[int, int]) -> None:
    """Where every second pixel were taken, one colour would be left of it."""
    board = 255 * (np.indices((480, 640)).sum(axis=0) % 2).astype(np.uint8)
    small = resized(board[..., None].repeat(3, axis=-1), size)
    assert np.ptp(small) < 8
    assert small.mean() == pytest.approx(127.5, abs=1)
