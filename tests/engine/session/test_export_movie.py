"""Movies show the pictures at their times with the skeleton over them, in the sides' colours."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from engine.overlay import SIDE_COLOURS
from engine.session.export.movie import GIF_RATE, GIF_WIDTH
from engine.skeleton import MPII16
from tests.engine.bodies import RATE, exported, make_session
from tests.engine.session.takes import make_person, make_result, record

GREEN = (30, 200, 40)


def frames_of(path: Path) -> tuple[list[float], np.ndarray]:
    """Times in seconds, and (T, H, W, 3) RGB."""
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    return [frame.time for frame in frames], np.stack(
        [frame.to_ndarray(format="rgb24") for frame in frames]
    )


def forearms(folder: Path, frames: int = 8) -> Path:
    """A take without video in which only the forearms are seen: two thick upright lines."""
    points = np.zeros((frames, 16, 2), np.float32)
    scores = np.zeros((frames, 16), np.float32)
    for side, x in (("left", 400), ("right", 100)):
        for joint, y in (("elbow", 60), ("wrist", 420)):
            k = MPII16.index(f"{side}_{joint}")
            points[:, k], scores[:, k] = (x, y), 0.9
    return make_session(folder, frames=frames, keypoints2d=points, scores2d=scores)


@pytest.mark.parametrize("name", ["mp4", "gif"])
def test_without_video_the_skeleton_is_drawn_on_black(tmp_path: Path, name: str) -> None:
    _, pictures = frames_of(exported(forearms(tmp_path / "take"), name))
    picture = pictures[0].astype(int)
    scale = picture.shape[1] / 640
    assert np.median(picture) < 20
    for side, x in (("left", 400), ("right", 100)):
        column = picture[round(200 * scale), round(x * scale) - 2 : round(x * scale) + 3]
        brightest = column[column.sum(axis=1).argmax()]
        colour = np.array(list(bytes.fromhex(SIDE_COLOURS[side][1:])))
        assert (brightest * colour).sum() > 0.95 * np.linalg.norm(brightest) * np.linalg.norm(
            colour
        )


def test_mp4_keeps_pictures_and_times(tmp_path: Path) -> None:
    image = np.full((120, 160, 3), GREEN, np.uint8)
    times = [0.0, 0.033, 0.2, 0.25]
    results = [make_result(i, make_person(), image=image, seconds=t) for i, t in enumerate(times)]
    record(tmp_path / "take", *results, video=True)
    found, pictures = frames_of(exported(tmp_path / "take", "mp4"))
    assert found == pytest.approx(times, abs=0.002)
    assert pictures.shape == (4, 120, 160, 3)
    np.testing.assert_allclose(np.median(pictures, axis=(0, 1, 2)), GREEN, atol=8)
    assert (np.abs(pictures - np.array(GREEN)).max(axis=(1, 2, 3)) > 60).all()  # the skeleton


def test_gif_is_small_enough_to_be_shown_around(tmp_path: Path) -> None:
    times, pictures = frames_of(exported(forearms(tmp_path / "take", frames=31), "gif"))
    assert pictures.shape[2] == GIF_WIDTH
    assert np.diff(times) == pytest.approx(1 / GIF_RATE, abs=0.011)  # in whole hundredths
    assert times[-1] == pytest.approx(30 / RATE, abs=0.011)
