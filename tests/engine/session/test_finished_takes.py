"""The takes in a folder are listed, shown by a picture, and renamed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.session.finished_takes import picture_of, rename, takes_in
from engine.session.journal import SessionError
from engine.session.recording import SESSION, load_recording
from tests.engine.session.takes import leave_journal, make_result, record


@pytest.fixture
def records(tmp_path: Path) -> Path:
    for number in (1, 2):
        record(tmp_path / f"take-0{number}", *(make_result(i) for i in range(10 * number)))
    leave_journal(tmp_path / "crashed", make_result(0))
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / SESSION).write_text("{")
    return tmp_path


def test_finished_takes_are_listed_the_newest_first(records: Path) -> None:
    newest, oldest = takes_in(records)
    assert (newest.folder.name, oldest.folder.name) == ("take-02", "take-01")
    assert newest.seconds == pytest.approx(19 / 30, abs=0.01)
    assert newest.tracked == load_recording(newest.folder).session["well_seen"]


def test_what_was_edited_away_is_missing_and_the_take_is_listed(records: Path) -> None:
    document = json.loads((records / "take-01" / SESSION).read_text())
    document |= {"started": 7, "duration": "long", "well_seen": None}
    (records / "take-01" / SESSION).write_text(json.dumps(document))
    take = takes_in(records)[-1]
    assert (take.started, take.seconds, take.tracked) == ("", 0.0, None)


def test_a_picture_shows_the_middle_with_the_skeleton(tmp_path: Path) -> None:
    image = np.full((480, 640, 3), 88, np.uint8)
    record(tmp_path / "take", *(make_result(i, image=image) for i in range(5)), video=True)
    picture = picture_of(tmp_path / "take", height=48)
    assert picture.shape == (48, 64, 3)
    grey = np.abs(picture.astype(int) - 88).max(axis=2) < 12
    assert 0.2 < grey.mean() < 0.98  # the rest is bones


def test_a_take_is_renamed_and_never_over_another(records: Path) -> None:
    renamed = rename(records / "take-01", " walk to the door ")
    assert renamed == records / "walk to the door"
    assert len(load_recording(renamed).timestamps) == 10
    for name, says in (("take-02", "exists already"), ("a/b", "no name"), ("", "no name")):
        with pytest.raises(SessionError, match=says):
            rename(renamed, name)
    assert renamed.is_dir()
