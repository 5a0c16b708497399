"""``python -m training.evaluation.label_agreement``: how far to believe LSP-extended's labels.

A network is compared with every label of the training part; how often it is itself wrong is
measured on that of LSP, whose labels are careful (label_noise.py, docs/decisions/0008). Writes
`LabelWeights`, which training applies from then on. Knows the command line, tables and the file.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.skeleton import MPII16
from training.cli import answer
from training.datasets.picture_sets import DATA, load_pictures
from training.datasets.pictures.label_weights import LabelWeights, weights_file
from training.datasets.pictures.labels import Picture
from training.evaluation.evaluator import Backbone, evaluate_pictures, open_subject
from training.evaluation.figures import truth
from training.evaluation.label_noise import (
    FAR,
    HALVES,
    PAIRS,
    SCORES,
    Compared,
    belief,
    compare,
    shares,
    sure_from,
    swapped,
    weights,
)
from training.evaluation.metrics import pck_hits, percent

Accuracy = tuple[float, float]  # PCK@0.2 in percent, its standard error over the pictures
CAREFUL, NOISY = "lsp", "lsp_extended"
JUDGE = Path("assets/models/hourglass_1_small")


def look(backbone: Backbone, pictures: list[Picture]) -> tuple[Compared, Accuracy]:
    """What the judge, with the flip test, makes of labelled pictures."""
    found = evaluate_pictures(backbone, pictures, flip=True)
    assert found.peaks is not None
    hits = pck_hits(found.found, *truth(pictures))
    per_person = [100 * np.nanmean(row) for row in hits if np.isfinite(row).any()]
    error = float(np.std(per_person) / max(len(per_person), 1) ** 0.5)
    return compare(found.found, found.peaks, *truth(pictures)), (percent(hits), error)


def weights_in(careful: Compared, noisy: Compared, image_id: np.ndarray) -> LabelWeights:
    """What to make of the noisy labels: limbs that are surely swapped are put right, and what is
    then far off is believed as far as careful labels would be as far off.
    """
    sides = np.zeros(noisy.distance.shape, bool)
    for limbs in PAIRS.values():
        found, score = swapped(noisy, limbs)
        sides |= (found & (score >= sure_from(careful, noisy, limbs)))[:, None] & limbs
    flip = MPII16.flip
    distance = np.where(sides, noisy.mirrored[:, flip], noisy.distance)
    righted = replace(noisy, distance=distance)
    return LabelWeights(image_id, weights(righted, belief(careful, noisy)), sides)


def check_memory(taught: Accuracy, held_out: Accuracy) -> None:
    """Says how the judge does on pictures it was and was not taught.

    Raises ValueError where it knows the labels it is to judge by heart.
    """
    said = " and ".join(f"{pck:.1f} ± {error:.1f}" for pck, error in (taught, held_out))
    print(f"PCK@0.2 of the judge on {NOISY}, training and held-out pictures: {said}")
    if taught[0] - held_out[0] > 3 * np.hypot(taught[1], held_out[1]):
        raise ValueError(
            f"The judge knows the labels by heart (PCK@0.2 {said}): take a smaller one."
        )


def report(careful: Compared, noisy: Compared, label_weights: LabelWeights) -> None:
    """Prints how far off labels are at each score, and what was made of it."""
    bounds = ["0", *map(str, FAR), "1"]
    columns = [f"{low}..{high}" for low, high in pairwise(bounds)]
    tables = shares(careful), shares(noisy), belief(careful, noisy)
    for half, body in enumerate(HALVES):
        print(f"{body} body: percent of labels so far off, {CAREFUL} / {NOISY}, and their weight")
        print("score   " + "".join(f"{column:>22}" for column in columns))
        for row, low in enumerate((0.0, *SCORES)):
            cells = (tuple(table[half, row, column] for table in tables) for column in range(4))
            print(f"{low:.1f} up  " + "".join(f"{a:9.1%} /{b:6.1%}{w:5.2f}" for a, b, w in cells))
    known = np.isfinite(noisy.distance)
    print(
        f"labels: {known.sum()}, of them weighed below 0.5: {(label_weights.weights < 0.5).sum()}"
    )
    for pair, limbs in PAIRS.items():
        low, count = (
            sure_from(careful, noisy, limbs),
            label_weights.swapped[:, limbs].any(axis=1).sum(),
        )
        print(f"{pair}: swapped in {count} pictures, from score {low}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.label_agreement", description=__doc__
    )
    add = parser.add_argument
    add("--judge", type=Path, default=JUDGE, help="a model folder, a checkpoint or a run folder")
    add("--data", type=Path, nargs="+", default=DATA, help="folders that hold the data sets")
    add("--out", type=Path, default=Path("runs") / weights_file(NOISY))
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    careful_pictures = load_pictures(arguments.data, CAREFUL)[0]
    parts = load_pictures(arguments.data, NOISY)
    with open_subject(arguments.judge) as backbone:
        if not isinstance(backbone, Backbone):
            raise ValueError(f"{arguments.judge} is a lifter: name a backbone as --judge.")
        careful, _ = look(backbone, careful_pictures)
        (noisy, taught), (_, held_out) = (look(backbone, pictures) for pictures in parts)
    check_memory(taught, held_out)
    label_weights = weights_in(careful, noisy, np.array([picture.image_id for picture in parts[0]]))
    report(careful, noisy, label_weights)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    label_weights.save(arguments.out)


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
