"""A run leaves a line at each turn, in the logger of its package, and none for a frame."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from engine.models.model_spec import find_models
from engine.pipeline.pipeline import Pipeline
from engine.runtimes import RuntimeUnavailableError, open_runtime
from engine.session.finish import recover
from engine.sources.capture import SourceError
from tests.conftest import DotSource, dot_estimator, wait_for
from tests.engine.session.takes import leave_journal


@pytest.fixture(autouse=True)
def _logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def lines(caplog: pytest.LogCaptureFixture, package: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == package]


def test_a_take_from_a_camera_that_is_lost_for_a_while(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cameras = [DotSource(), DotSource()]
    first, waiting = cameras[0], iter(cameras)
    with Pipeline(open_estimator=dot_estimator) as pipeline:
        pipeline.set_backbone("dots")
        pipeline.set_source(lambda: next(waiting))
        wait_for(lambda: pipeline.frames_done > 3)
        pipeline.start_recording(tmp_path / "take")
        wait_for(lambda: pipeline.status.recorded_frames > 3)
        first.error = SourceError("Unplugged.")
        wait_for(lambda: "Reconnected: Dot camera" in lines(caplog, "engine.pipeline"))
    opened = "Opened: Dot camera"
    assert lines(caplog, "engine.sources") == [opened, "Unplugged.", opened]
    assert sorted(lines(caplog, "engine.pipeline")) == [
        "Reconnected: Dot camera",
        "Running 'dots' in dots",
        "Shown: Dot camera",
        "Unplugged. Reconnecting…",
    ]
    begun, finished = lines(caplog, "engine.session")
    assert begun == f"Take begun: {tmp_path / 'take'}, video: False"
    assert finished.startswith(f"Take finished: {tmp_path / 'take'}, ")


def test_a_backbone_that_fails_on_every_frame_is_one_line_with_its_trace(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    estimator, failed = dot_estimator(), []

    def fail(*_: object) -> None:
        failed.append(1)
        raise RuntimeError("out of memory")

    monkeypatch.setattr(estimator, "estimate", fail)
    with Pipeline() as pipeline:
        pipeline.use(estimator)
        pipeline.set_source(DotSource)
        wait_for(lambda: len(failed) > 5)
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.getMessage() == "The backbone failed on a frame: out of memory"
    assert record.exc_info


def test_a_backbone_that_does_not_load_is_logged_with_its_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("Unknown backbone 'vgg'.")

    with Pipeline(open_estimator=refuse) as pipeline:  # type: ignore[arg-type]
        pipeline.set_backbone("vgg")
        wait_for(lambda: pipeline.status.message)
    (record,) = [record for record in caplog.records if record.exc_info]
    assert (record.name, record.getMessage()) == ("engine.pipeline", "'vgg' is not loaded")


def test_what_a_crash_left_is_recovered(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = leave_journal(tmp_path / "take").parent
    recover(folder)
    assert lines(caplog, "engine.session")[-2] == f"Recovering {folder}"


@pytest.mark.skipif(not find_models("lift3d"), reason="needs a shipped lifter in assets/")
def test_automatic_says_what_it_passed_over_and_what_it_opened(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeUnavailableError("No GPU for TensorRT.")

    monkeypatch.setattr("engine.runtimes.available_runtimes", lambda: ("tensorrt", "openvino"))
    monkeypatch.setattr("engine.runtimes.tensorrt.open_model", refuse)
    spec = next(iter(find_models("lift3d").values()))
    open_runtime(spec).close()
    passed, opened = lines(caplog, "engine.runtimes")
    assert passed == "Passed over: No GPU for TensorRT."
    assert opened.startswith(f"Opened '{spec.name}' in openvino f32 on ")
    assert opened.endswith(" ms")


def test_a_model_that_is_left_out_is_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model.json").write_text("{")
    assert find_models("pose2d", tmp_path) == {}
    (line,) = lines(caplog, "engine.models")
    assert line.startswith("Left out: ")
    assert str(tmp_path / "mine") in line
