"""Lifters exported to model folders that the engine runs.

Knows what ``model.json`` says of a lifter; the figures are evaluation.lifter_figures'.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.skeleton import H36M17
from training.artifacts.model_folder import count_gmacs, write_model_folder
from training.datasets.lifting_sets import load_lifting, paper_inputs
from training.datasets.motion.lifter_views import load_poses, training_batch
from training.datasets.motion.ray_views import RATE
from training.evaluation.lifter_figures import evaluate_lifter, lift_with
from training.evaluation.spread import calibrate, held_out_views
from training.models.martinez import INPUTS, Lifter, PaperLifter
from training.models.ray_lifter import RayLifter
from training.recipes.martinez import ANY_CAMERA, LifterRecipe
from training.recipes.ray_lifter import RayRecipe

EXAMPLES = 256  # poses that the export is checked on
TOLERANCE = 2.0  # mm
HALVED_FROM = 1 << 16  # values of a layer; the first ones, which see coordinates, are smaller and
# stay fp32: their rounding moved a joint by up to 2 mm, that of another layer by up to 0.2
EVERYTHING = "all motion capture"
_HDM05 = (
    " The data used in this project was obtained from HDM05 (CC BY-SA 3.0): Müller et al.,"
    " Documentation Mocap Database HDM05, CG-2007-2, Universität Bonn, 2007."
)
LICENCES = {
    ANY_CAMERA: (
        "Weights: Apache-2.0. The data used in this project was obtained from mocap.cs.cmu.edu; the"
        " database was created with funding from NSF EIA-0196217 (free for research and in"
        " products)." + _HDM05
    ),
    EVERYTHING: (
        "Research use: the terms of some of the motion were not seen. The data used in this project"
        " was obtained from mocap.cs.cmu.edu; the database was created with funding from NSF"
        " EIA-0196217 (free for research and in products). Also ACCAD (CC BY 3.0), SFU, OpenCap and"
        " single clips of others." + _HDM05
    ),
    "mocap": "Weights: Apache-2.0." + _HDM05,
    "h36m": "Trained on Human3.6M (Ionescu 2014): academic use only.",
}


def export_lifter(
    recipe: LifterRecipe,
    lifter: Lifter | PaperLifter,
    folder: Path,
    data: Sequence[Path],
    training: Mapping[str, object],
) -> None:
    """Write the model folder with its figures on what its recipe holds out.

    training: how the lifter came about, for ``model.json``. Raises FileNotFoundError where the data
    is missing, ValueError as `write_model_folder` does.
    """
    inputs = _examples(recipe, data)
    arguments = ", ".join(f"{key}={value}" for key, value in recipe.arguments.items())
    spec = {
        "architecture": f"Martinez({arguments})",
        **({"feeds": recipe.feeds} if recipe.feeds else {}),
        "training": training,
        "licence": next(v for key, v in LICENCES.items() if recipe.data.startswith(key)),
        **_measured(recipe, lifter, folder, recipe.data, data, recipe.action),
    }
    lifter.network.bake()
    _write(folder, recipe, lifter, inputs, {"joints": TOLERANCE}, spec)


def export_ray_lifter(
    recipe: RayRecipe,
    lifter: RayLifter,
    folder: Path,
    data: Sequence[Path],
    training: Mapping[str, object],
) -> None:
    """The same of a lifter that is told the camera, its spread calibrated."""
    calibrate(lifter, data)
    views = held_out_views(recipe.seed, data, "actor", lifter.network.window)
    examples = (torch.from_numpy(array[:EXAMPLES]) for array in views[:3])
    inputs = dict(zip(("keypoints", "visible", "camera"), examples, strict=True))
    over_time = {"window": lifter.network.window, "rate": RATE}
    spec = {
        "architecture": f"RayLifter({recipe.network}, width={recipe.width})",
        **(over_time if lifter.network.window > 1 else {}),
        "training": training,
        "licence": LICENCES[EVERYTHING],
        **_measured(recipe, lifter, folder, ANY_CAMERA, data),
    }
    outputs = {"joints": TOLERANCE, "up": TOLERANCE / 1000, "spread": TOLERANCE}
    _write(folder, recipe, lifter, inputs, outputs, spec)


def _measured(
    recipe: LifterRecipe | RayRecipe,
    lifter: Lifter | PaperLifter | RayLifter,
    folder: Path,
    measured_on: str,
    data: Sequence[Path],
    action: str | None = None,
) -> dict[str, object]:
    command = f"python -m training.evaluate {os.path.relpath(folder)} --sets {measured_on}"
    return {
        "trained_on": recipe.trained_on,
        "metrics": {
            "command": command,
            "unit": "P1 and P2 in mm, PCK3D, AUC and within in percent",
            **evaluate_lifter(lift_with(lifter), measured_on, data, action),
        },
    }


def _write(
    folder: Path,
    recipe: LifterRecipe | RayRecipe,
    lifter: Lifter | PaperLifter | RayLifter,
    inputs: Mapping[str, Tensor],
    outputs: Mapping[str, float],
    spec: Mapping[str, object],
) -> None:
    """What every lifter's model.json says, and `write_model_folder`."""
    every: dict[str, object] = {
        "name": recipe.name,
        "task": "lift3d",
        "title": recipe.title,
        "keypoints": list(INPUTS),
        "skeleton": H36M17.name,
        "params": sum(p.numel() for p in lifter.parameters()),
        "gmacs": round(count_gmacs(lifter, [array[:1] for array in inputs.values()]), 5),
    }
    write_model_folder(folder, lifter, inputs, outputs, every | dict(spec), HALVED_FROM)


def _examples(recipe: LifterRecipe, data: Sequence[Path]) -> dict[str, Tensor]:
    """Inputs as the lifter will get them: name → (N, ...)."""
    if recipe.data == ANY_CAMERA:
        rng = np.random.default_rng(recipe.seed)
        keypoints, visible, _ = training_batch(load_poses(data)["actor"], rng, EXAMPLES)
        return {"keypoints": torch.from_numpy(keypoints), "visible": torch.from_numpy(visible)}
    test = load_lifting(data, recipe.data, recipe.action)[1]
    return {"keypoints": torch.from_numpy(paper_inputs(test)[:: len(test) // EXAMPLES + 1])}
