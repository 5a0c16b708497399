"""Model folders and runtimes: what is read, what is refused, that all runtimes agree."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.keypoints.backbone import Backbone
from engine.keypoints.crop import crop_frame
from engine.models.model_spec import (
    MODELS,
    ModelError,
    ModelSpec,
    find_models,
    get_model,
    load_spec,
    user_models,
)
from engine.runtimes import (
    AUTO,
    RUNTIMES,
    RuntimeUnavailableError,
    available_runtimes,
    example_inputs,
    open_runtime,
)
from engine.sources.capture import open_source
from engine.space.lifter import View
from engine.types import Box
from tests.engine.green_model import edit, write_green
from tests.engine.shipped import OF_EACH_ARCHITECTURE, SHIPPED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_green(tmp_path / "green")


def test_a_model_folder_is_found_by_its_name(folder: Path) -> None:
    assert list(find_models("pose2d", folder.parent)) == ["green"]
    assert get_model("pose2d", "green", folder.parent).input_size == (64, 64)


def test_a_model_of_the_users_own_comes_before_the_shipped_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = list(find_models("pose2d", MODELS))
    monkeypatch.setattr("platformdirs.user_data_path", lambda _: tmp_path)
    assert list(find_models("pose2d")) == shipped
    own = user_models() / "green"
    shutil.copytree(folder, own)
    assert list(find_models("pose2d")) == ["green", *shipped]
    assert get_model("pose2d", "green").folder == own
    assert find_models("pose2d", own.parent, folder.parent)["green"].folder == own
    assert get_model("pose2d", "green", folder.parent, own.parent).folder == folder


def test_a_calibration_makes_scores_of_heatmap_peaks(folder: Path) -> None:
    """Half of the green there is, taken for a chance of 0.9; the place stays."""
    pictures, box = np.full((1, 64, 64, 3), 128, np.uint8), Box(0, 0, 64, 64)
    plain, calibrated = (
        edit(folder, score_calibration=points) for points in ([], [[0, 0], [128, 0.9], [255, 1]])
    )
    assert edit(folder, score_calibration=None).score_calibration == ()
    raw, sure = (
        Backbone(spec, open_runtime(spec, "onnxruntime")).find(pictures[0], [box], {})[0]
        for spec in (plain, calibrated)
    )
    np.testing.assert_allclose(raw.scores, 128)
    np.testing.assert_allclose(sure.scores, 0.9)
    np.testing.assert_array_equal(raw.keypoints, sure.keypoints)


@pytest.mark.parametrize(
    "points",
    [[[0, 0], [0.5, 0.6], [0.4, 0.9]], [[0, 0.5], [1, 0.4]], [[0, 0], [1, 1.2]], [0, 1], "ab"],
)
def test_a_calibration_that_does_not_rise_is_refused(folder: Path, points: object) -> None:
    with pytest.raises(ModelError, match="does not describe a model"):
        edit(folder, score_calibration=points)


def test_feeds_are_read_for_each_skeleton(folder: Path) -> None:
    feeds = {"mpii16": {"spine": "thorax"}}
    assert edit(folder, feeds=feeds).feeds == feeds
    with pytest.raises(ModelError, match="does not describe"):
        edit(folder, feeds={"mpii16": "thorax"})


def test_an_unknown_backbone_is_answered_with_what_there_is(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"Unknown backbone .red.*green"):
        get_model("pose2d", "red", folder.parent)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"skeleton": "smpl24"}, "smpl24"),
        ({"task": "segment"}, "segment"),
        ({"keypoints": ["nose"]}, "keypoints"),
        ({"input_size": "big"}, "does not describe"),
        ({"sha256": None, "title": None, "keypoints": 5}, "does not describe"),
    ],
)
def test_a_model_json_that_makes_no_sense_is_refused(
    folder: Path, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(ModelError, match=says) as error:
        edit(folder, **changes)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"task": 1}'])
def test_what_is_no_model_json_is_refused(folder: Path, text: str) -> None:
    (folder / "model.json").write_text(text)
    with pytest.raises(ModelError, match=r"model\.json"):
        load_spec(folder)


def test_a_changed_network_file_is_refused(folder: Path) -> None:
    with (folder / "model.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match="sha256"):
        open_runtime(load_spec(folder))


def test_a_network_that_does_not_fit_its_model_json_is_refused(folder: Path) -> None:
    with pytest.raises(RuntimeUnavailableError, match="green"):
        open_runtime(edit(folder, input_size=[128, 128]))


def test_auto_takes_the_first_runtime_that_works(folder: Path) -> None:
    runtime = open_runtime(load_spec(folder))
    assert runtime.name in available_runtimes()
    assert runtime.device
    assert runtime.precision in {"f32", "bf16", "f16"}
    image = np.zeros((1, 64, 64, 3), np.uint8)
    image[:, 8:12, 4:8, 1] = 200
    heatmaps = runtime.run({"image": image})["heatmaps"]
    assert heatmaps[0, 5, 2, 1] == pytest.approx(200, rel=0.01)
    assert heatmaps.sum() == pytest.approx(16 * 200, rel=0.01)
    runtime.close()


SIGNALLED = """
import signal, sys
from pathlib import Path
from engine.models.model_spec import load_spec
from engine.runtimes import open_runtime
signal.signal(signal.SIGTERM, lambda *_: print("handled"))
first, second = (open_runtime(load_spec(Path(sys.argv[1])), "openvino") for _ in range(2))
first.close()
second.close()
del first, second
signal.raise_signal(signal.SIGTERM)
"""


def test_a_signal_after_backbones_were_closed_is_no_crash(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SIGNALLED, folder], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "handled\n"), done.stderr


def test_a_runtime_that_is_not_there_says_how_to_get_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RUNTIMES, "onnxruntime", (("no_such_module",), "pip install it"))
    with pytest.raises(RuntimeUnavailableError, match="pip install it"):
        open_runtime(load_spec(folder), "onnxruntime")
    with pytest.raises(RuntimeUnavailableError, match="Known: auto, tensorrt"):
        open_runtime(load_spec(folder), "caffe")


def crops_of_the_demo_clip(size: tuple[int, int], count: int) -> np.ndarray:
    """(count, H, W, 3) uint8. On noise a network answers next to nothing: only rounding is left."""
    source = open_source("demo", realtime=False)
    frames = [frame for frame in (source.read() for _ in range(count)) if frame]
    source.close()
    height, width = frames[0].image.shape[:2]
    return np.stack([crop_frame(f.image, Box(0, 0, width, height), size).image for f in frames])


@pytest.mark.parametrize("spec", OF_EACH_ARCHITECTURE, ids=lambda spec: spec.name)
def test_every_runtime_present_gives_the_same_answer(spec: ModelSpec) -> None:
    rng = np.random.default_rng(0)
    inputs = example_inputs(spec, count=3)
    if spec.task == "pose2d":
        inputs["image"] = crops_of_the_demo_clip(spec.input_size, count=3)
    else:
        inputs["keypoints"] = rng.uniform(0, 400, inputs["keypoints"].shape).astype(np.float32)
        inputs["visible"][:] = 1
    if "camera" in inputs:
        inputs["camera"][:] = View.guessed(400, 400).as_input()
    answers: dict[str, dict[str, np.ndarray]] = {}
    for name in available_runtimes():
        try:
            runtime = open_runtime(spec, name, AUTO if name == "tensorrt" else "f32")
        except RuntimeUnavailableError as error:
            print(f"{name} left out: {error}")
            continue
        answers[name] = {output: values.copy() for output, values in runtime.run(inputs).items()}
        runtime.close()
    for output, reference in answers["openvino"].items():
        scale = np.abs(reference).max()
        for name, answer in answers.items():
            assert np.abs(answer[output] - reference).max() <= 0.02 * scale, (name, output)


@pytest.mark.parametrize("spec", SHIPPED, ids=lambda spec: spec.name)
def test_shipped_models_are_what_they_say(spec: ModelSpec) -> None:
    spec.verify()
    assert spec.folder == MODELS / spec.name
    assert spec.metrics
    assert spec.licence
    assert spec.trained_on
    assert spec.params > 0
