"""``python -m training.artifacts.quantise FOLDER …``: an int8 form beside each model.onnx.

NNCF quantises after training, with its defaults, calibrated on training crops. The form is measured
on what is held out as the app would run it, in OpenVINO, and kept only where no set falls by more
than ALLOWED; model.json then names it, with its figures. Why it is OpenVINO's own form:
docs/decisions/0015-int8.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import openvino as ov

from engine.keypoints.crop import crop_frame
from engine.models.model_spec import Int8Form, ModelSpec, load_spec
from engine.runtimes import INT8
from engine.runtimes.openvino import INT8_PARTS, OpenVINORuntime
from training.artifacts.metrics_of_folder import command_of
from training.artifacts.model_folder import as_json
from training.cli import answer
from training.datasets.picture_sets import DATA, SETS, load_pictures
from training.datasets.pictures.augment import person_box
from training.evaluation.evaluator import Evaluated, in_runtime
from training.evaluation.figures import headline
from training.evaluation.tables import evaluate_set, tables

CROPS = 300  # that the ranges of activations are taken from
ALLOWED = 0.5  # percent that the headline of a set may fall by
FILE = "model_int8.zip"


def quantise(folder: Path, data: Sequence[Path]) -> str:
    """Make the int8 form of the backbone in ``folder`` anew, and keep it if it is good enough; says
    in one line what came of it.

    Raises ModelError, FileNotFoundError where a set is missing that model.json has figures of,
    ValueError where it has none.
    """
    spec = load_spec(folder)
    spec.verify()
    names = [name for name in SETS if _stated(spec.metrics, name)]
    if not names:
        raise ValueError(f"{folder} has no figures to compare an int8 form with: export it again.")
    crops = calibration_crops(spec, names, data)
    _note(folder, None)
    form = _write(spec, crops)
    with closing(OpenVINORuntime(replace(spec, int8=form), INT8)) as running:
        backbone = in_runtime(spec, running)
        evaluated = {name: evaluate_set(backbone, name, data) for name in names}
    falls = {name: fall(part, spec.metrics, name) for name, part in evaluated.items()}
    worst = max(falls, key=lambda name: falls[name])
    said = f"{worst} falls by {falls[worst]:.1f}, allowed is {ALLOWED} ({spec.name}, {FILE})"
    if falls[worst] > ALLOWED:
        form.file.unlink()
        return f"Not kept: {said}."
    command = f"{command_of(folder, names)} --runtime {running.name} --precision {INT8}"
    what = f"percent, held-out pictures, no flip test, {backbone.computed_by}"
    metrics = {"command": command, "what": what, **tables(evaluated)}
    calibrated = f"{CROPS} training crops of the sets that were measured"
    facts = {"file": FILE, "sha256": form.sha256, "calibrated_on": calibrated}
    _note(folder, {**facts, "metrics": metrics})
    return f"Kept: {said}."


def calibration_crops(
    spec: ModelSpec, names: Sequence[str], data: Sequence[Path]
) -> list[np.ndarray]:
    """CROPS crops (1, H, W, 3) as the backbone gets them, at even distances in the training halves
    of the sets that have one. Raises ValueError where none has.
    """
    halves = [half for name in names if (half := load_pictures(data, name)[0])]
    if not halves:
        raise ValueError(f"{', '.join(names)} hold nothing to train on, which int8 is taken from.")
    chosen = [
        half[i]
        for half in halves
        for i in np.linspace(0, len(half) - 1, CROPS // len(halves), dtype=int)
    ]
    size, padding = spec.input_size, spec.box_padding
    return [crop_frame(p.image(), person_box(p), size, padding).image[None] for p in chosen]


def fall(part: Evaluated, stated: Mapping[str, object], name: str) -> float:
    """By how many percent a set's headline is below what model.json states of model.onnx."""
    row = next(iter(part.rows().values()))
    return round(headline(_stated(stated, name)) - headline(row), 1)


def _stated(metrics: Mapping[str, object], name: str) -> Mapping[str, float]:
    """The row that has a set's headline: of the first metric that knows the set."""
    tables = (table for table in metrics.values() if isinstance(table, Mapping))
    return next((table[name] for table in tables if isinstance(table.get(name), Mapping)), {})


def _write(spec: ModelSpec, crops: Sequence[np.ndarray]) -> Int8Form:
    os.environ.setdefault("NNCF_CI", "1")  # it is not to tell its makers
    import nncf

    dataset = nncf.Dataset(crops, lambda crop: {"image": crop})
    model = ov.Core().read_model(str(spec.onnx))
    file = spec.folder / FILE
    with TemporaryDirectory() as scratch, ZipFile(file, "w", ZIP_DEFLATED) as parts:
        graph = Path(scratch) / INT8_PARTS[0]
        ov.save_model(nncf.quantize(model, dataset, subset_size=len(crops)), str(graph))
        for part in INT8_PARTS:
            parts.write(Path(scratch) / part, part)
    return Int8Form(file, hashlib.sha256(file.read_bytes()).hexdigest())


def _note(folder: Path, form: Mapping[str, object] | None) -> None:
    """Put the form into model.json, or out of it."""
    path = folder / "model.json"
    spec = json.loads(path.read_text("utf-8"))
    spec.pop("int8", None)
    path.write_text(as_json(spec | ({"int8": form} if form else {})), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.artifacts.quantise", description=__doc__
    )
    add = parser.add_argument
    add("folders", type=Path, nargs="+", metavar="FOLDER", help="model folders of backbones")
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    for folder in arguments.folders:
        print(quantise(folder, arguments.data))


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
