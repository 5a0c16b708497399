"""The room goes with a take: where people were, how the camera looked, how tall they are."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from engine.session.recorded_room import recorded_room, recorded_settings
from engine.session.recording import POSES, YOUNGER_ARRAYS, load_document, load_recording
from engine.session.replay import Replay
from engine.space.room import USUAL_BODY
from engine.types import CameraView
from tests.engine.session.takes import make_person, make_recorder, make_result, record

PLACE = np.array([0.5, 0.9, -3.25], np.float32)
GUESSED = CameraView(554.0, None, None, None, {"focal_px": "guess"})
LEVELLED = CameraView(
    554.0, 12.0, -1.0, 1.8, {"focal_px": "guess", "pitch_deg": "level", "roll_deg": "level"}
)


def test_where_people_are_is_kept_and_nan_where_that_is_not_known(tmp_path: Path) -> None:
    there = replace(make_person(), root=PLACE)
    record(tmp_path / "take", make_result(0, there), make_result(1, make_person()))
    take = load_recording(tmp_path / "take")
    np.testing.assert_array_equal(take.root[0], PLACE)
    assert np.isnan(take.root[1]).all()


def test_the_camera_is_what_it_was_known_to_be_at_the_end(tmp_path: Path) -> None:
    said = {"body_height_m": 1.82, "body_height_by": "typed"}
    with make_recorder(tmp_path / "take", about={"camera": asdict(GUESSED), **said}) as recorder:
        for index, camera in enumerate((GUESSED, LEVELLED, LEVELLED)):
            recorder.write(make_result(index), {"camera": asdict(camera)})
    document = load_document(tmp_path / "take")
    assert document["camera"] == asdict(LEVELLED)
    assert document["body_height_m"] == 1.82
    assert len(document["events"]) == 1
    assert Replay(tmp_path / "take").room.camera == LEVELLED
    again = recorded_settings(document)
    assert (again.pitch, again.roll, again.tilt_by, again.body_height) == (12, -1, "level", 1.82)


def test_a_take_from_before_there_were_rooms_spreads_and_states_opens(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0), make_result(1))
    path = tmp_path / "take" / POSES
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive if name not in YOUNGER_ARRAYS}
    np.savez(path, **arrays)
    take = load_recording(tmp_path / "take")
    assert take.root.shape == (2, 3)
    assert np.isnan(take.root).all()
    assert take.spread.shape == (2, 17, 3)
    (person,) = Replay(tmp_path / "take").frame(0).people
    assert person.state == "tracking"
    assert person.pose3d is not None
    assert person.pose3d.spread is None


@pytest.mark.parametrize("camera", [None, 5, {"focal_px": "far", "pitch_deg": 1e9, "sources": 3}])
def test_what_cannot_be_a_camera_is_an_unknown_one(camera: object) -> None:
    room = recorded_room({"camera": camera, "body_height_m": -1})
    assert room.camera == CameraView()
    assert room.body == USUAL_BODY
    assert recorded_settings({"camera": camera}).tilt is None
