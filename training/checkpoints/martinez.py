"""The Martinez lifter as weigq/3d_pose_baseline_pytorch publishes it, names as ours.

{epoch, lr, step, err, state_dict, optimizer}; ``err`` is an old numpy scalar. Weights act as they
are stored (gradients were clipped, not weights). The file lacks the statistics of its training set.

The authors' own una-dinosauria/3d-pose-baseline is a TensorFlow 1 checkpoint, which is not read
here. Whoever converts one, to the names above: ``linear_model/w1``, ``two_linear_I/w2_I`` and
``w3_I``, ``w4`` are (inputs, outputs), so transpose them; with max-norm a matrix acts divided by
the larger of 1 and its Frobenius norm, so divide it; ``b1`` … ``b4`` are the biases; gamma, beta,
moving_mean and moving_variance of ``batch_normalization``, ``batch_normalization1I`` and ``2I``
are PyTorch's weight, bias, running_mean and running_var, but TensorFlow adds 1e-3 to the variance
and PyTorch 1e-5, so add 0.00099 to running_var. Inputs, outputs and statistics are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.skeleton import H36M17
from training.checkpoints.layout import Layout
from training.checkpoints.safe import CheckpointError, State
from training.models.martinez import INPUTS, Martinez

SHAPES = {"2d": (len(INPUTS), 2), "3d": (len(H36M17) - 1, 3)}
STATISTICS = tuple(f"{what}_{axes}" for axes in SHAPES for what in ("mean", "std"))


def network_name(_: State) -> str:
    return "martinez"


def build(state: State) -> Martinez:
    """The network, as wide and deep as the file's."""
    blocks = sum(key.endswith(".w1.weight") for key in state)
    return Martinez(width=len(state["w1.weight"]), blocks=blocks, max_norm=False)


def read_statistics(path: Path) -> Mapping[str, Tensor]:
    """mean_2d, std_2d (16, 2) pixels, mean_3d, std_3d (16, 3) mm, which the npz may hold flat.

    Raises CheckpointError where one is missing, of another size, or no deviation.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            found = {name: np.asarray(archive[name], np.float32) for name in STATISTICS}
        shaped = {name: found[name].reshape(SHAPES[name[-2:]]) for name in STATISTICS}
    except FileNotFoundError:
        raise
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        wanted = ", ".join(STATISTICS)
        raise CheckpointError(
            f"{path} is not an npz with {wanted} of 32, 32, 48, 48 ({error})."
        ) from None
    for name, values in shaped.items():
        if not np.isfinite(values).all() or (name.startswith("std") and values.min() <= 0):
            raise CheckpointError(f"{path}: {name} is not finite, or a deviation that is not > 0.")
    return {name: torch.from_numpy(values) for name, values in shaped.items()}


MARTINEZ = Layout(
    publishers=("weigq",),
    title="a Martinez lifter",
    signature="linear_stages.0.w1.weight",
    network=network_name,
    head="w2.bias",
)
