"""``python -m training.ablation``: the Martinez paper's tables on the shared motion capture.

Every recipe of the tables is trained for the same number of epochs and measured on the actor held
out, with exact and with noisy keypoints. What is measured is kept; a second call goes on.
"""

from __future__ import annotations

import argparse
import csv
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from training.cli import answer
from training.datasets.lifting_sets import load_lifting
from training.datasets.picture_sets import DATA
from training.evaluation.lifter_figures import lift_with, pair_figures
from training.fit.callbacks import quiet
from training.recipes.martinez import ACTIONS, LIFTER_RECIPES, NOISE, SWITCHED_OFF
from training.train import open_run, open_trainer

BASE = "martinez_mocap_gt"
PARTS = (BASE, *(f"{BASE}_without_{part}" for part in SWITCHED_OFF))
NOISY = (BASE, *(f"{BASE}_noise_{sigma}" for sigma in NOISE))
SINGLE = tuple(f"{BASE}_{action}" for action in ACTIONS["mocap"])
FIGURES = ("p1", "p2", "pck3d", "auc")
KEY = ("run", "action", "sigma")

Table = dict[tuple[str, ...], dict[str, str]]  # run, action, sigma in pixels → its row


def measure(
    name: str, epochs: int, folders: Sequence[Path], folder: Path
) -> Iterator[dict[str, object]]:
    """Train one recipe and give a row an action and noise, see `pair_figures`; its curve goes
    into ``folder``.
    """
    recipe = replace(LIFTER_RECIPES[name](), epochs=epochs)
    learner, samples = open_run(recipe, folders)
    folder.mkdir(parents=True, exist_ok=True)
    trainer = open_trainer(folder, epochs, callbacks=[], enable_checkpointing=False)
    with quiet():
        trainer.fit(learner, samples)
    spent = {"steps": trainer.global_step, "seconds": round(learner.seconds)}
    test = load_lifting(folders, recipe.data, recipe.action)[1]
    for sigma in (0, *NOISE):
        rows = pair_figures(lift_with(learner.average.module), test, sigma)
        for action, figures in rows.items():
            rounded = {key: round(value, 1) for key, value in figures.items()}
            yield {"run": name, "action": action, "sigma": sigma, **rounded, **spent}


def read(path: Path) -> Table:
    """What was measured so far."""
    if not path.exists():
        return {}
    with path.open(newline="") as file:
        return {tuple(row[key] for key in KEY): row for row in csv.DictReader(file)}


def append(path: Path, rows: Sequence[dict[str, object]]) -> None:
    """The rows of one run, written together."""
    new = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        if new:
            writer.writeheader()
        writer.writerows(rows)


def tables(done: Table) -> str:
    """The ablation, the noise and the actions as Markdown; what is not measured yet is a dash."""

    def cell(run: str, figure: str, sigma: int = 0, action: str = "mean") -> str:
        return done.get((run, action, str(sigma)), {}).get(figure, "–")

    parts = [
        [run, *(cell(run, f) for f in FIGURES), cell(run, "p1", 10), cell(run, "p1", 20)]
        for run in PARTS
    ]
    noise = [
        [run, *(f"{cell(run, 'p1', sigma)} / {cell(run, 'p2', sigma)}" for sigma in (0, *NOISE))]
        for run in NOISY
    ]
    actions = [
        [action, *(cell(run, f, action=action) for f in ("p1", "p2") for run in (BASE, single))]
        for action, single in zip(ACTIONS["mocap"], SINGLE, strict=True)
    ]
    pixels = [f"{sigma} px" for sigma in (0, *NOISE)]
    return "\n\n".join(
        (
            _markdown(["recipe", "P1", "P2", "PCK3D", "AUC", "P1 10 px", "P1 20 px"], parts),
            _markdown(["P1 / P2 at", *pixels], noise),
            _markdown(["action", "P1, all", "P1, single", "P2, all", "P2, single"], actions),
        )
    )


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> int:
    return answer(_run)


def _run() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.ablation", description=__doc__)
    parser.add_argument("--epochs", type=int, default=2, help="a run; the paper's is 200")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--data", type=Path, nargs="+", default=DATA)
    parser.add_argument("--out", type=Path, default=Path("runs/ablations/martinez.csv"))
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    for name in dict.fromkeys((*PARTS, *NOISY, *SINGLE)):
        if not any(run == name for run, *_ in read(arguments.out)):
            folder = arguments.out.parent / name
            append(arguments.out, list(measure(name, arguments.epochs, arguments.data, folder)))
            print(f"{name} measured", flush=True)
    print(tables(read(arguments.out)))


if __name__ == "__main__":
    sys.exit(main())
