"""The command line: what it answers to bad input, and the headless job end to end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.choice import Choice
from app.cli import main
from app.headless import Estimation, settings_of_live_out
from engine.estimator import DEFAULT_BACKBONE, DEFAULT_LIFTER, EstimatorSettings
from engine.messages import first_line, with_file
from engine.models.model_spec import MODELS
from engine.runtimes import PRECISIONS
from engine.session.recording import load_recording
from engine.session.video import count_pictures
from engine.sources.capture import DEMO_CLIP, open_source

ROOT = Path(__file__).parents[1]
shipped = pytest.mark.skipif(
    not (DEMO_CLIP.exists() and (MODELS / DEFAULT_BACKBONE).exists()),
    reason="the shipped models or the demo clip are not in this checkout",
)


def test_importing_the_command_line_loads_neither_qt_nor_a_runtime() -> None:
    code = (
        "import sys, app.cli; print([m for m in ('PyQt6', 'openvino', 'cv2') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"


def test_a_replay_of_no_session_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "main.py", "replay", str(tmp_path)]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "holds no session" in answer.stderr or "No display" in answer.stderr


def test_the_engine_loads_neither_qt_nor_torch() -> None:
    code = (
        "import sys, engine.pipeline.pipeline; "
        "print([m for m in ('PyQt6', 'pyqtgraph', 'torch') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert answer.stdout.strip() == "[]"


@shipped
def test_nothing_calls_home(tmp_path: Path) -> None:
    """Python tells of every address that is connected to or listened at; none is."""
    words = ["record", "--source", "demo", "--out", str(tmp_path / "s"), "--frames", "2"]
    code = f"""
import sys
told = []
calls = [f"socket.{{call}}" for call in ("connect", "bind", "getaddrinfo", "sendto")]
sys.addaudithook(lambda event, args: told.append((event, args)) if event in calls else None)
from app.cli import main
print(main({words}), told)
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert answer.stdout.splitlines()[-1] == "0 []"


