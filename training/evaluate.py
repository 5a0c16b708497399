"""``python -m training.evaluate assets/models/NAME``: PCK@0.2 of a backbone on held-out pictures.

Runs what the app runs: the exported network in the app's runtime, the engine's crop and decoding.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.model_spec import ModelSpec, load_spec
from engine.runtimes import open_runtime
from engine.skeleton import MPII16
from training.datasets.pictures import DATA, SETS, load_pictures
from training.metrics import pck_hits
from training.predict import predict_pictures, truth

JOINTS = ("head_top", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")


def evaluate_backbone(
    spec: ModelSpec, data: Sequence[Path], names: Sequence[str], runtime: str = "auto"
) -> dict[str, dict[str, float]]:
    """PCK@0.2 in percent by data set, over all labelled joints and by joint; ``n`` pictures."""
    running = open_runtime(spec, runtime)
    results = {}
    for name in names:
        pictures = load_pictures(data, name)[1]
        found, _ = predict_pictures(
            lambda images: running.run({"image": images})["heatmaps"],
            pictures,
            spec.input_size,
            spec.box_padding,
        )
        results[name] = _summary(pck_hits(found, *truth(pictures)))
    running.close()
    return results


def _summary(hits: np.ndarray) -> dict[str, float]:
    row = {"n": float((~np.isnan(hits)).any(axis=1).sum()), "all": 100 * float(np.nanmean(hits))}
    for joint in JOINTS:
        columns = [i for i, name in enumerate(MPII16.keypoints) if name.endswith(joint)]
        if not np.isnan(hits[:, columns]).all():
            row[joint] = 100 * float(np.nanmean(hits[:, columns]))
    return {key: round(value, 1) for key, value in row.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, nargs="+", default=DATA)
    parser.add_argument("--sets", nargs="+", choices=sorted(SETS), default=["lsp", "lsp_extended"])
    parser.add_argument("--runtime", default="auto")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    spec = load_spec(arguments.folder)
    results = evaluate_backbone(spec, arguments.data, arguments.sets, arguments.runtime)
    print(f"PCK@0.2 of {spec.name}, held-out pictures, no flip test")
    print(f"{'':14}" + "".join(f"{name:>10}" for name in ("n", "all", *JOINTS)))
    for name, row in results.items():
        cells = (f"{row.get(key, float('nan')):10.1f}" for key in ("n", "all", *JOINTS))
        print(f"{name:14}" + "".join(cells))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
