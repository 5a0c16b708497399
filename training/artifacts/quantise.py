"""``python -m training.artifacts.quantise FOLDER …``: an int8 form beside each model.onnx.

NNCF quantises after training, with its defaults. The form is measured on what is held out as the
app would run it, in OpenVINO, and kept only where no figure falls by more than ALLOWED; model.json
then names it, with its figures. What it is calibrated on and judged by is in int8_trials.py; why it
is OpenVINO's own form: docs/decisions/0015-int8.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import openvino as ov

from engine.models.model_spec import Int8Form, ModelSpec, load_spec
from engine.runtimes.openvino import INT8_PARTS
from training.artifacts.int8_trials import Trial, trial_of
from training.artifacts.model_folder import as_json
from training.cli import answer
from training.datasets.picture_sets import DATA

ALLOWED = 0.5  # percent that a figure may fall by
FILE = "model_int8.zip"


def quantise(folder: Path, data: Sequence[Path]) -> str:
    """Make the int8 form of the backbone or finder in ``folder`` anew, and keep it if it is good
    enough; says in one line what came of it.

    Raises ModelError, and FileNotFoundError and ValueError as `trial_of` does.
    """
    spec = load_spec(folder)
    spec.verify()
    trial = trial_of(spec, data)
    _note(folder, None)
    form = _write(spec, trial)
    judged = trial.judge(replace(spec, int8=form))
    worst = max(judged.falls, key=lambda name: judged.falls[name])
    said = f"{worst} falls by {judged.falls[worst]:.1f}, allowed is {ALLOWED} ({spec.name}, {FILE})"
    if judged.falls[worst] > ALLOWED:
        form.file.unlink()
        return f"Not kept: {said}."
    facts = {"file": FILE, "sha256": form.sha256, "calibrated_on": trial.calibrated_on}
    _note(folder, {**facts, "metrics": judged.metrics})
    return f"Kept: {said}."


def _write(spec: ModelSpec, trial: Trial) -> Int8Form:
    os.environ.setdefault("NNCF_CI", "1")  # it is not to tell its makers
    import nncf

    dataset = nncf.Dataset(trial.inputs, lambda picture: {"image": picture})
    quantised = nncf.quantize(
        ov.Core().read_model(str(spec.onnx)),
        dataset,
        subset_size=len(trial.inputs),
        ignored_scope=nncf.IgnoredScope(patterns=list(trial.exact)),
    )
    file = spec.folder / FILE
    with TemporaryDirectory() as scratch, ZipFile(file, "w", ZIP_DEFLATED) as parts:
        ov.save_model(quantised, str(Path(scratch) / INT8_PARTS[0]))
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
    add("folders", type=Path, nargs="+", metavar="FOLDER", help="folders of backbones or finders")
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
