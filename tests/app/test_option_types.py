"""What the command line answers to words it cannot use, and where its options may stand."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from app import cli
from app.cli import main
from app.headless import Estimation


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--sorce demo", "No such option '--sorce'"),
        ("recrod", "No such command 'recrod'. (Did you mean one of: 'record'"),
        ("record --source demo --out x --frames 0", "--frames must be a whole number above 0"),
        ("record --source demo --out x --frames many", "a whole number above 0, not 'many'"),
        ("--size huge", "--size must be WxH, as in 1280x720, not 'huge'"),
        ("--fps 0", "--fps must be a number above 0, not '0'"),
        ("--backbone hourglas_2", "Unknown backbone 'hourglas_2'. Did you mean 'hourglass_2'?"),
        ("export x --format bhv", "Unknown format 'bhv'. Did you mean 'bvh'? Known: npz, csv"),
        ("--runtime gpu", "Unknown runtime 'gpu'. Known: auto, tensorrt, openvino"),
        ("--frames 3 record", "No such option '--frames'"),
        ("--websocket 1 recover x", "No such option '--websocket'"),
        ("record --out x", "--source is missing"),
        ("record --source demo", "Missing option '--out'"),
    ],
)
def test_a_word_that_cannot_be_used_is_one_line_that_names_it(
    words: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        "--source demo --size 640x480 --fps 15 record --out x --video",
        "record --source demo --size 640x480 --fps 15 --out x --video",
        "--source demo record --out x --fps 15 --video raw --size 640x480",
    ],
)
def test_options_count_before_and_behind_the_command(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}

    def record(estimation: Estimation, **options: object) -> int:
        given.update(options | asdict(estimation))
        return 0

    monkeypatch.setattr("app.headless.record", record)
    assert main(words.split()) == 0
    expected = {"source": "demo", "size": (640, 480), "fps": 15, "video": "raw"}
    assert expected.items() <= given.items()


def test_the_help_lists_choices_and_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert "auto|tensorrt|openvino|onnxruntime" in said
    assert "python main.py record" in said
    assert main(["export", "--help"]) == 0
    assert "npz|csv|trc|c3d|bvh|coco|openpose|mp4|gif" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("Sandglass, version ")


def test_models_alone_lists_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.models.listing", lambda: "the models")
    assert main(["models"]) == main(["models", "list"]) == 0
    assert capsys.readouterr().out == "the models\nthe models\n"


def test_the_shell_is_told_what_may_follow() -> None:
    ctx = cli.sandglass.make_context("sandglass", ["--source", "demo"])
    (runtime,) = (p for p in cli.sandglass.params if p.name == "runtime")
    found = runtime.type.shell_complete(ctx, runtime, "open")
    assert [item.value for item in found] == ["openvino"]
