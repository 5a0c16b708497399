"""``python -m training.export RUN``: what a run has trained → a model folder that the app runs.

RUN is a run folder, a checkpoint, or the name of a recipe whose run is in runs/. The weights are
the averaged ones, stored as fp16; the ONNX is checked against torch before anything is written.
Knows what ``model.json`` says of a network; how it is written is in model_folder.py.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.crop import crop_frame
from engine.model_spec import MODELS, ModelSpec
from engine.skeleton import SKELETONS
from training.command import answer
from training.datasets.augment import person_box
from training.datasets.labels import Picture
from training.datasets.pictures import DATA, LICENCES, load_pictures
from training.figures import measured_by
from training.judge import Backbone, judge, open_subject
from training.lifter_export import export_lifter
from training.model_folder import count_gmacs, write_model_folder
from training.models.martinez import Lifter, PaperLifter
from training.predict import ServedBackbone
from training.recipes.martinez import LifterRecipe
from training.recipes.recipe import Recipe
from training.trained import load_trained

EXAMPLES = 4  # pictures that the check against torch runs on
RENDERED = ("synthetic", "empty")  # sets that are no photographs: not measured on
TOLERANCE = 0.02  # of the heatmaps, for fp16 weights


def export_backbone(recipe: Recipe, network: nn.Module, folder: Path, data: Sequence[Path]) -> None:
    """Write the model folder and measure it, as ``python -m training.evaluate`` does.

    Raises FileNotFoundError where a data set is missing, ValueError as `write_model_folder` does.
    """
    served = ServedBackbone(network, recipe.known.normalisation)
    last = recipe.stages[-1]
    photographs = [name for name in last.shares if name not in RENDERED]
    held_out = {name: load_pictures(data, name)[1] for name in photographs}
    example = _examples(held_out[photographs[0]][:EXAMPLES], last.size)
    spec = _describe(recipe, served, example)
    write_model_folder(folder, served, {"image": example}, "heatmaps", spec, TOLERANCE)
    _add_metrics(folder, held_out)


def _examples(pictures: Sequence[Picture], size: tuple[int, int]) -> Tensor:
    crops = [crop_frame(p.image(), person_box(p), size).image for p in pictures]
    return torch.from_numpy(np.stack(crops))


def _describe(recipe: Recipe, served: ServedBackbone, example: Tensor) -> dict[str, object]:
    """``model.json`` without what is measured."""
    skeleton, sets = SKELETONS[recipe.skeleton], recipe.stages[-1].shares
    arguments = {**recipe.arguments, "num_keypoints": len(skeleton)}
    listed = ", ".join(f"{key}={value}" for key, value in arguments.items())
    return {
        "name": recipe.name,
        "task": "pose2d",
        "title": recipe.title,
        "architecture": f"{recipe.network}({listed})",
        "keypoints": skeleton.keypoints,
        "skeleton": skeleton.name,
        "input_size": recipe.stages[-1].size,
        "box_padding": ModelSpec.box_padding,
        "trained_on": recipe.trained_on,
        "licence": " ".join(dict.fromkeys(LICENCES[name] for name in sets if name != "empty")),
        "params": sum(p.numel() for p in served.network.parameters()),
        "gmacs": round(count_gmacs(served, [example[:1]]), 3),
    }


def _add_metrics(folder: Path, held_out: Mapping[str, list[Picture]]) -> None:
    with open_subject(folder) as backbone:
        assert isinstance(backbone, Backbone)
        judged = {name: judge(backbone, pictures) for name, pictures in held_out.items()}
    rows = {name: part.row for name, part in judged.items()}
    metrics = " and ".join(dict.fromkeys(measured_by(j.pictures) for j in judged.values()))
    path = folder / "model.json"
    spec = json.loads(path.read_text("utf-8"))
    spec["metrics"] = {
        "command": f"python -m training.evaluate {os.path.relpath(folder)} --sets {' '.join(rows)}",
        "what": f"{metrics} in percent, held-out pictures, no flip test, {backbone.computed_by}",
        **rows,
    }
    path.write_text(json.dumps(spec, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(rows, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    add = parser.add_argument
    add("run", type=Path, help="a run folder, a checkpoint or a recipe's name")
    add("--out", type=Path, help="the model folder (default assets/models/RECIPE)")
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    named = Path("runs") / arguments.run
    recipe, network = load_trained(arguments.run if arguments.run.exists() else named)
    folder = arguments.out or MODELS / recipe.name
    if isinstance(recipe, LifterRecipe):
        assert isinstance(network, Lifter | PaperLifter)
        export_lifter(recipe, network, folder, arguments.data)
    else:
        export_backbone(recipe, network, folder, arguments.data)


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
