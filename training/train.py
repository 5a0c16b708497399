"""``python -m training.train RECIPE``: a recipe and its data → a trained network in a run folder.

With ``--together`` several networks learn in one run, each in a folder of its own within the run's.
The folder holds ``last.ckpt`` (a run resumes from it by itself), ``curve.csv`` and TensorBoard's
log. Knows the command line and Lightning's trainer; what is trained and how is the recipe's.
"""

from __future__ import annotations

import argparse
import dataclasses
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightning.pytorch as pl
import torch
from lightning.pytorch.callbacks import Callback, RichProgressBar
from lightning.pytorch.loggers import TensorBoardLogger
from lightning.pytorch.utilities import rank_zero_only

from training.checkpoints.run_folder import CHECKPOINT, recipe_in
from training.checkpoints.safe import read_checkpoint
from training.cli import answer
from training.datasets.picture_sets import DATA
from training.fit.backbone import open_backbone
from training.fit.begin import begin, teach
from training.fit.callbacks import KeepLast, quiet
from training.fit.finder import open_finder
from training.fit.learner import Learner
from training.fit.lifter import open_lifter
from training.fit.memory import keep_memory
from training.fit.picture_samples import open_pictures
from training.fit.ray_lifter import open_ray_lifter
from training.fit.samples import Samples
from training.fit.together import Together
from training.recipes import RECIPES
from training.recipes.martinez import LifterRecipe
from training.recipes.person_finder import FinderRecipe
from training.recipes.ray_lifter import RayRecipe
from training.recipes.recipe import Recipe
from training.recipes.together import BATCH, CPU_BATCH, MINUTES, RATES, together

RUNS = Path("runs")
SHARED_LATE = "ddp_find_unused_parameters_true"  # students have no gradient until they join


def open_run(
    recipe: Recipe | LifterRecipe | RayRecipe | FinderRecipe,
    folders: Sequence[Path],
    limit: int | None = None,
) -> tuple[Learner, Samples]:
    """The network under training and its samples, for Lightning; limit: see `open_pictures`."""
    torch.manual_seed(recipe.seed)
    if isinstance(recipe, LifterRecipe):
        return open_lifter(recipe, folders)
    if isinstance(recipe, RayRecipe):
        return open_ray_lifter(recipe, folders)
    if isinstance(recipe, FinderRecipe):
        return open_finder(recipe, folders)
    if recipe.students:
        return Together(recipe), open_pictures(recipe, folders, limit)
    return open_backbone(recipe, folders, limit)


def precision() -> Any:
    """bf16 where the hardware has it, else fp16 on a GPU and fp32 on a CPU."""
    if torch.cuda.is_available():
        return "bf16-mixed" if torch.cuda.is_bf16_supported() else "16-mixed"
    return "bf16-mixed" if torch.cpu._is_avx512_bf16_supported() else "32-true"


def open_trainer(folder: Path, epochs: int, **options: Any) -> pl.Trainer:
    """Lightning's trainer for a run that writes into ``folder``; options are `pl.Trainer`'s."""
    keep_memory()
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)  # no tips, no devices
    bar: list[Callback] = [RichProgressBar(refresh_rate=10)] if sys.stdout.isatty() else []
    settings: dict[str, Any] = {
        "precision": precision(),
        "devices": 1,
        "callbacks": [KeepLast(folder / CHECKPOINT), *bar],
        "enable_progress_bar": bool(bar),
        "logger": TensorBoardLogger(folder, name="tensorboard", version=""),
    }
    return pl.Trainer(
        default_root_dir=folder,
        max_epochs=epochs,
        use_distributed_sampler=False,
        enable_model_summary=False,
        **{**settings, **options},
    )


