"""``python -m training.import_checkpoint MODEL FILE --out DIR``: an official checkpoint → a model
folder that the app runs.

Knows which network to build and what it takes; how files name their parameters, and what their
publishers state of them, is in checkpoints/.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from engine.models.model_spec import ModelSpec
from engine.skeleton import COCO17, H36M17, MPII16, Skeleton
from training.artifacts.model_folder import count_gmacs, write_model_folder
from training.checkpoints.layout import Layout
from training.checkpoints.martinez import build, read_statistics
from training.checkpoints.recognise import fill, recognise
from training.checkpoints.safe import CheckpointError, State, read_state
from training.checkpoints.stated import stated
from training.cli import answer
from training.evaluation.predict import ServedBackbone
from training.models import INPUT_SIZES, NETWORKS
from training.models.martinez import DETECTED, INPUTS, PaperLifter

LIFTER = "martinez"
SKELETONS = {len(skeleton): skeleton for skeleton in (MPII16, COCO17)}
MULTIPLE = {"hourglass": 64}  # of which height and width must be; 32 for the others

Size = tuple[int, int]
Facts = dict[str, object]


def import_checkpoint(
    model: str,
    file: Path,
    folder: Path,
    stats: Path | None = None,
    input_size: Size | None = None,
    detected: bool = False,
) -> None:
    """Write the model folder, weights as fp32, checked against torch.

    input_size: H, W, else from the file's name, else the usual one; stats: for the lifter, see
    `read_statistics`; detected: the lifter was trained on Hourglass detections.
    Raises ValueError or OSError with one line, and leaves ``folder`` as it was.
    """
    _check_request(model, folder, stats, input_size, detected)
    layout, state = recognise(read_state(file), model, file)
    if model == LIFTER:
        assert stats
        _import_lifter(state, file, folder, stats, layout, detected)
    else:
        _import_backbone(model, state, file, folder, layout, input_size)


def _check_request(
    model: str, folder: Path, stats: Path | None, input_size: Size | None, detected: bool
) -> None:
    known = (*NETWORKS, LIFTER)
    if model not in known:
        raise CheckpointError(f"Unknown network '{model}'. Known: {', '.join(known)}.")
    if model == LIFTER and stats is None:
        raise CheckpointError(
            "A lifter's file lacks the statistics of its training set: give --stats FILE.npz with "
            "mean_2d, std_2d (32 pixels), mean_3d, std_3d (48 mm)."
        )
    if model == LIFTER and input_size:
        raise CheckpointError(f"{LIFTER} takes no pictures: leave out --input-size.")
    if model != LIFTER and (stats or detected):
        raise CheckpointError(f"--stats and --detected are for {LIFTER}, not for {model}.")
    if folder.exists() and not (folder / "model.json").is_file():
        raise CheckpointError(
            f"{folder} exists and is not a model folder: give --out another name."
        )


def _import_backbone(
    model: str, state: State, file: Path, folder: Path, layout: Layout, input_size: Size | None
) -> None:
    network = NETWORKS[model]
    skeleton = _skeleton(len(state[layout.head]), file)
    size = input_size or size_in(file.name) or INPUT_SIZES[skeleton.name]
    _check_size(model, size)
    body = fill(network.build(num_keypoints=len(skeleton), **layout.options), state, file)
    served = ServedBackbone(body, layout.normalisation or network.normalisation).eval()
    image = torch.randint(0, 256, (2, *size, 3), dtype=torch.uint8)
    with torch.inference_mode():
        heatmaps = served(image[:1])
    options = "".join(f", {name}={value}" for name, value in layout.options.items())
    spec: Facts = {
        "name": folder.name,
        "task": "pose2d",
        "title": f"{network.title} {skeleton.name.upper()} {size[0]}x{size[1]}",
        "architecture": f"{model}(num_keypoints={len(skeleton)}{options})",
        "keypoints": skeleton.keypoints,
        "skeleton": skeleton.name,
        "input_size": size,
        "box_padding": ModelSpec.box_padding,
        **stated(file, model, layout, skeleton, size),
        "params": sum(p.numel() for p in body.parameters()),
        "gmacs": round(count_gmacs(served, [image[:1]]), 3),
    }
    tolerance = 1e-3 * float(heatmaps.max() - heatmaps.min())
    write_model_folder(
        folder, served, {"image": image}, {"heatmaps": tolerance}, spec, halved_from=math.inf
    )


def _import_lifter(
    state: State, file: Path, folder: Path, stats: Path, layout: Layout, detected: bool
) -> None:
    network = fill(build(state), state, file)
    lifter = PaperLifter(network)
    for name, values in read_statistics(stats).items():
        getattr(lifter, name).copy_(values)
    keypoints = lifter.mean_2d + lifter.std_2d * torch.randn(4, len(INPUTS), 2)
    spec: Facts = {
        "name": folder.name,
        "task": "lift3d",
        "title": "Martinez lifter (Human3.6M)",
        "architecture": f"Martinez(width={network.w1.out_features}, "
        f"blocks={len(network.linear_stages)}, max_norm=False)",
        "keypoints": INPUTS,
        "skeleton": H36M17.name,
        **({"feeds": {MPII16.name: DETECTED}} if detected else {}),
        **stated(file, LIFTER, layout, H36M17),
        "params": sum(p.numel() for p in network.parameters()),
        "gmacs": round(count_gmacs(lifter, [keypoints[:1]]), 5),
    }
    inputs: dict[str, Tensor] = {"keypoints": keypoints}
    write_model_folder(folder, lifter, inputs, {"joints": 0.1}, spec, halved_from=math.inf)


def _skeleton(keypoints: int, file: Path) -> Skeleton:
    if keypoints not in SKELETONS:
        raise CheckpointError(
            f"{file} finds {keypoints} keypoints; expected 16 (MPII) or 17 (COCO)."
        )
    return SKELETONS[keypoints]


def size_in(name: str) -> Size | None:
    """H, W in a name, as in ``pose_hrnet_w32_256x192.pth``; None where there is none."""
    found = re.search(r"(?<!\d)(\d{2,4})x(\d{2,4})(?!\d)", name)
    return (int(found[1]), int(found[2])) if found else None


def _check_size(model: str, size: Size) -> None:
    step = MULTIPLE.get(model.split("_")[0], 32)
    if min(size) < step or size[0] % step or size[1] % step:
        raise CheckpointError(
            f"{model} takes heights and widths that are multiples of {step}, not"
            f" {size[0]}x{size[1]}: give --input-size HxW."
        )


def parse_size(text: str) -> Size:
    """``256x192`` → (256, 192), H and W; for argparse."""
    size = size_in(text)
    if size is None:
        raise argparse.ArgumentTypeError(f"'{text}' is not HxW, as in 256x192")
    return size


def main(argv: Sequence[str] | None = None) -> int:
    """Bad input is one line on stderr and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m training.import_checkpoint")
    parser.add_argument("model", help=f"{', '.join(NETWORKS)} or {LIFTER}")
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the model folder to write")
    parser.add_argument(
        "--stats", type=Path, metavar="NPZ", help="mean_2d, std_2d, mean_3d, std_3d"
    )
    parser.add_argument("--input-size", type=parse_size, metavar="HxW")
    parser.add_argument(
        "--detected", action="store_true", help="the lifter was trained on Hourglass detections"
    )
    a = parser.parse_args(argv)
    torch.set_num_threads(1)  # beside other work, threads that wait for each other cost more

    def work() -> None:
        import_checkpoint(a.model, a.file, a.out, a.stats, a.input_size, a.detected)
        print(f"{a.file} → {a.out}")

    return answer(work, RuntimeError)


if __name__ == "__main__":
    sys.exit(main())
