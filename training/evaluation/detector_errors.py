"""``python -m training.evaluation.detector_errors MODEL …``: how backbones err → `ERRORS`.

Measured on held-out pictures of whole people: photographs with careful labels (LSP) and renders;
how long errors last on the demo clip. Prints the errors by joint. Knows no lifters.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.estimator import EstimatorSettings
from engine.skeleton import MPII16
from training.cli import answer
from training.datasets.motion.detections import ERRORS, LIMBS, DetectorErrors, compare
from training.datasets.picture_sets import DATA, load_pictures
from training.evaluation.error_runs import fit, told, watch
from training.evaluation.evaluator import Backbone, evaluate_pictures, open_subject
from training.evaluation.metrics import percent_by_joint

SETS = ("lsp", "renders")
CLOSE, WRONG = 0.05, 0.2  # torsos
SCORES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.01)


def measure(backbone: Backbone, folders: Sequence[Path]) -> DetectorErrors:
    """What a backbone makes of the held-out pictures. Raises FileNotFoundError where a set is
    missing.
    """
    parts = []
    for name in SETS:
        pictures = [p for p in load_pictures(folders, name)[1] if p.labelled.all()]
        evaluated = evaluate_pictures(backbone, pictures)
        joints = np.stack([picture.keypoints for picture in pictures])
        parts.append(compare(evaluated.found, evaluated.scores, joints, backbone.spec.name))
    return join(parts)


def join(parts: Sequence[DetectorErrors]) -> DetectorErrors:
    """The pictures of all of them."""
    return DetectorErrors(
        np.concatenate([part.distances for part in parts]),
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.swapped for part in parts]),
        np.concatenate([part.backbones for part in parts]),
    )


def table(errors: DetectorErrors) -> str:
    """What keypoints are like, by joint, both sides together, and by score; as Markdown."""
    unseen, wrong = errors.scores < EstimatorSettings.threshold, errors.distances > WRONG
    columns = {
        f"within {CLOSE} torsos": errors.distances < CLOSE,
        f"beyond {WRONG}": wrong,
        "unseen, of the right": np.where(wrong, np.nan, unseen),
        "unseen, of the wrong": np.where(wrong, unseen, np.nan),
    }
    shares = [percent_by_joint(values.astype(float), MPII16) for values in columns.values()]
    rows = [[joint, *(f"{share.get(joint, 0):.0f}" for share in shares)] for joint in shares[0]]
    head = ["percent", *columns]
    lines = [f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows)]
    swapped = zip(LIMBS, errors.swapped.mean(axis=0), strict=True)
    lines += [f"{limb} swapped: {share:.0%}" for limb, share in swapped]
    for low, high in pairwise(SCORES):
        if (band := (errors.scores >= low) & (errors.scores < high)).any():
            lines.append(f"wrong at scores from {low}: {wrong[band].mean():.0%}")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.detector_errors", description=__doc__
    )
    parser.add_argument(
        "models", type=Path, nargs="+", metavar="MODEL", help="folders of backbones"
    )
    parser.add_argument("--data", type=Path, nargs="+", default=DATA)
    parser.add_argument("--out", type=Path, default=ERRORS)
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    parts = []
    for path in arguments.models:
        with open_subject(path) as backbone:
            if not isinstance(backbone, Backbone):
                raise ValueError(f"{path} is a lifter: name folders of backbones.")
            parts.append(measure(backbone, arguments.data))
    runs = watch(arguments.models)
    held, fresh = fit(runs)
    errors = replace(join(parts), held=held, fresh=fresh)
    np.savez_compressed(
        arguments.out,
        distances=errors.distances,
        scores=errors.scores,
        swapped=errors.swapped,
        backbones=errors.backbones,
        held=errors.held,
        fresh=errors.fresh,
    )
    print(table(errors), *told(runs), sep="\n")


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
