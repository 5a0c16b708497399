"""Networks with random weights, as model folders too: for what does not depend on the weights.

Knows what one pass of a network costs; how fast it is, is measured elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.models.model_spec import ModelSpec
from engine.skeleton import COCO17, MPII16, Skeleton
from training.artifacts.model_folder import count_gmacs, write_model_folder
from training.evaluation.predict import ServedBackbone
from training.models import INPUT_SIZES, NETWORKS

TOLERANCE = 0.02  # of the heatmaps' range, for fp16 weights
FAINT = 0.002  # of what heatmaps would be

Size = tuple[int, int]


def skeleton_of(name: str) -> Skeleton:
    """What the papers trained a network for: Hourglass MPII, the others COCO."""
    return MPII16 if name.startswith("hourglass") else COCO17


def random_images(size: Size, count: int) -> Tensor:
    """(count, H, W, 3) uint8."""
    return torch.randint(0, 256, (count, *size, 3), dtype=torch.uint8)


def untrained(name: str, size: Size | None = None) -> tuple[ServedBackbone, Size]:
    """A network with random weights, and the input size (H, W), by default its papers' own.

    Raises ValueError for a name that is none of NETWORKS.
    """
    if name not in NETWORKS:
        raise ValueError(f"Unknown network '{name}'. Known: {', '.join(NETWORKS)}.")
    skeleton, network = skeleton_of(name), NETWORKS[name]
    size = size or INPUT_SIZES[skeleton.name]
    torch.manual_seed(0)
    served = ServedBackbone(network.build(num_keypoints=len(skeleton)), network.normalisation)
    _settle(served, len(skeleton), random_images(size, 2))
    return served.eval(), size


def _settle(served: ServedBackbone, keypoints: int, images: Tensor) -> None:
    """Norms take these pictures' statistics, else deep networks overflow fp16; heatmaps shrink to
    next to nothing, so that nobody is found in them.
    """
    for module in served.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None
        elif isinstance(module, nn.Conv2d) and module.out_channels == keypoints:
            module.weight.data *= FAINT
    with torch.inference_mode():
        served.train()(images)


def costs(served: ServedBackbone, size: Size) -> dict[str, float]:
    """Of one picture: ``params`` and ``activations`` (values), ``gmacs``.

    activations: the outputs of convolutions, which is what a runtime that fuses norms, ReLUs and
    sums into them has to write, and the next one to read.
    """
    outputs: list[int] = []
    hooks = [
        layer.register_forward_hook(lambda _, __, output: outputs.append(output.numel()))
        for layer in served.modules()
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
    ]
    gmacs = count_gmacs(served, [random_images(size, 1)])
    for hook in hooks:
        hook.remove()
    params = sum(p.numel() for p in served.parameters())
    return {"params": params, "gmacs": round(gmacs, 3), "activations": sum(outputs)}


def export_untrained(
    name: str, served: ServedBackbone, size: Size, counted: Mapping[str, float], folder: Path
) -> None:
    """A model folder that every runtime takes for one; counted: its `costs`. Raises as
    `write_model_folder` does.
    """
    skeleton, images = skeleton_of(name), random_images(size, 2)
    with torch.inference_mode():
        heatmaps = served(images)
    spec: dict[str, object] = {
        "name": folder.name,
        "task": "pose2d",
        "title": f"{NETWORKS[name].title}, random weights",
        "architecture": f"{name}(num_keypoints={len(skeleton)})",
        "keypoints": skeleton.keypoints,
        "skeleton": skeleton.name,
        "input_size": size,
        "box_padding": ModelSpec.box_padding,
        "params": counted["params"],
        "gmacs": counted["gmacs"],
    }
    tolerance = TOLERANCE * float(heatmaps.max() - heatmaps.min())
    write_model_folder(folder, served, {"image": images}, {"heatmaps": tolerance}, spec)
