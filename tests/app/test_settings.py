"""Settings come back as they were saved, and whatever the file holds the app can start."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import Settings, load_settings, save_settings

OTHERS = Settings(
    theme="light",
    mirror=True,
    smoothing=0.25,
    threshold=0.4,
    people=3,
    backbone="hrnet_w32",
    lifter="martinez_weighted",
    runtime="openvino",
    camera="USB Video, Größe 2",
    record_folder="/data/takes, mine",
    record_video=True,
    countdown=5,
    rooms='{"body_height": 1.8, "cameras": {}}',
    modes='{"USB Video": [[1280, 720], 60.0, "MJPG"]}',
    export_format="bvh",
    export_folder="/data/exports",
    uncertainty=False,
    angles=True,
    panels=False,
    arrangement="inset",
    language="ko",
    guided=True,
    geometry="AdnQywAD=",
)


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    assert all(getattr(OTHERS, f.name) != getattr(Settings(), f.name) for f in fields(Settings))
    path = tmp_path / "new folder" / "settings.ini"
    save_settings(path, OTHERS)
    assert load_settings(path) == OTHERS


def test_without_a_file_everything_is_at_its_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.ini") == Settings()


@pytest.mark.parametrize("damage", [b"", b"\0\xff\xfe" * 99, b"[General\ntheme=;%%%\n=\n", b"{}"])
def test_a_damaged_file_gives_the_defaults(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "settings.ini"
    path.write_bytes(damage)
    assert load_settings(path) == Settings()


@pytest.mark.parametrize(
    "line",
    [
        *("theme=pink", "mirror=perhaps", "smoothing=nan", "smoothing=7", "threshold="),
        *("people=0", "people=7", "people=two", "camera=a, b", "arrangement=upside", "language=xx"),
    ],
)
def test_a_value_that_makes_no_sense_leaves_the_others(tmp_path: Path, line: str) -> None:
    path = tmp_path / "settings.ini"
    path.write_text(f"[General]\n{line}\nruntime=openvino\n")
    assert load_settings(path) == Settings(runtime="openvino")


def test_where_settings_cannot_be_written_the_app_says_so_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "settings.ini"
    save_settings(path, OTHERS)
    assert capsys.readouterr().err == f"The settings could not be saved to {path}.\n"
