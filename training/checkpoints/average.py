"""``python -m training.checkpoints.average RUN RUN … --out RUN``: the mean of what runs ended with.

Runs of one recipe, each begun where another ended with a learning rate that falls to nothing: the
mean of their weights lies in a wider minimum than either (stochastic weight averaging, Izmailov et
al., UAI 2018, section 3.1). It is a run as `training.export` takes it. Knows checkpoints only.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from training.checkpoints.run_folder import (
    CHECKPOINT,
    as_average,
    find_checkpoint,
    load_trained,
)
from training.checkpoints.safe import CheckpointError, read_checkpoint
from training.cli import answer


def average(runs: Sequence[Path], out: Path) -> None:
    """Write the mean of the averaged networks of ``runs`` to ``out``; samples and time are those of
    all. Raises FileNotFoundError, FileExistsError, and CheckpointError where they are of different
    recipes.
    """
    if out.exists():
        raise FileExistsError(f"{out} is there already: choose another name.")
    recipes, networks = zip(*map(load_trained, runs), strict=True)
    names = sorted({recipe.name for recipe in recipes})
    if len(names) > 1:
        raise CheckpointError(f"Runs of one recipe have a mean, not of {' and '.join(names)}.")
    states = [network.state_dict() for network in networks]
    with torch.no_grad():
        for name, value in states[0].items():
            if value.is_floating_point():
                value.copy_(torch.stack([state[name] for state in states]).mean(dim=0))
    contents = [read_checkpoint(find_checkpoint(run)) for run in runs]
    progress = [sum(parts) for parts in zip(*(c["progress"] for c in contents), strict=True)]
    mean = {"recipe": contents[0]["recipe"], "state_dict": as_average(networks[0])}
    out.mkdir(parents=True)
    torch.save(mean | {"progress": progress}, out / CHECKPOINT)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.checkpoints.average", description=__doc__
    )
    parser.add_argument("runs", type=Path, nargs="+", help="run folders or checkpoints")
    parser.add_argument("--out", type=Path, required=True, help="the folder of a new run")
    return parser.parse_args()


def main() -> int:
    arguments = _arguments()
    return answer(lambda: average(arguments.runs, arguments.out))


if __name__ == "__main__":
    sys.exit(main())
