"""The int8 form of a model: run where this machine gains by it, given up where it is damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.models.model_spec import ModelError, ModelSpec, load_spec
from engine.runtimes import AUTO, INT8, RuntimeUnavailableError, available_runtimes, open_runtime
from engine.runtimes import openvino as in_openvino
from engine.runtimes.speeds import Speeds
from tests.engine.green_model import INT8 as FILE
from tests.engine.green_model import add_int8, edit, write_green

pytestmark = pytest.mark.skipif("openvino" not in available_runtimes(), reason="needs OpenVINO")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_green(tmp_path / "green")


def faster(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on this machine computes that form faster."""

    class Fixed(Speeds):
        def known(self, _: ModelSpec, asked: str) -> float:
            return 1.0 if asked == form else 2.0

    monkeypatch.setattr(in_openvino, "speeds", lambda: Fixed("here", in_openvino.OpenVINORuntime))


def peak(spec: ModelSpec, precision: str = AUTO) -> tuple[str, str, float]:
    """What runs, what it says of it, and the heatmap's height on green of 200."""
    runtime = open_runtime(spec, "openvino", precision)
    heatmaps = runtime.run({"image": np.full((1, 64, 64, 3), 200, np.uint8)})["heatmaps"]
    runtime.close()
    return runtime.precision, runtime.note, float(heatmaps.max())


@pytest.mark.parametrize("form", [AUTO, INT8])
def test_the_form_that_is_faster_here_runs(
    folder: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    faster(form, monkeypatch)
    precision, note, height = peak(add_int8(folder))
    assert (precision == INT8, note) == (form == INT8, "")
    assert height == pytest.approx(200, rel=0.01)


@pytest.mark.parametrize("precision", ["f32", INT8])
def test_the_precision_may_be_chosen_by_hand(folder: Path, precision: str) -> None:
    ran, note, height = peak(add_int8(folder), precision)
    assert (ran, note) == (precision, "")
    assert height == pytest.approx(200, rel=0.01)


@pytest.mark.parametrize("precision", [AUTO, INT8])
@pytest.mark.parametrize("damage", ["changed", "gone", "no zip", "no network"])
def test_for_a_damaged_int8_form_model_onnx_runs_and_says_so_in_one_line(
    folder: Path, damage: str, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    faster(INT8, monkeypatch)
    contents = {"no zip": b"x", "no network": b"PK\5\6" + bytes(18)}
    spec = add_int8(folder, contents.get(damage))
    if damage == "changed":
        (folder / FILE).write_bytes((folder / FILE).read_bytes() + b"x")
    elif damage == "gone":
        (folder / FILE).unlink()
    ran, note, height = peak(spec, precision)
    assert ran != INT8
    assert FILE in note
    assert note.endswith("Until then model.onnx runs.")
    assert "\n" not in note
    assert height == pytest.approx(200, rel=0.01)


def test_a_precision_that_there_is_not_is_one_line(folder: Path) -> None:
    spec = load_spec(folder)
    with pytest.raises(RuntimeUnavailableError, match="'green' has no int8 form") as error:
        open_runtime(spec, precision=INT8)
    assert "\n" not in str(error.value)
    with pytest.raises(RuntimeUnavailableError, match="onnxruntime computes in f32"):
        open_runtime(spec, "onnxruntime", "bf16")


@pytest.mark.parametrize("form", [{"file": "../x", "sha256": ""}, {"file": FILE}, "int8", 8])
def test_an_int8_form_that_makes_no_sense_is_refused(folder: Path, form: object) -> None:
    with pytest.raises(ModelError, match="does not describe a model"):
        edit(folder, int8=form)
    assert edit(folder, int8=None).int8 is None


def test_what_was_compiled_is_kept_and_a_damaged_one_is_compiled_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    spec, kept = add_int8(folder), tmp_path / "cache" / "sandglass" / "openvino"
    peak(spec, INT8)
    (blob,) = kept.rglob("*.blob")
    whole = blob.read_bytes()
    blob.write_bytes(whole[: len(whole) // 2])
    assert peak(spec, INT8)[2] == pytest.approx(200, rel=0.01)


def test_where_nothing_can_be_kept_it_runs_all_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert peak(add_int8(folder))[1] == ""
