"""The mean of what several runs ended with is a run."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from training.checkpoints.average import average
from training.checkpoints.run_folder import CHECKPOINT, as_average, how_trained, load_trained
from training.checkpoints.safe import CheckpointError
from training.recipes.ray_lifter import RayRecipe, ray_lifter

SMALL = replace(ray_lifter(), width=16)


def ended(folder: Path, seed: int, recipe: RayRecipe = SMALL) -> Path:
    """A run of so many hundred samples and hours."""
    torch.manual_seed(seed)
    content = {"recipe": asdict(recipe), "state_dict": as_average(recipe.build())}
    folder.mkdir()
    torch.save(content | {"progress": [100 * seed, 3600.0 * seed]}, folder / CHECKPOINT)
    return folder


def test_the_mean_of_two_runs_is_a_run_that_saw_what_both_saw(tmp_path: Path) -> None:
    runs = [ended(tmp_path / name, seed) for seed, name in enumerate(("one", "other"), 1)]
    average(runs, tmp_path / "mean")
    one, other, mean = (
        dict(load_trained(run)[1].named_parameters()) for run in (*runs, tmp_path / "mean")
    )
    for name, value in mean.items():
        torch.testing.assert_close(value, torch.stack([one[name], other[name]]).mean(dim=0))
    told = how_trained(tmp_path / "mean")
    assert (told["recipe"], told["samples"], told["hours"]) == ("ray_lifter", 300, 3.0)


def test_runs_of_different_recipes_and_a_run_that_is_there_are_refused(tmp_path: Path) -> None:
    one = ended(tmp_path / "one", 1)
    other = ended(tmp_path / "other", 2, replace(SMALL, name="another"))
    with pytest.raises(CheckpointError, match="not of another and ray_lifter"):
        average([one, other], tmp_path / "mean")
    with pytest.raises(FileExistsError, match="choose another name"):
        average([one, one], other)
    assert not (tmp_path / "mean").exists()
