"""``python -m training.lifter``: motion capture → the trained 2D → 3D lifter in its model folder.

Resumable (runs/martinez/last.pt), its curve in a CSV. Knows the loop, the split and the figures that
are reported; bodies, cameras and detections come from datasets/virtual_cameras.py.
"""

from __future__ import annotations

import argparse
import csv
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from engine.skeleton import H36M17, MPII16, convert_keypoints
from training.datasets import virtual_cameras as cameras
from training.datasets.mocap import Clip, h36m17, load_clips
from training.export import write_model_folder
from training.metrics import mpjpe, procrustes_mpjpe
from training.models.martinez import INPUTS, Lifter, Martinez

DATA = Path(__file__).parents[2] / "shared" / "data"
SEED = 2017
BATCH = 512
LEARNING_RATE = 2e-3
WARMUP = 0.02  # of the run
CHECKPOINT_SECONDS = 180
PITCH_BANDS = ((-20, 0), (0, 20), (20, 45))
Batch = tuple[
    np.ndarray, np.ndarray, np.ndarray
]  # keypoints (N,16,2), visible (N,16), joints (N,17,3)


def new_network() -> Martinez:
    return Martinez(visibility=True, dropout=0.1, max_norm=False)


def split(clips: list[Clip]) -> dict[str, np.ndarray]:
    """(N, 17, 3) metres: ``actor`` is HDM05's tr, ``actions`` the last fifth of them, ``train`` the rest.

    In ``train`` every source has the same number of frames, the short ones repeated.
    """
    actions = [clip for clip in clips if clip.source == "cmu_actions"]
    actor = [clip for clip in clips if (clip.source, clip.subject) == ("hdm05", "tr")]
    held_out = {"actor": actor, "actions": actions[-len(actions) // 5 :]}
    rest = [c for c in clips if not any(c is other for part in held_out.values() for other in part)]
    sources = [
        _poses([c for c in rest if c.source == name]) for name in sorted({c.source for c in rest})
    ]
    most = max(len(poses) for poses in sources)
    train = np.concatenate([poses[np.arange(most) % len(poses)] for poses in sources])
    return {"train": train} | {name: _poses(part) for name, part in held_out.items()}


def _poses(clips: list[Clip]) -> np.ndarray:
    return np.concatenate([h36m17(clip) for clip in clips])


def lifter_inputs(keypoints: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """MPII-16 keypoints (N, 16, 2) and flags (N, 16) → the lifter's, by the engine's conversion."""
    points, visible = convert_keypoints(keypoints, seen.astype(np.float32), MPII16, INPUTS)
    return points.astype(np.float32), visible


def training_batch(poses: np.ndarray, rng: np.random.Generator, count: int = BATCH) -> Batch:
    """Random poses on random bodies before random cameras, a quarter of them detected without fault."""
    bodies = cameras.vary_bodies(poses[rng.integers(0, len(poses), count)], rng)
    views = cameras.sample_views(bodies, rng)
    perfect, inside = cameras.as_mpii16(views)
    blurred, seen = cameras.blur(perfect, inside, rng)
    clean = rng.random(count) < 0.25
    blurred[clean], seen[clean] = perfect[clean], inside[clean]
    return *lifter_inputs(blurred, cameras.drop(seen, rng)), views.joints


def standardise(lifter: Lifter, poses: np.ndarray) -> None:
    """Set the lifter's statistics from 20,000 training samples; of keypoints, the seen ones only."""
    batch = training_batch(poses, np.random.default_rng(SEED), 20_000)
    keypoints, visible, joints = (torch.from_numpy(array) for array in batch)
    seen = visible > 0.5
    points, count = lifter.normalise(keypoints, seen), seen.sum(0)[:, None]
    lifter.mean_2d.copy_(points.sum(0) / count)
    square = ((points - lifter.mean_2d) * seen[..., None]).square().sum(0) / count
    lifter.std_2d.copy_(square.sqrt())
    lifter.mean_3d.copy_(joints[:, 1:].mean(0))
    lifter.std_3d.copy_(joints[:, 1:].std(0))


def joint_loss(found: Tensor, truth: Tensor) -> Tensor:
    """Mean distance of the joints, in metres: Protocol 1 itself. Unseen joints count like all others."""
    return (found - truth).norm(dim=-1).mean() / 1000


def lift(lifter: Lifter, keypoints: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """(N, 17, 3) mm from MPII-16 keypoints (N, 16, 2) and flags (N, 16)."""
    inputs = [torch.from_numpy(array) for array in lifter_inputs(keypoints, seen)]
    with torch.inference_mode():
        return lifter.eval()(*inputs).numpy()


def evaluate(lifter: Lifter, poses: np.ndarray) -> dict[str, float]:
    """P1 and P2 in mm on unseen (N, 17, 3) poses, each before one fixed virtual camera.

    With keypoints missing, P1 is that of the joints that are left: of the upper body without legs.
    """
    rng = np.random.default_rng(SEED)
    views = cameras.sample_views(poses, rng, close_ups=0.0)
    keypoints, _ = cameras.as_mpii16(views)
    everything = np.ones(keypoints.shape[:2], bool)
    exact = lift(lifter, keypoints, everything)
    noisy = lift(lifter, *cameras.blur(keypoints, everything, rng))
    errors = mpjpe(exact, views.joints)
    figures = {
        "p1": errors,
        "p2": procrustes_mpjpe(exact, views.joints),
        "p1_noisy": mpjpe(noisy, views.joints),
        "p2_noisy": procrustes_mpjpe(noisy, views.joints),
    }
    for name in ("legs", "hips and legs", "one arm"):
        without = lift(lifter, keypoints, everything & ~cameras.missing(name))
        left = [joint not in cameras.MISSING[name][1] for joint in H36M17.keypoints]
        figures[f"p1_without_{name.replace(' ', '_')}"] = mpjpe(without, views.joints)[:, left]
    for low, high in PITCH_BANDS:
        band = (views.pitch >= low) & (views.pitch < high)
        figures[f"p1_pitch_{low}_{high}"] = errors[band]
    close = cameras.sample_views(poses, rng, close_ups=1.0)
    found = lift(lifter, *cameras.as_mpii16(close))
    figures["p1_close_up_inside"] = mpjpe(found, close.joints)[close.inside]
    return {name: round(float(values.mean()), 1) for name, values in figures.items()}
