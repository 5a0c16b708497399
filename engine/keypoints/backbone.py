"""Picture and boxes → 2D poses: crop, backbone, decode, back to frame pixels. Knows no time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.keypoints.crop import apply_affine, crop_frame
from engine.keypoints.heatmaps import Decoding, decode
from engine.models.model_spec import ModelSpec
from engine.runtimes import Runtime
from engine.timing import stage
from engine.types import Box, Pose2D

VISIBLE = 6  # keypoints that head and shoulders show


class Backbone:
    """A 2D network in the runtime that computes it."""

    def __init__(self, spec: ModelSpec, runtime: Runtime) -> None:
        self.spec, self.runtime = spec, runtime

    def find(
        self,
        image: np.ndarray,
        boxes: Sequence[Box],
        timings: dict[str, float],
        decoding: Decoding = "quarter",
    ) -> list[Pose2D]:
        """One pose for each box of an (H, W, 3) uint8 RGB picture, keypoints in its pixels."""
        with stage(timings, "crop"):
            crops = [
                crop_frame(image, box, self.spec.input_size, self.spec.box_padding) for box in boxes
            ]
            batch = np.stack([crop.image for crop in crops])
        with stage(timings, "backbone"):
            heatmaps = self.runtime.run({"image": batch})["heatmaps"]
        with stage(timings, "decode"):
            poses = []
            for crop, maps in zip(crops, heatmaps, strict=True):
                keypoints, peaks = decode(maps, decoding, self.spec.skeleton.flip)
                scores = calibrated(peaks, self.spec.score_calibration)
                on_frame = apply_affine(crop.to_frame, keypoints)
                poses.append(Pose2D(on_frame, scores, self.spec.skeleton))
        return poses

    def close(self) -> None:
        self.runtime.close()


def calibrated(peaks: np.ndarray, calibration: Sequence[tuple[float, float]]) -> np.ndarray:
    """Heatmap peaks → scores: the share of keypoints that were right at such a peak, on pictures
    held out of training. Without a calibration the peak is the score.

    peaks: any shape; calibration: `ModelSpec.score_calibration`, straight lines between its points.
    """
    if not calibration:
        return peaks
    known, shares = np.transpose(calibration)
    return np.asarray(np.interp(peaks, known, shares), np.float32)


def pose_score(pose: Pose2D) -> float:
    """How sure it is that a person is there, 0..1: `best_scores`."""
    return float(best_scores(pose.scores))


def best_scores(scores: np.ndarray) -> np.ndarray:
    """(..., K) → (...), the mean of the VISIBLE best: the rest may be out of the picture."""
    return np.asarray(np.sort(scores, axis=-1)[..., -VISIBLE:].mean(axis=-1))
