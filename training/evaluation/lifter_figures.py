"""Lifters measured: Protocol 1 and 2 through virtual cameras, and on the sets of papers.

Knows poses and metrics; which of them are held out is the data sets' to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from engine.estimator import EstimatorSettings
from engine.runtimes import Runtime
from engine.skeleton import H36M17
from training.datasets.lifting_sets import load_lifting, paper_inputs, with_noise
from training.datasets.motion import virtual_cameras as cameras
from training.datasets.motion.detections import MISSING, detect, missing, shipped_errors
from training.datasets.motion.lifter_views import SEED, lifter_inputs, load_poses
from training.datasets.motion.lifting_set import LiftingSet
from training.evaluation.metrics import figures_by_action, mpjpe, procrustes_mpjpe
from training.models.martinez import Lifter
from training.recipes.martinez import ANY_CAMERA

LIFTED_AT_ONCE = 2048  # poses
PITCH_BANDS = ((-20, 0), (0, 20), (20, 45))
HELD_OUT = {
    "actor": "hdm05_actor_tr_held_out",
    "actions": "cmu_actions_last_fifth_held_out",
}  # part of `split` → its name in model.json

Lift = Callable[[np.ndarray, np.ndarray], np.ndarray]  # keypoints, visible → (N, 17, 3) mm


def lift_with(lifter: nn.Module) -> Lift:
    """A lifter under training as a function of numpy keypoints and visibility."""
    device = next(lifter.parameters()).device
    takes = 2 if isinstance(lifter.eval(), Lifter) else 1

    def lift(*inputs: np.ndarray) -> np.ndarray:
        arrays = [torch.from_numpy(array).to(device) for array in inputs[:takes]]
        starts = range(0, len(arrays[0]), LIFTED_AT_ONCE)
        with torch.inference_mode():
            parts = [lifter(*(a[i : i + LIFTED_AT_ONCE] for a in arrays)) for i in starts]
        return np.asarray(torch.cat(parts).cpu())

    return lift


def lift_in(runtime: Runtime) -> Lift:
    """An exported lifter as a function of numpy keypoints and visibility."""
    return lambda keypoints, visible: np.asarray(
        runtime.run({"keypoints": keypoints, "visible": visible})["joints"]
    )


def evaluate_lifter(
    lift: Lift, name: str, folders: Sequence[Path], action: str | None = None
) -> dict[str, dict[str, float]]:
    """Figures on what is held out of a lifting set: by action, and for ``any_camera`` by part too.

    action: only that one. Raises ValueError for an unknown set, FileNotFoundError where it is
    missing.
    """
    if name == ANY_CAMERA:
        return held_out_figures(lift, load_poses(folders))
    rows = pair_figures(lift, load_lifting(folders, name, action)[1])
    return {row: {k: round(v, 1) for k, v in figures.items()} for row, figures in rows.items()}


def held_out_figures(lift: Lift, poses: dict[str, np.ndarray]) -> dict[str, dict[str, float]]:
    """`view_figures` of the parts of `split` that are held out, and the first of them by action."""
    rows = {row: view_figures(lift, poses[part]) for part, row in HELD_OUT.items()}
    for action in sorted(poses.keys() - HELD_OUT.keys() - {"train"}):
        figures = view_figures(lift, poses[action])
        rows[f"tr_{action}"] = {
            name: figures[name] for name in ("p1", "p2", "p1_noisy", "p2_noisy")
        }
    return rows


def view_figures(lift: Lift, poses: np.ndarray) -> dict[str, float]:
    """P1 and P2 in mm on unseen (N, 17, 3) poses, each before one fixed virtual camera.

    With keypoints missing, P1 is that of the joints that are left: of the upper body without legs.
    """

    def lifted(keypoints: np.ndarray, visible: np.ndarray) -> np.ndarray:
        return lift(*lifter_inputs(keypoints, visible))

    rng = np.random.default_rng(SEED)
    views = cameras.sample_views(poses, rng, close_ups=0.0)
    keypoints, _ = cameras.as_mpii16(views)
    everything = np.ones(keypoints.shape[:2])
    exact = lifted(keypoints, everything)
    noisy = lifted(*detect(keypoints, shipped_errors().half(1), rng, EstimatorSettings.threshold))
    errors = mpjpe(exact, views.joints)
    figures = {
        "p1": errors,
        "p2": procrustes_mpjpe(exact, views.joints),
        "p1_noisy": mpjpe(noisy, views.joints),
        "p2_noisy": procrustes_mpjpe(noisy, views.joints),
    }
    for name in ("legs", "hips and legs", "one arm"):
        without = lifted(keypoints, everything * ~missing(name))
        left = [joint not in MISSING[name][1] for joint in H36M17.keypoints]
        figures[f"p1_without_{name.replace(' ', '_')}"] = mpjpe(without, views.joints)[:, left]
    for low, high in PITCH_BANDS:
        band = (views.pitch >= low) & (views.pitch < high)
        figures[f"p1_pitch_{low}_{high}"] = errors[band]
    close = cameras.sample_views(poses, rng, close_ups=1.0)
    found = lifted(*cameras.as_mpii16(close))  # what is outside is unseen
    figures["p1_close_up_inside"] = mpjpe(found, close.joints)[close.inside]
    return {name: round(float(values.mean()), 1) for name, values in figures.items()}


def pair_figures(lift: Lift, views: LiftingSet, sigma: float = 0.0) -> dict[str, dict[str, float]]:
    """`figures_by_action` of a lifter; sigma: pixels, deviation of the noise on every keypoint."""
    keypoints = with_noise(paper_inputs(views), sigma, np.random.default_rng(0))
    found = lift(keypoints, np.ones(keypoints.shape[:2], np.float32))
    return figures_by_action(found, views.joints, views.actions)
