"""FLIC (Sapp and Taskar, CVPR 2013): ``examples.mat`` beside ``images/``; 3,987 and 1,016 people.

Upper bodies of films; left and right are the person's own. Knows no networks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat

from engine.people.person_box import scaled
from engine.types import Box
from training.datasets.pictures.labels import Names, Picture, Split, arrange, needed

# The columns of ``coords`` that are labelled; the others of the 29 are NaN.
COLUMNS = {
    "lsho": 0, "lelb": 1, "lwri": 2, "rsho": 3, "relb": 4, "rwri": 5, "lhip": 6, "rhip": 9,
}  # fmt: skip
NAMES: Names = {
    f"{side}_{part}": (side[0] + part[:3],)
    for side in ("left", "right")
    for part in ("shoulder", "elbow", "wrist", "hip")
}
NAMES |= {"pelvis": ("lhip", "rhip"), "thorax": ("lsho", "rsho")}
PERSON = 2.4  # torso boxes: what holds an upper body with its arms


def read_flic(folder: Path) -> Split:
    """The people marked ``istrain`` and those marked ``istest``, boxed around the torso that FLIC's
    own detector gives (allowed at test time: Newell 2016, section 4.1).
    """
    examples = np.atleast_1d(
        loadmat(needed(folder, "examples.mat"), squeeze_me=True, struct_as_record=False)["examples"]
    )
    images = needed(folder, "images")
    training = [_picture(e, images, i) for i, e in enumerate(examples) if e.istrain]
    return training, [_picture(e, images, i) for i, e in enumerate(examples) if e.istest]


def _picture(example: Any, images: Path, number: int) -> Picture:
    coords = np.asarray(example.coords, np.float32).T[list(COLUMNS.values())]  # (8, 2), 1-based
    raw = np.column_stack([coords - 1, np.isfinite(coords).all(axis=1)])
    keypoints, labelled = arrange(raw, tuple(COLUMNS), NAMES)
    x1, y1, x2, y2 = np.asarray(example.torsobox, float).ravel() - 1
    return Picture(
        "flic",
        images / str(example.filepath),
        keypoints,
        labelled,
        labelled.astype(np.float32),
        box=scaled(_square(x1, y1, x2, y2), PERSON),
        image_id=number,
    )


def _square(x1: float, y1: float, x2: float, y2: float) -> Box:
    half = max(x2 - x1, y2 - y1) / 2
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    return Box(x - half, y - half, x + half, y + half)
