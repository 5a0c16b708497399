"""Backbones on labelled pictures: the same crop and decoding as live, in batches, the crops cut on
other threads while the network runs; or as the program itself does, which searches for the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, nullcontext

import numpy as np
import torch
from torch import Tensor, nn

from engine.estimator import DEFAULT_FINDER, EstimatorSettings, PoseEstimator
from engine.keypoints.backbone import Backbone
from engine.keypoints.crop import apply_affine, crop_frame
from engine.keypoints.heatmaps import Decoding, decode
from engine.models.model_spec import ModelSpec, get_model
from engine.people.finder import Finder
from engine.runtimes import open_runtime
from engine.skeleton import Skeleton
from engine.types import Crop, Frame
from training.datasets.pictures.augment import person_box
from training.datasets.pictures.labels import Picture
from training.models import Normalisation

BATCH = 32
AHEAD = 3  # batches that are cut before they are asked for
FRAMES, RATE = 5, 15  # for which the program sees a whole picture, and frames a second
FINDER_RUNTIME = "onnxruntime"  # f32, so the same figures on every machine

Heatmaps = Callable[[np.ndarray], np.ndarray]  # (N, H, W, 3) uint8 RGB → (N, K, H/4, W/4)


class ServedBackbone(nn.Module):
    """What is exported: takes what the camera gives, gives the last stack's heatmaps."""

    def __init__(self, network: nn.Module, normalisation: Normalisation) -> None:
        super().__init__()
        self.network, self.normalisation = network, normalisation

    def forward(self, image: Tensor) -> Tensor:
        heatmaps: Tensor = self.network(self.normalisation(image))[-1]
        return heatmaps


def heatmaps_of(
    network: nn.Module,
    normalisation: Normalisation,
    precision: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> Heatmaps:
    """A network under training as a function of numpy pictures; precision: what it runs within."""
    device = next(network.parameters()).device
    served = ServedBackbone(network, normalisation).eval()

    def run(images: np.ndarray) -> np.ndarray:
        with torch.inference_mode(), precision():
            return np.asarray(served(torch.from_numpy(images).to(device)).float().cpu())

    return run


def with_flip(heatmaps: Heatmaps, skeleton: Skeleton) -> Heatmaps:
    """The mean of the heatmaps and of the mirrored picture's, mirrored back.

    Those are shifted right by a pixel, which aligns them (HRNet's test code, SHIFT_HEATMAP): the
    peaks of a mirrored crop come out 0.75 pixels to the left of the straight ones.
    """

    def run(images: np.ndarray) -> np.ndarray:
        straight = heatmaps(images)
        turned = heatmaps(np.ascontiguousarray(images[:, :, ::-1]))[:, skeleton.flip, :, ::-1]
        shifted = np.concatenate([turned[..., :1], turned[..., :-1]], axis=-1)
        return np.asarray((straight + shifted) / 2)

    return run


def predict_pictures(
    heatmaps: Heatmaps,
    pictures: Sequence[Picture],
    size: tuple[int, int],
    padding: float = 1.25,
    decoding: Decoding = "quarter",
) -> tuple[np.ndarray, np.ndarray]:
    """Keypoints found (N, K, 2), in picture pixels, and the peaks of their heatmaps (N, K)."""
    found, heights = [], []
    for crops, batch in _crops(pictures, size, padding):
        maps = heatmaps(np.stack([crop.image for crop in crops]))
        for picture, crop, picture_maps in zip(batch, crops, maps, strict=True):
            keypoints, peaks = decode(picture_maps, decoding, flip=picture.skeleton.flip)
            found.append(apply_affine(crop.to_frame, keypoints))
            heights.append(peaks)
    return np.stack(found), np.stack(heights)


def _crops(
    pictures: Sequence[Picture], size: tuple[int, int], padding: float
) -> Iterator[tuple[list[Crop], Sequence[Picture]]]:
    """Batches of crops with their pictures; OpenCV leaves the interpreter to the others."""

    def cut(picture: Picture) -> Crop:
        return crop_frame(picture.image(), person_box(picture), size, padding)

    with ThreadPoolExecutor() as pool:
        batches = [pictures[start : start + BATCH] for start in range(0, len(pictures), BATCH)]
        pending = [[pool.submit(cut, p) for p in batch] for batch in batches[:AHEAD]]
        for i, batch in enumerate(batches):
            if i + AHEAD < len(batches):
                pending.append([pool.submit(cut, p) for p in batches[i + AHEAD]])
            yield [future.result() for future in pending[i]], batch
            pending[i] = []


def search_pictures(
    spec: ModelSpec, heatmaps: Heatmaps, pictures: Sequence[Picture], decoding: Decoding = "quarter"
) -> tuple[np.ndarray, np.ndarray]:
    """What the program, with the finder it ships with, makes of each whole picture that a camera
    shows for a third of a second: keypoints (N, K, 2) picture pixels and scores (N, K), NaN where
    it finds nobody.
    """
    finding = get_model("find_people", DEFAULT_FINDER)
    found = np.full((len(pictures), len(spec.skeleton), 2), np.nan, np.float32)
    scores = np.full(found.shape[:2], np.nan, np.float32)
    with closing(Finder(finding, open_runtime(finding, FINDER_RUNTIME))) as finder:
        settings = EstimatorSettings(smoothing=0.0, decoding=decoding)
        backbone = Backbone(spec, _AsRuntime(heatmaps))
        estimator = PoseEstimator(backbone, None, finder, settings)
        for i, picture in enumerate(pictures):
            estimator.reset()
            for index in range(FRAMES):
                result = estimator.estimate(Frame(picture.image(), index, index / RATE))
            for person in result.people:
                found[i], scores[i] = person.pose2d.keypoints, person.pose2d.scores
    return found, scores


class _AsRuntime:
    """`Heatmaps` as the engine runs them."""

    name, device, precision, note = "heatmaps", "", "", ""

    def __init__(self, heatmaps: Heatmaps) -> None:
        self.heatmaps = heatmaps

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {"heatmaps": self.heatmaps(inputs["image"])}

    def close(self) -> None:
        """Nothing is held."""
