"""Person finders exported to model folders that the engine runs.

Knows what ``model.json`` says of a finder; the figures are evaluation.finder_tables'.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from engine.models.model_spec import load_spec
from engine.people.letterbox import letterbox
from engine.skeleton import COCO17
from training.artifacts.model_folder import as_json, count_gmacs, write_model_folder
from training.artifacts.quantise import quantise
from training.datasets.picture_sets import LICENCES
from training.datasets.scenes import SCENE_LICENCES, load_scenes
from training.evaluation.finder_tables import command_for, measured
from training.models.person_finder import OUTPUTS, ServedFinder
from training.recipes.person_finder import FinderRecipe

EXAMPLES = 8  # pictures that the check against torch runs on
FREE = {"image": {1: "H", 2: "W"}, **{key: {2: "h", 3: "w"} for key in OUTPUTS}}
TOLERANCES = dict(zip(OUTPUTS, (0.02, 4.0, 4.0), strict=True))  # pixels, also where nobody is


def export_finder(
    recipe: FinderRecipe,
    network: nn.Module,
    folder: Path,
    data: Sequence[Path],
    training: Mapping[str, object],
) -> None:
    """Write the model folder, then its figures on what is held out; its int8 form comes with it
    where that is good enough.

    training: how the finder came about, for ``model.json``. Raises FileNotFoundError where the data
    is missing, ValueError as `write_model_folder` does.
    """
    held_out = {kind: both.held_out for kind, both in load_scenes(data, learning=False).items()}
    seen = [letterbox(s.image, recipe.input_size).image for s in held_out["people"][:EXAMPLES]]
    example, served = torch.from_numpy(np.stack(seen)), ServedFinder(network)
    spec: dict[str, object] = {
        "name": recipe.name,
        "task": "find_people",
        "title": recipe.title,
        "architecture": f"PersonFinder(num_keypoints={len(COCO17)})",
        "keypoints": COCO17.keypoints,
        "skeleton": COCO17.name,
        "input_size": recipe.input_size,
        "free_size": True,
        "trained_on": recipe.trained_on,
        "training": training,
        "licence": f"{SCENE_LICENCES} {LICENCES['lsp_extended']} {LICENCES['coco']}",
        "params": sum(p.numel() for p in network.parameters()),
        "gmacs": round(count_gmacs(served, [example[:1]]), 3),
    }
    write_model_folder(folder, served, {"image": example}, TOLERANCES, spec, free=FREE)
    metrics = {"command": command_for(folder), **measured(load_spec(folder), held_out)}
    (folder / "model.json").write_text(
        as_json(json.loads((folder / "model.json").read_text("utf-8")) | {"metrics": metrics}),
        "utf-8",
    )
    print(quantise(folder, data))
