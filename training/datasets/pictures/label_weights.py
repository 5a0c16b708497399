"""How far the labels of a picture set are believed, joint by joint: a small file beside the data.

Written by ``training.evaluation.label_agreement``, applied where samples are drawn. Knows no
networks.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from training.datasets.pictures.labels import Picture


@dataclass(frozen=True, eq=False)
class LabelWeights:
    """Of N pictures of one set; those that are not named are believed."""

    image_id: np.ndarray  # (N,) int
    weights: np.ndarray  # (N, K) float32, 0 = not believed .. 1; of the labels after the swap
    swapped: np.ndarray  # (N, K) bool, left and right are taken for each other

    def weigh(self, pictures: Sequence[Picture]) -> list[Picture]:
        """The pictures with swapped labels put right and the others weighed."""
        rows = {number: row for row, number in enumerate(self.image_id.tolist())}
        return [
            self._weighed(picture, rows[picture.image_id]) if picture.image_id in rows else picture
            for picture in pictures
        ]

    def _weighed(self, picture: Picture, row: int) -> Picture:
        skeleton = picture.skeleton
        source = np.where(self.swapped[row], skeleton.flip, np.arange(len(skeleton)))
        return replace(
            picture,
            keypoints=picture.keypoints[source],
            labelled=picture.labelled[source],
            weights=picture.weights[source] * self.weights[row],
        )

    def save(self, path: Path) -> None:
        np.savez_compressed(path, **asdict(self))


def weights_file(name: str) -> str:
    """What the file about a set is called."""
    return f"{name}_label_weights.npz"


def weighed(folders: Sequence[Path], name: str, pictures: list[Picture]) -> list[Picture]:
    """Training pictures of a set, weighed by the first of the folders that holds its file."""
    places = (folder / weights_file(name) for folder in folders)
    path = next((place for place in places if place.is_file()), None)
    return load_weights(path).weigh(pictures) if path else pictures


def load_weights(path: Path) -> LabelWeights:
    """What ``LabelWeights.save`` wrote. Raises ValueError where the file is something else."""
    try:
        with path.open("rb") as file, np.load(file) as arrays:
            label_weights = LabelWeights(**arrays)
        if (
            not label_weights.image_id.shape
            == label_weights.weights.shape[:1]
            == label_weights.swapped.shape[:1]
        ):
            raise ValueError("arrays of unequal length")
    except (ValueError, TypeError, EOFError, zipfile.BadZipFile) as odd:
        raise ValueError(
            f"{path} does not weigh labels ({odd}): remove it, or write it again with "
            "`python -m training.evaluation.label_agreement`."
        ) from odd
    return label_weights