@shipped
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--source", "nothing.mp4"], "No file, folder or camera 'nothing.mp4'"),
        (["--source", "77"], "No camera 77. Cameras found:"),
        (["--source", "http://127.0.0.1:9/x"], "does not open"),
        (["--source", "demo", "--backbone", "vgg"], "Unknown backbone 'vgg'"),
        (["--source", "demo", "--runtime", "tensorrt"], "TensorRT"),
        (["--source", "demo", "--out", "/proc/nowhere/s"], "/proc/nowhere"),
        (
            ["--source", "demo", "--people", "7"],
            "--people must be a whole number from 1 to 6, not '7'",
        ),
        (["--source", "demo", "--body-height", "0"], "--body-height must be a number from 0.4"),
        (["--source", "demo", "--body-height", "12"], "to 2.6, not '12'"),
        (["--source", "demo", "--body-height", "abc"], "to 2.6, not 'abc'"),
        (["--source", "demo", "--roll", "180"], "--roll must be a number from -45 to 45"),
        (["--source", "demo", "--people", "two"], "from 1 to 6, not 'two'"),
        (["--source", "demo", "--device", "XPU"], "Unknown device 'XPU'. Did you mean 'NPU'?"),
        (["--source", "demo", "--device", "CPU", "--runtime", "onnxruntime"], "--device is Open"),
        (["--source", "demo", "--out", ""], "--out must be a path, not ''"),
        (["--source", "demo", "--osc", "studio"], "'studio' is not an address: give HOST:PORT"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2_and_leaves_nothing(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "s"
    assert main(["record", "--out", str(out), *arguments]) == 2
    errors = capsys.readouterr().err
    assert says in errors
    assert errors.count("\n") == 1
    assert not out.exists()


def test_a_terminal_that_lacks_a_character_is_written_to_all_the_same() -> None:
    command = [sys.executable, "main.py", "recover", "naïve ☃"]
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, env=environment)
    assert answer.returncode == 2
    assert "naïve \\u2603" in answer.stderr.decode("latin-1")


@shipped
def test_a_picture_of_one_pixel_is_recorded(tmp_path: Path) -> None:
    pictures, take = tmp_path / "pictures", tmp_path / "take"
    pictures.mkdir()
    cv2.imwrite(str(pictures / "1.png"), np.zeros((1, 1, 3), np.uint8))
    assert main(["record", "--source", str(pictures), "--out", str(take), "--video"]) == 0
    assert count_pictures(take / "video.mkv") == 1


def test_recovering_what_is_no_session_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recover", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


@pytest.fixture(autouse=True)
def _chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is chosen where no backbone is named, on every machine."""
    choice = Choice(DEFAULT_BACKBONE, "Default", {})
    monkeypatch.setattr("app.headless.choose", lambda: choice)


def test_every_precision_that_a_runtime_knows_can_be_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = list[str]()

    def record(estimation: Estimation, **_: object) -> int:
        asked.append(estimation.precision)
        return 0

    monkeypatch.setattr("app.headless.record", record)
    command = ["record", "--source", "x", "--out", "y", "--precision"]
    for precision in PRECISIONS:
        assert main([*command, precision]) == 0
    assert asked == list(PRECISIONS)
    assert main([*command, "f8"]) == 2
    assert "Unknown precision 'f8'" in capsys.readouterr().err


@shipped
def test_the_output_says_which_backbone_was_chosen_and_ran(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["record", "--source", "demo", "--out", str(tmp_path / "take"), "--frames", "2"]
    assert main([*command, "--precision", "f32", "--runtime", "openvino"]) == 0
    first, last, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("Default: ")
    assert first.endswith("Another: --backbone NAME.")
    assert last.endswith(f", {DEFAULT_BACKBONE} on openvino f32")
    about = json.loads((tmp_path / "take" / "session.json").read_text())["about"]
    assert about["runtime"].startswith("openvino f32 on ")


@shipped
def test_recording_the_demo_writes_a_session(tmp_path: Path) -> None:
    out = tmp_path / "take"
    command = ["record", "--source", "demo", "--out", str(out), "--frames", "12", "--video"]
    assert main([*command, "overlay"]) == 0
    files = ["poses.npz", "session.json", "take.mp4", "video.mkv"]  # the drawn video is beside it
    assert sorted(path.name for path in out.iterdir()) == files
    recording = load_recording(out)
    assert recording.frame_index.tolist() == list(range(12))
    np.testing.assert_allclose(np.diff(recording.timestamps), 1 / 30, atol=2e-3)
    about = json.loads((out / "session.json").read_text())["about"]
    assert (about["backbone"], about["lifter"]) == (DEFAULT_BACKBONE, DEFAULT_LIFTER)


def test_smoothing_and_threshold_of_a_record_are_of_live_out_and_say_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = settings_of_live_out(EstimatorSettings(), smoothing=0.9, threshold=None)
    assert settings == EstimatorSettings(smoothing=0.9)
    assert "--smoothing: of live out only, the take is raw." in capsys.readouterr().err
    assert main(["record", "--source", "demo", "--out", "x", "--threshold", "30"]) == 2
    assert "--threshold must be a number from 0 to 1" in capsys.readouterr().err


@shipped
def test_the_lifter_is_chosen_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["record", "--source", "demo", "--out", str(tmp_path / "take"), "--frames", "2"]
    assert main([*command, "--lifter", "martinez"]) == 0
    about = json.loads((tmp_path / "take" / "session.json").read_text())["about"]
    assert about["lifter"] == "martinez"
    assert main([*command[:4], str(tmp_path / "other"), "--lifter", "none"]) == 2
    assert "Unknown lifter 'none'." in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


@shipped
def test_a_recorded_video_runs_through_a_backbone_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "take"
    command = ["record", "--source", "demo", "--out", str(out), "--frames", "6", "--video"]
    assert main([*command, "--notes", "a walk"]) == 0
    assert "30.0 frames a second of 30.0" in capsys.readouterr().out
    again = ["rerun", str(out), "--backbone", DEFAULT_BACKBONE]
    assert main(again) == 0
    assert "6 of 6 frames had a picture" in capsys.readouterr().out
    assert main(again) == 2
    assert "--overwrite replaces it" in capsys.readouterr().err
    assert main([*again, "--overwrite"]) == 0
    first, second = load_recording(out), load_recording(out, DEFAULT_BACKBONE)
    assert first.session["notes"] == "a walk"
    apart = np.linalg.norm(second.keypoints2d - first.keypoints2d, axis=-1)
    assert np.nanmedian(apart) < 1.5  # px; the same pictures, but for what H.264 made of them


@shipped
def test_comparing_a_backbone_with_itself_agrees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures := tmp_path / "pictures").mkdir()
    with closing(open_source("demo", realtime=False)) as clip:
        for i in range(12):
            frame = clip.read()
            assert frame
            cv2.imwrite(str(pictures / f"{i}.png"), frame.image[..., ::-1])
    names = f"{DEFAULT_BACKBONE},{DEFAULT_BACKBONE}"
    source, out = str(pictures), str(tmp_path / "c")
    assert main(["compare", "--source", source, "--backbones", names, "--out", out]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    rows = json.loads((tmp_path / "c" / "compare.json").read_text())["backbones"]
    assert [row["agrees_with_first_percent"] for row in rows] == [100, 100]
    assert rows[0]["jitter_percent_of_torso"] == rows[1]["jitter_percent_of_torso"]


@shipped
def test_a_take_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "take"
    command = ["record", "--source", "demo", "--out", str(out), "--frames", "3"]
    assert main(command) == 0
    before = (out / "poses.npz").read_bytes()
    assert main(command) == 2
    assert str(out) in capsys.readouterr().err
    assert (out / "poses.npz").read_bytes() == before


@shipped
@pytest.mark.slow
def test_without_a_display_it_says_so_and_does_the_job(tmp_path: Path) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    picture = tmp_path / "seen.png"
    command = [sys.executable, "main.py", "--source", "demo", "--screenshot", str(picture)]
    answer = subprocess.run(
        [*command, "--after", "5"], capture_output=True, text=True, env=environment, cwd=ROOT
    )
    assert answer.returncode == 0
    assert "No display" in answer.stderr
    assert "5 frames" in answer.stdout
    seen = cv2.imread(str(picture))
    assert seen is not None
    assert seen.shape == (480, 640, 3)


@shipped
@pytest.mark.parametrize("name", ["nowhere/seen.png", "seen.foo"])
def test_a_picture_that_cannot_be_saved_is_told(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for display in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(display, raising=False)
    command = ["--source", "demo", "--screenshot", str(tmp_path / name), "--after", "1"]
    assert main(command) == 2
    assert f"{tmp_path / name} could not be written: is it a .png" in capsys.readouterr().err


def test_what_the_system_refuses_is_told_with_the_file_and_without_a_number() -> None:
    refused = PermissionError(13, "Permission denied", "/takes/1")
    assert with_file(refused) == "/takes/1: Permission denied."
    assert first_line(refused) == "Permission denied"
    assert with_file(OSError("Said by the program.")) == "Said by the program."
