"""A data set of people made of dots, and a recipe small enough to train on it in a test."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from engine.skeleton import MPII16
from tests.conftest import draw_dots
from training.datasets.picture_sets import SETS
from training.datasets.pictures.augment import Augmentation
from training.datasets.pictures.labels import Picture
from training.recipes.recipe import Recipe, Stage
from training.recipes.schedules import Optimiser, Schedule

PICTURES, HELD_OUT = 60, 20  # of `write_dots`
STILL = Augmentation(rotation=0, scale=0, shift=0, half_body=0, background=0, colour=0)


def dot_picture(size: float = 200, ground: int = 0) -> Picture:
    """Dots on a ground of blue tiles, another for each number."""
    image, keypoints = draw_dots(240, 200, centre=100, top=20, size=size)
    tiles = np.random.default_rng(ground).integers(0, 255, (6, 5), np.uint8)
    image[..., 2] = tiles.repeat(40, axis=0).repeat(40, axis=1)
    labelled = np.ones(16, bool)
    encoded = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))[1].tobytes()
    return Picture("dots", encoded, keypoints, labelled, labelled.astype(np.float32))


def hold_out_few(patch: pytest.MonkeyPatch) -> None:
    """HELD_OUT of the pictures of `write_dots` are measured on, not about 200 as of the renders."""
    renders = SETS["synthetic"]
    read = partial(renders.read, held_out=HELD_OUT)  # type: ignore[call-arg]
    patch.setitem(SETS, "synthetic", replace(renders, read=read))


def write_dots(folder: Path) -> None:
    """A data set of dots in the shared format, under the name of the renders."""
    images, annotations = [], []
    with zipfile.ZipFile(folder / "synthetic.zip", "w") as archive:
        for i in range(PICTURES):
            picture = dot_picture(120 + 10 * (i % 9), ground=i)
            name = f"{i:03}.jpg"
            assert isinstance(picture.encoded, bytes)
            archive.writestr(name, picture.encoded)
            images.append({"id": i, "file_name": name})
            flags = np.column_stack([picture.keypoints, np.full(16, 2)])
            annotations.append({"image_id": i, "keypoints": flags.ravel().tolist()})
        categories = [{"keypoints": list(MPII16.keypoints)}]
        parts = {"images": images, "annotations": annotations, "categories": categories}
        archive.writestr("annotations.json", json.dumps(parts))


def dot_recipe(**changes: Any) -> Recipe:
    """Two epochs of 80 samples at 64², each a stage, on `write_dots`."""
    stage = Stage((64, 64), 1, 1.0, {"synthetic": 1.0}, STILL, emphasis=10.0)
    recipe: dict[str, Any] = {
        "name": "dots",
        "trained_on": "dots",
        "network": "hourglass_1_small",
        "arguments": {"features": 32, "depth": 3},
        "stages": (stage, stage),
        "epoch_images": 80,
        "batch": 8,
        "optimiser": Optimiser("adamw", 2e-3),
        "schedule": Schedule("linear", warmup=0.5),
        "ema": 0.5,
        "looked_at": 8,
    }
    return Recipe(**{**recipe, **changes})


def joint_recipe(seconds: float) -> Recipe:
    """Two networks that learn together on `write_dots` for a time: the student, half as wide, for
    the last two thirds of it, in steps of four samples instead of eight.
    """
    first = dot_recipe().stages[0]
    second = replace(first, epochs=2, part=0.5)
    schedule = Schedule("cosine", warmup=0.5, minutes=seconds / 60)
    teacher = dot_recipe(name="both", stages=(first, second), schedule=schedule)
    student = replace(
        teacher,
        name="student",
        arguments={"features": 16, "depth": 3},
        stages=(second,),
        teacher=teacher.network,
    )
    return replace(teacher, students=(student,))
