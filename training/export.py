"""``python -m training.export RUN``: what a run has trained → a model folder that the app runs.

RUN is a run folder, a checkpoint, or the name of a recipe whose run is in runs/. The weights are
the averaged ones, stored as fp16; the ONNX is checked against torch before anything is written.
Then its scores are calibrated and its figures measured, on held-out pictures, and its int8 form is
made. Knows what ``model.json`` says of a network; how it is written is in model_folder.py.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.keypoints.crop import crop_frame
from engine.models.model_spec import MODELS, ModelSpec
from engine.skeleton import SKELETONS
from training.artifacts.finder_export import export_finder
from training.artifacts.lifter_export import export_lifter, export_ray_lifter
from training.artifacts.metrics_of_folder import measure_folder
from training.artifacts.model_folder import count_gmacs, write_model_folder
from training.artifacts.quantise import quantise
from training.checkpoints.run_folder import how_trained, load_trained
from training.cli import answer
from training.datasets.picture_sets import DATA, EVERYDAY, LICENCES, PHOTOS, SETS, load_pictures
from training.datasets.pictures.augment import person_box
from training.datasets.pictures.labels import Picture
from training.evaluation.predict import ServedBackbone
from training.evaluation.tables import DEFAULT_SETS
from training.models.martinez import Lifter, PaperLifter
from training.models.ray_lifter import RayLifter
from training.recipes import BACKBONES
from training.recipes.martinez import LifterRecipe
from training.recipes.person_finder import FinderRecipe
from training.recipes.ray_lifter import RayRecipe
from training.recipes.recipe import Recipe

EXAMPLES = 4  # pictures that the check against torch runs on
RENDERED = ("synthetic", "empty")  # sets that are no photographs
SAME_RUN = ("recipe", "seed", "samples")  # by what a run is told from another
TOLERANCE = 0.02  # of the heatmaps, for fp16 weights


def export_backbone(
    recipe: Recipe,
    network: nn.Module,
    folder: Path,
    data: Sequence[Path],
    training: Mapping[str, object],
) -> None:
    """Write the model folder, calibrate its scores, measure it as ``training.evaluate`` does; its
    int8 form comes with it where that is good enough.

    training: how the network came about, for ``model.json``. Raises FileNotFoundError where a data
    set is missing, ValueError as `write_model_folder` does.
    """
    served = ServedBackbone(network, recipe.known.normalisation)
    sets = _measured_on(recipe)
    held_out = {name: load_pictures(data, name)[1] for name in sets if name in SETS}
    example = _examples(next(iter(held_out.values()))[:EXAMPLES], recipe.stages[-1].size)
    spec = {**_describe(recipe, served, example), "training": training}
    write_model_folder(folder, served, {"image": example}, {"heatmaps": TOLERANCE}, spec)
    measure_folder(folder, sets, data)
    print(quantise(folder, data))


def _measured_on(recipe: Recipe) -> list[str]:
    """The sets that every backbone on the shared data is measured on; else the recipe's own."""
    photographs = [name for name in recipe.stages[-1].shares if name not in RENDERED]
    shared = set(photographs) <= {*PHOTOS, *EVERYDAY}
    return DEFAULT_SETS[recipe.skeleton] if shared else photographs


def _taught_by(recipe: Recipe) -> list[str]:
    """The sets of a recipe, then those of the one that it goes on from."""
    names = [name for stage in recipe.stages for name in stage.shares]
    before = BACKBONES[recipe.starts_from]() if recipe.starts_from else None
    return names + (_taught_by(before) if before else [])


def _examples(pictures: Sequence[Picture], size: tuple[int, int]) -> Tensor:
    crops = [crop_frame(p.image(), person_box(p), size).image for p in pictures]
    return torch.from_numpy(np.stack(crops))


def _describe(recipe: Recipe, served: ServedBackbone, example: Tensor) -> dict[str, object]:
    """``model.json`` without what is measured."""
    skeleton, sets = SKELETONS[recipe.skeleton], _taught_by(recipe)
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


def _facts(run: Path, folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """How the network came about: what the run tells, then the command line, then what the folder
    said before of the same run.
    """
    told = how_trained(run)
    given = {key: getattr(arguments, key) for key in ("hours", "hardware", "command")}
    path, before = folder / "model.json", {}
    if path.is_file():
        before = json.loads(path.read_text("utf-8")).get("training", {})
    same = before if all(before.get(key) == told.get(key) for key in SAME_RUN) else {}
    return {**same, **told, **{key: value for key, value in given.items() if value}}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    add = parser.add_argument
    add("run", type=Path, help="a run folder, a checkpoint or a recipe's name")
    add("--out", type=Path, help="the model folder, which names it (default assets/models/RECIPE)")
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    add("--hardware", help="what it was trained on, which the run does not tell")
    add("--hours", type=float, help="of training, where the run does not tell")
    add("--command", help="what trained it, where the run does not tell")
    add("--trained-on", metavar="DATA", help="where it was other than the run's recipe says")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    place = arguments.run if arguments.run.exists() else Path("runs") / arguments.run
    recipe, network = load_trained(place)
    folder = arguments.out or MODELS / recipe.name
    training = _facts(place, folder, arguments)
    recipe = replace(recipe, name=folder.name, trained_on=arguments.trained_on or recipe.trained_on)
    if isinstance(recipe, LifterRecipe):
        assert isinstance(network, Lifter | PaperLifter)
        export_lifter(recipe, network, folder, arguments.data, training)
    elif isinstance(recipe, RayRecipe):
        assert isinstance(network, RayLifter)
        export_ray_lifter(recipe, network, folder, arguments.data, training)
    elif isinstance(recipe, FinderRecipe):
        export_finder(recipe, network, folder, arguments.data, training)
    else:
        export_backbone(recipe, network, folder, arguments.data, training)


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
