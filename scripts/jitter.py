"""How still somebody still is: a picture of the demo clip with a sensor's noise, its 4th second.

python scripts/jitter.py [BACKBONE] [LIFTER] [SMOOTHING]
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.estimator import DEFAULT_BACKBONE, DEFAULT_LIFTER, EstimatorSettings, open_estimator
from engine.sources.capture import DEMO, open_source
from engine.types import Frame

SECONDS, SETTLED, RATE = 4.0, 3.0, 30
NOISE = 2.0  # standard deviation of a pixel, of 255, from frame to frame


def main(
    backbone: str = DEFAULT_BACKBONE, lifter: str = DEFAULT_LIFTER, smoothing: str = "0.5"
) -> None:
    picture = open_source(DEMO, realtime=False).read()
    assert picture
    settings = EstimatorSettings(smoothing=float(smoothing))
    found: dict[str, list[np.ndarray]] = {"2D, px": [], "3D, mm": [], "place, mm": []}
    spent = []
    with closing(open_estimator(backbone, settings=settings, lifter=lifter)) as estimator:
        rng = np.random.default_rng(0)
        for index in range(round(SECONDS * RATE)):
            noise = rng.normal(0, NOISE, picture.image.shape).astype(np.int16)
            image = np.asarray(cv2.add(picture.image, noise, dtype=cv2.CV_8U))
            result = estimator.estimate(Frame(image, index, index / RATE))
            person = result.subject
            spent.append(result.timings.get("smooth", 0.0))
            if index >= SETTLED * RATE and person and person.pose3d and person.root is not None:
                found["2D, px"].append(person.pose2d.keypoints)
                found["3D, mm"].append(person.pose3d.keypoints)
                found["place, mm"].append(1000 * person.root[None])
    for name, values in found.items():
        off = np.linalg.norm(np.array(values) - np.mean(values, axis=0), axis=-1)
        print(f"{name}: p95 {np.percentile(off, 95):.2f} of {off.size}")
    print(f"stage smooth: median {np.median(spent):.2f} ms a frame")


if __name__ == "__main__":
    main(*sys.argv[1:])
