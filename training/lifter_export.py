"""Lifters measured, and exported to model folders that the engine runs.

Knows what ``model.json`` says of a lifter; the figures are lifter_pairs.py's and lifter_views.py's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.runtimes import Runtime
from engine.skeleton import H36M17
from training.datasets.lifting import load_lifting
from training.lifter import lift_with
from training.lifter_pairs import lifter_inputs, pair_figures
from training.lifter_views import Lift, held_out_figures, load_poses, training_batch
from training.model_folder import count_gmacs, write_model_folder
from training.models.martinez import INPUTS, Lifter, PaperLifter
from training.recipes.martinez import ANY_CAMERA, LifterRecipe

EXAMPLES = 256  # poses that the export is checked on
TOLERANCE = 2.0  # mm
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
    "mocap": "Weights: Apache-2.0." + _HDM05,
    "h36m": "Trained on Human3.6M (Ionescu 2014): academic use only.",
}


def lift_in(runtime: Runtime) -> Lift:
    """An exported lifter as a function of numpy keypoints and visibility."""
    return lambda keypoints, visible: np.asarray(
        runtime.run({"keypoints": keypoints, "visible": visible})["joints"]
    )


def evaluate_lifter(
    lift: Lift, name: str, folders: Sequence[Path], action: str | None = None
) -> dict[str, dict[str, float]]:
    """Figures on what is held out of a lifting set: by action, and for ``any_camera`` by part too.

    action: only that one. Raises ValueError for an unknown set, FileNotFoundError where it is
    missing.
    """
    if name == ANY_CAMERA:
        return held_out_figures(lift, load_poses(folders))
    rows = pair_figures(lift, load_lifting(folders, name, action)[1])
    return {row: {k: round(v, 1) for k, v in figures.items()} for row, figures in rows.items()}


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
    inputs, place = _examples(recipe, data), os.path.relpath(folder)
    arguments = ", ".join(f"{key}={value}" for key, value in recipe.arguments.items())
    spec: dict[str, object] = {
        "name": recipe.name,
        "task": "lift3d",
        "title": recipe.title,
        "architecture": f"Martinez({arguments})",
        "keypoints": list(INPUTS),
        "skeleton": H36M17.name,
        **({"feeds": recipe.feeds} if recipe.feeds else {}),
        "trained_on": recipe.trained_on,
        "training": training,
        "licence": next(v for key, v in LICENCES.items() if recipe.data.startswith(key)),
        "metrics": {
            "command": f"python -m training.evaluate {place} --sets {recipe.data}",
            "unit": "P1 and P2 in mm, PCK3D and AUC in percent",
            **evaluate_lifter(lift_with(lifter), recipe.data, data, recipe.action),
        },
        "params": sum(p.numel() for p in lifter.network.parameters()),
        "gmacs": round(count_gmacs(lifter, [array[:1] for array in inputs.values()]), 5),
    }
    lifter.network.bake()
    write_model_folder(folder, lifter, inputs, {"joints": TOLERANCE}, spec)


def _examples(recipe: LifterRecipe, data: Sequence[Path]) -> dict[str, Tensor]:
    """Inputs as the lifter will get them: name → (N, ...)."""
    if recipe.data == ANY_CAMERA:
        rng = np.random.default_rng(recipe.seed)
        keypoints, visible, _ = training_batch(load_poses(data)["actor"], rng, EXAMPLES)
        return {"keypoints": torch.from_numpy(keypoints), "visible": torch.from_numpy(visible)}
    test = load_lifting(data, recipe.data, recipe.action)[1]
    return {"keypoints": torch.from_numpy(lifter_inputs(test)[:: len(test) // EXAMPLES + 1])}
