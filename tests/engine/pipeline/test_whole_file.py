"""A file becomes a take of all of its frames."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from engine.estimator import EstimatorSettings
from engine.pipeline import whole_file
from engine.pipeline.whole_file import record_whole
from engine.session.recording import load_recording
from engine.sources.source import SourceError
from tests.conftest import dot_estimator, draw_dots

FRAMES = 12


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of them: somebody who walks."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for i in range(FRAMES):
        cv2.imwrite(str(folder / f"{i}.png"), draw_dots(centre=280 + i)[0][..., ::-1])
    return folder


def test_no_frame_is_left_out_and_how_far_it_is_is_told(pictures: Path, tmp_path: Path) -> None:
    told = list[float]()
    take, settings = tmp_path / "take", EstimatorSettings(people=2)
    done = record_whole(
        str(pictures),
        take,
        dot_estimator(),
        settings,
        video=True,
        notes="all of it",
        progress=told.append,
    )
    recorded = load_recording(take)
    assert done == len(recorded.timestamps) == FRAMES
    assert recorded.frame_index.tolist() == list(range(FRAMES))
    assert (recorded.about["people"], recorded.session["notes"]) == (2, "all of it")
    assert all(0 <= share <= 1 for share in told)


def test_what_was_done_before_it_is_called_off_stays(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class CalledOffError(Exception):
        pass

    def call_off(share: float) -> None:
        if share > 0:
            raise CalledOffError

    monkeypatch.setattr(whole_file, "TICK", 0.0)
    with pytest.raises(CalledOffError):
        record_whole(
            str(pictures),
            tmp_path / "take",
            dot_estimator(),
            EstimatorSettings(),
            progress=call_off,
        )
    assert 0 < len(load_recording(tmp_path / "take").timestamps) < FRAMES


def test_a_file_that_is_not_there_is_told_and_no_take_begun(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        record_whole("nowhere.mp4", tmp_path / "take", dot_estimator(), EstimatorSettings())
    assert not (tmp_path / "take").exists()
