"""``python main.py export``: what it writes, says and answers to bad input."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from app.cli import main
from engine.session.export import FORMATS, csv
from engine.session.recording import load_document
from tests.engine.bodies import make_session
from tests.engine.session.takes import make_scene, record


def run(*arguments: object) -> int:
    return main(["export", *map(str, arguments)])


@pytest.mark.parametrize("name", FORMATS)
def test_it_names_what_it_wrote_and_nothing_else(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    session = make_session(tmp_path / "take")
    assert run(session, "--format", name) == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(session / f"take{FORMATS[name].suffix}")
    assert said.err == ""


def test_it_names_the_file_of_everybody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(tmp_path / "take", *(make_scene(t, 1, 2, subject=2) for t in range(3)))
    assert run(tmp_path / "take", "--format", "trc") == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [str(tmp_path / "take" / name) for name in ("take.trc", "take_1.trc")]


def test_the_clean_result_has_a_file_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = make_session(tmp_path / "take", frames=9)
    assert run(session, "--format", "csv", "--clean", "--cutoff", 4, "--fill", 0.2) == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(session / "take-clean.csv")
    assert "0 swaps mended, gaps filled in 0 frames" in said.err
    assert load_document(session)["clean"]["fill"] == 0.2
    assert run(session, "--format", "csv", "--clean", "--overwrite") == 0
    assert "4 Hz, gaps up to 0.2 s" in capsys.readouterr().err
    assert main(["clean", str(session)]) == 0
    assert str(session / "clean.npz") in capsys.readouterr().out
    assert load_document(session)["clean"]["cutoff"] == 6.0


def test_the_help_knows_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    words = capsys.readouterr().out.replace("|", " ").split()
    assert set(FORMATS) <= set(words)


def test_bad_input_is_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = make_session(tmp_path / "take")
    assert run(session, "--format", "trc") == 0
    capsys.readouterr()
    for arguments, says in (
        ((session, "--format", "trc"), "--overwrite"),
        ((session, "--format", "fbx"), "Unknown format 'fbx'. Known: npz, csv"),
        ((session, "--format", "csv", "--out", "/proc/x.csv"), "Cannot write /proc/x.csv"),
        ((session, "--format", "csv", "--result", "hrnet"), "no result of 'hrnet'"),
        ((session, "--format", "csv", "--clean", "--cutoff", 0), "a number above 0"),
        ((session, "--format", "csv", "--clean", "--fill", "abc"), "a number from 0"),
        ((session, "--format", "csv", "--fill", 1), "add --clean"),
        ((tmp_path, "--format", "csv"), "holds no session"),
        ((session / "poses.npz", "--format", "csv"), "holds no session"),
    ):
        assert run(*arguments) == 2
        errors = capsys.readouterr().err
        assert says in errors
        assert errors.count("\n") == 1
    assert run(session, "--format", "trc", "--overwrite") == 0


def test_ctrl_c_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = make_session(tmp_path / "take")

    def interrupt(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(csv, "write_text", interrupt)
    assert run(session, "--format", "csv") == 130
    assert capsys.readouterr().err == "sandglass: stopped.\n"
    assert {path.name for path in session.iterdir()} == {"poses.npz", "session.json"}
