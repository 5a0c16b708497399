"""Session folders that were damaged, cut off or made by others are told; nothing is executed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.session.journal import SessionError
from engine.session.recording import POSES, SESSION, load_recording
from tests.engine.session.takes import make_result, record, replace_array


def test_what_is_no_session_is_told(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="holds no session"):
        load_recording(tmp_path)
    (tmp_path / SESSION).write_text('{"format": "sandglass-session", "version": 2}')
    with pytest.raises(SessionError, match="session version 2"):
        load_recording(tmp_path)
    (tmp_path / SESSION).write_text("{")
    with pytest.raises(SessionError, match=r"session\.json cannot be read"):
        load_recording(tmp_path)


@pytest.mark.parametrize("keep", [0, 10, 400, 3000])
def test_cut_off_poses_are_told(tmp_path: Path, keep: int) -> None:
    record(tmp_path / "take", *(make_result(index) for index in range(10)))
    poses = tmp_path / "take" / POSES
    poses.write_bytes(poses.read_bytes()[:keep])
    with pytest.raises(SessionError, match=r"poses\.npz cannot be read"):
        load_recording(tmp_path / "take")


def test_poses_of_another_shape_are_told(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0))
    replace_array(tmp_path / "take" / POSES, scores2d=np.zeros((2, 16), np.float32))
    with pytest.raises(SessionError, match="arrays of shapes"):
        load_recording(tmp_path / "take")


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_loading_executes_nothing(tmp_path: Path) -> None:
    record(tmp_path / "take", make_result(0))
    trap = np.array([Trap(tmp_path / "sprung")], dtype=object)
    replace_array(tmp_path / "take" / POSES, timestamps=trap)
    with pytest.raises(SessionError, match="Object arrays cannot be loaded"):
        load_recording(tmp_path / "take")
    assert not (tmp_path / "sprung").exists()
