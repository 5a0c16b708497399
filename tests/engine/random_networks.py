"""Networks of training, small and with random weights, as model folders."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from engine.models.model_spec import ModelSpec, load_spec

pytest.importorskip("torch")
pytest.importorskip("onnx")
from training.artifacts.model_folder import write_model_folder
from training.artifacts.random_weights import random_images, skeleton_of, untrained

SIZE = (128, 128)


def export_random(name: str, folder: Path) -> ModelSpec:
    """A network of training.models.NETWORKS; how near fp16 weights come is not asked here."""
    served, size = untrained(name, SIZE)
    skeleton = skeleton_of(name)
    facts: dict[str, object] = {
        "name": name,
        "task": "pose2d",
        "title": name,
        "architecture": name,
        "keypoints": skeleton.keypoints,
        "skeleton": skeleton.name,
        "input_size": size,
    }
    images = {"image": random_images(size, 2)}
    write_model_folder(folder, served, images, {"heatmaps": math.inf}, facts)
    return load_spec(folder)
