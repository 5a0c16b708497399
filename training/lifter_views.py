"""What the lifter for any camera learns from: endless views of all motion capture.

Bodies, cameras and what detectors leave of a pose come from datasets/virtual_cameras.py; here is
which poses are held out, how a batch is drawn, and the figures that ``model.json`` states.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from engine.estimator import EstimatorSettings
from engine.skeleton import H36M17, MPII16, convert_keypoints
from training.datasets import virtual_cameras as cameras
from training.datasets.detections import MISSING, detect, drop, missing, shipped_errors
from training.datasets.mocap import Clip, h36m17, load_clips
from training.metrics import mpjpe, procrustes_mpjpe
from training.models.martinez import INPUTS, Lifter
from training.recipes.martinez import LifterRecipe
from training.samples import Numbered

PITCH_BANDS = ((-20, 0), (0, 20), (20, 45))
SEED = 2017  # of the views that the figures are measured on
FAULTLESS = 0.5  # share of the samples whose keypoints are exact
THRESHOLDS = (0.1, 0.5)  # scores from which a keypoint counts as seen
HELD_OUT = {
    "actor": "hdm05_actor_tr_held_out",
    "actions": "cmu_actions_last_fifth_held_out",
}  # part of `split` → its name in model.json

Batch = tuple[np.ndarray, np.ndarray, np.ndarray]  # keypoints (N,16,2), visible (N,16), joints
Lift = Callable[[np.ndarray, np.ndarray], np.ndarray]  # keypoints, visible → (N, 17, 3) mm


class ViewSamples(Numbered):
    """Batches of views for `Lifter`. Raises FileNotFoundError where there is no motion capture."""

    def __init__(self, recipe: LifterRecipe, folders: Sequence[Path]) -> None:
        poses = load_poses(folders)
        self.seed, self.poses, self.held_out = recipe.seed, poses["train"], poses["actor"]
        self.epoch_images = len(self.poses)

    def __getitem__(self, numbers: list[int]) -> Batch:
        return training_batch(
            self.poses, np.random.default_rng([self.seed, numbers[0]]), len(numbers)
        )


def load_poses(folders: Sequence[Path]) -> dict[str, np.ndarray]:
    """`split` of the motion capture in the first of ``folders`` that has it. Raises
    FileNotFoundError where none does.
    """
    there = [folder / "mocap" for folder in folders if (folder / "mocap").is_dir()]
    return split(load_clips(there[0] if there else folders[0] / "mocap"))


def split(clips: list[Clip]) -> dict[str, np.ndarray]:
    """(N, 17, 3) metres: ``actor`` (HDM05's tr), ``actions`` (their last fifth), ``train``, and
    each action of the actor by its name.

    In ``train``, the rest, every source has equally many frames, the short ones repeated.
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
    held_out |= {
        name: [c for c in actor if c.action == name] for name in {c.action: 0 for c in actor}
    }
    return {"train": train} | {name: _poses(part) for name, part in held_out.items()}


def _poses(clips: list[Clip]) -> np.ndarray:
    return np.concatenate([h36m17(clip) for clip in clips])


def lifter_inputs(keypoints: np.ndarray, visible: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """MPII-16 keypoints (N, 16, 2) and visibility (N, 16) → the lifter's, as the engine does it."""
    points, visible = convert_keypoints(keypoints, visible.astype(np.float32), MPII16, INPUTS)
    return points.astype(np.float32), visible


def training_batch(poses: np.ndarray, rng: np.random.Generator, count: int) -> Batch:
    """Random poses, bodies and cameras; some detected without fault, the rest as detectors do, with
    any threshold a user may choose.
    """
    drawn = cameras.swap_limbs(poses[rng.integers(0, len(poses), count)], rng)
    views = cameras.sample_views(cameras.vary_bodies(drawn, rng), rng)
    keypoints, inside = cameras.as_mpii16(views)
    visible = np.ones(inside.shape)
    spoilt = np.flatnonzero(rng.random(count) >= FAULTLESS)
    thresholds = rng.uniform(*THRESHOLDS, (len(spoilt), 1))
    keypoints[spoilt], visible[spoilt] = detect(
        keypoints[spoilt], shipped_errors().half(0), rng, thresholds
    )
    return *lifter_inputs(keypoints, drop(visible * inside, rng)), views.joints


def standardise_any_camera(lifter: Lifter, poses: np.ndarray) -> None:
    """Set the lifter's statistics from 20,000 training samples; of seen keypoints only."""
    batch = training_batch(poses, np.random.default_rng(SEED), 20_000)
    keypoints, visible, joints = (torch.from_numpy(array) for array in batch)
    weights = lifter.weights(visible)
    seen = weights > 0
    points, count = lifter.normalise(keypoints, weights), seen.sum(0)[:, None]
    lifter.mean_2d.copy_(points.sum(0) / count)
    square = ((points - lifter.mean_2d) * seen[..., None]).square().sum(0) / count
    lifter.std_2d.copy_(square.sqrt())
    lifter.mean_3d.copy_(joints[:, 1:].mean(0))
    lifter.std_3d.copy_(joints[:, 1:].std(0))


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
