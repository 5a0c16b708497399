"""Networks → model folders (`model.onnx` and `model.json`) that the engine runs.

``python -m training.export RECIPE`` exports a trained backbone and measures it. The functions know
torch and ONNX, no task: what goes in and comes out is the caller's wrapping module.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from engine.crop import crop_frame
from engine.model_spec import MODELS, load_spec
from engine.skeleton import MPII16
from training.datasets.augment import person_box
from training.datasets.pictures import DATA, LICENCES, PHOTOS, load_pictures
from training.evaluate import evaluate_backbone
from training.models import MPII_MEAN
from training.predict import ServedBackbone
from training.recipes import RECIPES, Recipe
from training.train import load_average

OPSET = 17
HALVED_FROM = 1024  # values; smaller initializers stay fp32, they weigh nothing


def export_onnx(
    module: nn.Module,
    example_inputs: Sequence[Tensor],
    input_names: Sequence[str],
    output_names: Sequence[str],
    path: Path,
) -> None:
    """Write ``module``, evaluating, as ONNX; the first dimension of every input and output is N."""
    module.eval()
    with warnings.catch_warnings():  # the exporter announces its own successor
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            module,
            tuple(example_inputs),
            str(path),
            input_names=list(input_names),
            output_names=list(output_names),
            dynamic_axes={name: {0: "N"} for name in (*input_names, *output_names)},
            opset_version=OPSET,
            dynamo=False,
        )


def halve_weights(path: Path) -> None:
    """Store the large fp32 initializers of an ONNX file as fp16, each with a Cast to fp32."""
    model = onnx.load(path)
    casts = []
    for initializer in model.graph.initializer:
        if initializer.data_type != TensorProto.FLOAT or np.prod(initializer.dims) < HALVED_FROM:
            continue
        name, values = initializer.name, numpy_helper.to_array(initializer)
        halved = numpy_helper.from_array(values.astype(np.float16), f"{name}_fp16")
        initializer.CopyFrom(halved)
        casts.append(helper.make_node("Cast", [halved.name], [name], to=TensorProto.FLOAT))
    for index, cast in enumerate(casts):
        model.graph.node.insert(index, cast)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def largest_difference(module: nn.Module, inputs: Mapping[str, Tensor], path: Path) -> float:
    """How far ONNX Runtime's output on ``path`` is from the module's; in batches and one by one."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    with torch.inference_mode():
        expected = module.eval()(*inputs.values()).numpy()
    feeds = {name: value.numpy() for name, value in inputs.items()}
    batch = session.run(None, feeds)[0] - expected
    single = session.run(None, {name: value[:1] for name, value in feeds.items()})[0] - expected[:1]
    return max(float(np.abs(batch).max()), float(np.abs(single).max()))


def write_model_folder(
    folder: Path,
    module: nn.Module,
    inputs: Mapping[str, Tensor],
    output: str,
    spec: Mapping[str, object],
    tolerance: float,
) -> None:
    """Export ``module``, check it against torch and put the folder in place, whole or not at all.

    inputs: name → example (N, ...), also what the check runs on; output: name of what comes out;
    spec: `model.json` without its ``sha256``; tolerance: in the output's unit, for fp16 weights.
    Raises ValueError, and leaves ``folder`` as it was, when the output differs by more.
    """
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    onnx_file = partial / "model.onnx"
    export_onnx(module, list(inputs.values()), list(inputs), [output], onnx_file)
    halve_weights(onnx_file)
    difference = largest_difference(module, inputs, onnx_file)
    if not difference <= tolerance:
        shutil.rmtree(partial)
        raise ValueError(
            f"The exported {folder.name} differs from torch by {difference:.3g}, allowed is"
            f" {tolerance:g}: {folder} was not written."
        )
    full_spec = {**spec, "sha256": hashlib.sha256(onnx_file.read_bytes()).hexdigest()}
    (partial / "model.json").write_text(
        json.dumps(full_spec, indent=2, ensure_ascii=False) + "\n", "utf-8"
    )
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def count_gmacs(module: nn.Module, inputs: Sequence[Tensor]) -> float:
    """Multiply-accumulates of one forward pass, in 1e9."""
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        module.eval()(*inputs)
    return float(counter.get_total_flops() / 2e9)


def export_backbone(recipe: Recipe, checkpoint: Path, folder: Path, data: Sequence[Path]) -> None:
    """Checkpoint → model folder with the metrics that ``python -m training.evaluate``
    reproduces.
    """
    network = load_average(recipe, checkpoint)
    served = ServedBackbone(network, MPII_MEAN)
    size = recipe.stages[-1].size
    sets = [name for name in recipe.stages[-1].shares if name in PHOTOS]
    pictures = load_pictures(data, "lsp")[1][:4]
    crops = [crop_frame(p.image(), person_box(p), (size, size)).image for p in pictures]
    example = torch.from_numpy(np.stack(crops))
    spec: dict[str, object] = {
        "name": recipe.name,
        "task": "pose2d",
        "title": recipe.title,
        "architecture": recipe.architecture,
        "keypoints": MPII16.keypoints,
        "skeleton": MPII16.name,
        "input_size": [size, size],
        "box_padding": 1.25,
        "trained_on": recipe.trained_on,
        "licence": " ".join(LICENCES[name] for name in (*sets, "synthetic")),
        "params": sum(p.numel() for p in network.parameters()),
        "gmacs": round(count_gmacs(served, [example[:1]]), 3),
    }
    write_model_folder(folder, served, {"image": example}, "heatmaps", spec, tolerance=0.02)
    measured = evaluate_backbone(load_spec(folder), data, sets)
    spec = json.loads((folder / "model.json").read_text())
    spec["metrics"] = {
        "command": f"python -m training.evaluate {folder} --sets {' '.join(sets)}",
        "what": "PCK@0.2 in percent, held-out pictures (datasets/pictures.py), no flip test",
        **measured,
    }
    (folder / "model.json").write_text(
        json.dumps(spec, indent=2, ensure_ascii=False) + "\n", "utf-8"
    )
    print(json.dumps(measured, indent=2))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.export", description=__doc__)
    parser.add_argument("recipe", choices=sorted(RECIPES))
    parser.add_argument("--checkpoint", type=Path, help="default runs/RECIPE/last.pt")
    parser.add_argument("--out", type=Path, help="default assets/models/RECIPE")
    parser.add_argument("--data", type=Path, nargs="+", default=DATA)
    arguments = parser.parse_args()
    recipe = RECIPES[arguments.recipe]()
    checkpoint = arguments.checkpoint or Path("runs") / recipe.name / "last.pt"
    folder = arguments.out or MODELS / recipe.name
    export_backbone(recipe, checkpoint, folder, arguments.data)


if __name__ == "__main__":
    main()
