"""Do two runtimes give the same answer? Sixteen bundled crops through both.

The crops are frames of the demo clip (a rendered body, CC0) cut around its exact keypoints; a
lifter gets those keypoints. Knows no runtime but the reference's.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from functools import cache

import numpy as np

from engine.keypoints.crop import crop_frame
from engine.keypoints.heatmaps import decode
from engine.models.model_spec import ASSETS, ModelSpec
from engine.people.person_box import box_around
from engine.runtimes import Runtime, output_shapes
from engine.runtimes.openvino import OpenVINORuntime
from engine.runtimes.parity import Parity
from engine.skeleton import MPII16, convert_keypoints
from engine.sources.capture import open_source
from engine.space.lifter import View

CROPS = 16
CLIP = 640, 480  # pixels, width and height of the demo clip
SEEN = 0.2  # the height of the reference's heatmap from which it has found a keypoint
FEWEST = CROPS  # keypoints found; fewer are a network's chance hits and tell nothing
TINY = 1e-9


def measure_parity(spec: ModelSpec, runtime: Runtime) -> Parity:
    """How far a runtime is from the reference, OpenVINO on the CPU in fp32."""
    with closing(OpenVINORuntime(spec, precision="f32")) as reference:
        return compare_runtimes(spec, runtime, reference)


def compare_runtimes(spec: ModelSpec, runtime: Runtime, reference: Runtime) -> Parity:
    """Put the bundled inputs through both: half as one batch, half one by one, as is usual live."""
    inputs = bundled_inputs(spec)
    expected = _answers(spec, reference, inputs)
    found = np.nan_to_num(_answers(spec, runtime, inputs))
    shifts = _shifts(spec, found, expected)
    compared = shifts if len(shifts) else np.zeros(1)
    return Parity(
        unit="px" if spec.task == "pose2d" else "mm",
        median=float(np.median(compared)),
        p99=float(np.percentile(compared, 99)),
        error=float(np.abs(found - expected).max() / max(np.ptp(expected), TINY)),
        count=len(shifts),
        reference=f"{reference.name} {reference.precision}",
    )


def bundled_inputs(spec: ModelSpec) -> dict[str, np.ndarray]:
    """CROPS inputs of a model, as its runtime takes them."""
    if spec.task == "pose2d":
        return {"image": _crops(spec.input_size, spec.box_padding).copy()}
    feeds, every = spec.feeds.get(MPII16.name), np.ones(len(MPII16), np.float32)
    poses = [
        convert_keypoints(keypoints, every, MPII16, spec.keypoints, feeds)
        for keypoints in _truth().values()
    ]
    points = np.stack([pose for pose, _ in poses]).astype(np.float32)
    if spec.window > 1:  # who stood still
        points = points[:, None].repeat(spec.window, axis=1)
    return {
        "keypoints": points,
        "visible": np.ones(points.shape[:-1], np.float32),
        "camera": View.guessed(*CLIP).as_input().repeat(CROPS, axis=0),
    }


def _truth() -> dict[int, np.ndarray]:
    """CROPS frames of the demo clip: index → keypoints (16, 2) in frame pixels."""
    with np.load(ASSETS / "demo_truth.npz") as truth:
        keypoints = truth["keypoints2d"]
    return {i: keypoints[i] for i in np.linspace(0, len(keypoints) - 1, CROPS).astype(int).tolist()}


@cache
def _crops(size: tuple[int, int], padding: float) -> np.ndarray:
    """(CROPS, H, W, 3) uint8 RGB; read once."""
    truth, crops = _truth(), []
    with closing(open_source("demo", realtime=False)) as source:
        while frame := source.read():
            if frame.index in truth:
                box = box_around(truth[frame.index], 1.0)
                crops.append(crop_frame(frame.image, box, size, padding).image)
    return np.stack(crops)


def _answers(spec: ModelSpec, runtime: Runtime, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
    """The model's first output (heatmaps or joints) for all inputs."""
    output = next(iter(output_shapes(spec)))
    half = CROPS // 2
    parts = [slice(0, half), *(slice(i, i + 1) for i in range(half, CROPS))]
    outputs = []
    for part in parts:
        answer = runtime.run({name: value[part] for name, value in inputs.items()})
        outputs.append(answer[output].copy())
    return np.concatenate(outputs)


def _shifts(spec: ModelSpec, found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Distances of what both give. DARK's decoding, since a quarter step is 1 px or none."""
    if spec.task == "lift3d":
        return np.asarray(np.linalg.norm(found - expected, axis=-1).ravel())
    shifts = []
    for mine, theirs in zip(found, expected, strict=True):
        keypoints, scores = decode(theirs, "dark")
        shift = np.linalg.norm(decode(mine, "dark")[0] - keypoints, axis=-1)
        shifts.append(shift[scores >= SEEN])
    every = np.concatenate(shifts)
    return every if len(every) >= FEWEST else every[:0]