def train(trainer: pl.Trainer, learner: Learner, samples: Samples) -> None:
    """Run to the end, from where the trainer's folder says, and keep the result there.

    Raises ValueError where the folder holds the run of another recipe.
    """
    last = Path(trainer.default_root_dir) / CHECKPOINT
    if last.exists():
        _check_same(learner.recipe, recipe_in(read_checkpoint(last), last), last)
    with quiet():
        trainer.fit(learner, samples, ckpt_path=last if last.exists() else None, weights_only=True)
    trainer.save_checkpoint(last, weights_only=False)


def _check_same(mine: Any, found: Any, path: Path) -> None:
    if mine.name != found.name:
        raise ValueError(f"{path} is a run of {found.name}: give --run another folder.")
    for field in dataclasses.fields(mine):
        before, now = getattr(found, field.name, None), getattr(mine, field.name)
        if before != now:
            _say(f"{path}: {field.name} was {before}, goes on with {now}")


@rank_zero_only
def _say(line: str) -> None:
    print(line, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("recipe", nargs="?", metavar="RECIPE", help=", ".join(sorted(RECIPES)))
    what.add_argument("--together", nargs="+", metavar="NETWORK", help=", ".join(RATES))
    add = parser.add_argument
    add("--minutes", type=float, help="that long it learns, whatever the recipe's length")
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    add("--run", type=Path, help="folder of the run (default runs/RECIPE or runs/together)")
    add("--weights", type=Path, help="start from this run, model folder or official file")
    add("--seed", type=int, help="other samples than the recipe's, for a run that goes on")
    add("--devices", type=int, default=1, help="GPUs (or processes) of this machine")
    add("--nodes", type=int, default=1, help="machines, each started with this command")
    add("--accumulate", type=int, default=1, help="parts that a batch too large is cut into")
    add("--threads", type=int, help="CPU threads of a process")
    add("--limit", type=int, help="take only so many training pictures of each set")
    add("--max-steps", type=int, help="a trial of so many steps, nothing is kept")
    return parser.parse_args()


def _chosen(arguments: argparse.Namespace) -> Recipe | LifterRecipe | RayRecipe | FinderRecipe:
    """The recipe that the command line names. Raises ValueError where there is none."""
    minutes = arguments.minutes
    if minutes is not None and not minutes > 0:
        raise ValueError(f"--minutes {minutes:g}: a run has more than 0.")
    if arguments.together and arguments.seed is not None:
        raise ValueError("--seed goes with a recipe, not with --together.")
    if arguments.together:
        batch = BATCH if torch.cuda.is_available() else CPU_BATCH
        return together(arguments.together, minutes or MINUTES, batch)
    if arguments.recipe not in RECIPES:
        raise ValueError(f"No recipe {arguments.recipe}. There are {', '.join(sorted(RECIPES))}.")
    recipe = RECIPES[arguments.recipe]()
    seed = recipe.seed if arguments.seed is None else arguments.seed
    schedule = recipe.schedule
    if minutes is not None:
        schedule = dataclasses.replace(schedule, minutes=minutes)
    return dataclasses.replace(recipe, schedule=schedule, seed=seed)


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    recipe = _chosen(arguments)
    folder = arguments.run or RUNS / ("together" if arguments.together else recipe.name)
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    several = arguments.devices * arguments.nodes > 1
    options: dict[str, Any] = {
        "strategy": SHARED_LATE if several and getattr(recipe, "students", ()) else "auto",
        "devices": arguments.devices,
        "num_nodes": arguments.nodes,
        "accumulate_grad_batches": arguments.accumulate,
    }
    learner, samples = open_run(recipe, arguments.data, arguments.limit)
    samples.setup("fit")  # reads the data, before anything is written
    if not (folder / CHECKPOINT).exists():
        for line in begin(learner, samples, RUNS, arguments.weights):
            _say(line)
    teach(learner, RUNS)
    if arguments.max_steps:
        options |= {"logger": False, "callbacks": [], "enable_checkpointing": False}
        with quiet():
            trainer = open_trainer(folder, recipe.epochs, max_steps=arguments.max_steps, **options)
            trainer.fit(learner, samples)
        return
    train(open_trainer(folder, recipe.epochs, **options), learner, samples)


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
