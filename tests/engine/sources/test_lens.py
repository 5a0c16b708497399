"""What a file or a name says of a camera's focal length."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.sources.folder import FolderSource
from engine.sources.lens import FILM, exif_focal, webcam_focal


def write_jpeg(path: Path, millimetres: int | None) -> Path:
    """A picture of 60x40 whose EXIF gives that 35 mm equivalent focal length, or that has none."""
    content = cv2.imencode(".jpg", np.zeros((40, 60, 3), np.uint8))[1].tobytes()
    if millimetres is not None:
        pointer = struct.pack("<HHHIII", 1, 0x8769, 4, 1, 26, 0)
        focal = struct.pack("<HHHIHHI", 1, 0xA405, 3, 1, millimetres, 0, 0)
        block = b"Exif\0\0II*\0" + struct.pack("<I", 8) + pointer + focal
        head = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
        content = content[:2] + head + content[2:]
    path.write_bytes(content)
    return path


def test_a_folder_knows_its_lens_by_the_first_picture(tmp_path: Path) -> None:
    write_jpeg(tmp_path / "1.jpg", 28)
    write_jpeg(tmp_path / "2.jpg", None)
    source = FolderSource(tmp_path, realtime=False)
    for _ in range(2):
        frame = source.read()
        assert frame
        assert frame.focal
        pixels, known = frame.focal
        assert pixels == pytest.approx(28 / FILM * math.hypot(60, 40))
        assert known == "exif"


@pytest.mark.parametrize("millimetres", [None, 0, 3])
def test_a_picture_without_a_lens_that_can_be_has_none(
    tmp_path: Path, millimetres: int | None
) -> None:
    assert exif_focal(write_jpeg(tmp_path / "1.jpg", millimetres)) is None


def test_a_webcam_is_known_by_its_name() -> None:
    focal = webcam_focal("HD Pro Webcam C920: HD Pro", 720)
    assert focal
    pixels, known = focal
    assert known == "webcam C920"
    assert 2 * math.degrees(math.atan(1280 / 2 / pixels)) == pytest.approx(70.4, abs=0.3)
    assert webcam_focal("Integrated Camera", 720) is None
