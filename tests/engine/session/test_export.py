"""Exporting: one place is written, whole or not at all, and nothing is replaced unasked."""

from __future__ import annotations

import errno
import os
import sys
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest

from engine.session.export import FORMATS, ExportError, csv, movie
from engine.session.journal import SessionError
from engine.session.recording import POSES, SESSION, load_document, read_arrays
from engine.session.whole_files import write_document
from engine.skeleton import H36M17
from tests.engine.bodies import exported, make_session
from tests.engine.session.takes import leave_journal, make_result

ODD = "a: 100% %d 'ü' {0}\t#"
IN_3D = ("trc", "c3d", "bvh")


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_into_the_session_under_its_name(tmp_path: Path, name: str) -> None:
    session = make_session(tmp_path / "take")
    told: list[float] = []
    target = exported(session, name, progress=told.append)
    assert target == session / f"take{FORMATS[name].suffix}"
    assert target.is_dir() == FORMATS[name].folder
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert {path.name for path in session.iterdir()} == {"poses.npz", "session.json", target.name}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not have such names")
@pytest.mark.parametrize("name", FORMATS)
def test_odd_characters_in_names_do_no_harm(tmp_path: Path, name: str) -> None:
    session = make_session(tmp_path / ODD)
    assert exported(session, name).name == ODD + FORMATS[name].suffix


def test_the_file_goes_where_it_is_told_to(tmp_path: Path) -> None:
    session = make_session(tmp_path / "take")
    (tmp_path / "there").mkdir()
    assert exported(session, "csv", tmp_path / "x.txt") == tmp_path / "x.txt"
    assert exported(session, "csv", tmp_path / "there") == tmp_path / "there" / "take.csv"
    assert exported(session, "openpose", tmp_path / "json") == tmp_path / "json"


@pytest.mark.parametrize("name", ["csv", "c3d", "openpose", "gif"])
def test_an_existing_file_is_replaced_only_when_asked(tmp_path: Path, name: str) -> None:
    session = make_session(tmp_path / "take")
    target = exported(session, name)
    before = content(session)
    with pytest.raises(ExportError, match=r"exists; .* --overwrite"):
        exported(session, name)
    assert content(session) == before
    make_session(tmp_path / "longer" / "take", frames=6)
    exported(tmp_path / "longer" / "take", name, target, overwrite=True)
    assert content(session) != before
    assert not list(session.glob(".*"))


def test_a_folder_of_other_things_is_never_replaced(tmp_path: Path) -> None:
    session = make_session(tmp_path / "take")
    (tmp_path / "home" / "work").mkdir(parents=True)
    with pytest.raises(ExportError, match="other files than an export"):
        exported(session, "openpose", tmp_path / "home", overwrite=True)
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="is no folder"):
        exported(session, "openpose", tmp_path / "file", overwrite=True)
    (tmp_path / "take.csv").mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        exported(session, "csv", tmp_path, overwrite=True)


@pytest.mark.parametrize("name", [POSES, SESSION, "clean.npz", "poses-second.npz"])
def test_no_export_replaces_what_a_take_consists_of(tmp_path: Path, name: str) -> None:
    session = make_session(tmp_path / "take")
    (session / name).touch()
    before = (session / name).read_bytes()
    with pytest.raises(ExportError, match="is a take's own"):
        exported(session, "csv", session / name, overwrite=True)
    assert (session / name).read_bytes() == before


@pytest.mark.parametrize("name", FORMATS)
def test_a_cancelled_export_leaves_nothing(tmp_path: Path, name: str) -> None:
    session = make_session(tmp_path / "take")
    before = content(tmp_path)

    def cancel(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exported(session, name, progress=cancel)
    assert content(tmp_path) == before
    assert not list(session.glob(".*"))


@pytest.mark.parametrize("name", ["csv", "trc", "c3d", "bvh", "coco", "openpose"])
def test_a_file_that_does_not_read_back_is_told_and_removed(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(tmp_path / "take")
    before, really_open = content(tmp_path), Path.open

    def misread(path: Path, mode: str = "r") -> IO[Any]:
        file = really_open(path, mode)
        if mode != "rb" or path.name in ("poses.npz", "session.json"):
            return file
        with file:
            return BytesIO(file.read().replace(b"s", b"S").replace(b"0", b"7"))

    monkeypatch.setattr(Path, "open", misread)
    with pytest.raises(ExportError, match="does not read back as it was written"):
        exported(session, name)
    monkeypatch.undo()
    assert content(tmp_path) == before


@pytest.mark.parametrize("name", ["mp4", "gif"])
def test_a_movie_of_other_pictures_is_told_and_removed(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(tmp_path / "take")
    before = content(tmp_path)
    monkeypatch.setattr(movie, "CLOSE", 0.0)
    with pytest.raises(ExportError, match="does not read back as it was written"):
        exported(session, name)
    assert content(tmp_path) == before


@pytest.mark.parametrize("out", ["/proc/nowhere/x.csv", "{tmp}/missing/x.csv", "{tmp}/file/x.csv"])
def test_a_target_that_cannot_be_written_is_told_in_one_line(tmp_path: Path, out: str) -> None:
    session = make_session(tmp_path / "take")
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match=r"Cannot write .*x\.csv: .*; choose another") as caught:
        exported(session, "csv", Path(out.format(tmp=tmp_path)))
    assert "\n" not in str(caught.value)


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session(tmp_path / "take")
    before = content(tmp_path)

    def fill_the_disk(path: Path, *_: object) -> None:
        path.write_text("half of it")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(csv, "write_text", fill_the_disk)
    with pytest.raises(ExportError, match="No space left on device"):
        exported(session, "csv")
    assert content(tmp_path) == before


def test_what_cannot_be_exported_says_why(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="holds no session"):
        exported(tmp_path, "csv")
    leave_journal(tmp_path / "crashed", make_result(0))
    with pytest.raises(SessionError, match="not finished; type: python main"):
        exported(tmp_path / "crashed", "csv")
    with pytest.raises(ExportError, match=r"Unknown format 'fbx'\. Formats: npz, csv"):
        exported(make_session(tmp_path / "take"), "fbx")
    with pytest.raises(ExportError, match="holds no frames"):
        exported(make_session(tmp_path / "empty", frames=0), "csv")
    shuffled = make_session(tmp_path / "shuffled", joint_names=np.array(H36M17.keypoints[::-1]))
    with pytest.raises(SessionError, match="not those of H36M-17"):
        exported(shuffled, "trc")
    with pytest.raises(SessionError, match="no result of 'hrnet'"):
        exported(tmp_path / "take", "csv", result="hrnet")


@pytest.mark.parametrize("name", FORMATS)
def test_a_take_without_3d_says_so_where_3d_is_needed(tmp_path: Path, name: str) -> None:
    session = make_session(tmp_path / "take", np.full((3, 17, 3), np.nan))
    if name in IN_3D:
        with pytest.raises(ExportError, match=r"holds no 3D pose; npz, csv, .* need none"):
            exported(session, name)
    else:
        exported(session, name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_take_of_nobody_and_one_of_one_frame_are_takes_too(tmp_path: Path, name: str) -> None:
    nobody = np.full((3, 16), np.nan, np.float32)
    nothing = np.full((3, 16, 2), np.nan, np.float32)
    void = np.full((3, 17, 3), np.nan)
    session = make_session(tmp_path / "nobody", void, scores2d=nobody, keypoints2d=nothing)
    if name not in IN_3D:
        exported(session, name)
    exported(make_session(tmp_path / "one", frames=1), name)


def test_the_result_of_another_backbone_is_exported_by_its_name(tmp_path: Path) -> None:
    session = make_session(tmp_path / "take")
    other = make_session(tmp_path / "other", scores2d=np.full((4, 16), 0.5, np.float32))
    (other / "poses.npz").rename(session / "poses-second.npz")
    document = load_document(session)
    write_document(session, document | {"results": {"second": {"skeleton": "mpii16"}}})
    target = exported(session, "npz", result="second")
    assert target.name == "take-second.npz"
    assert (dict(read_arrays(target))["scores2d"] == 0.5).all()
