"""``python -m training.evaluation.error_analysis MODEL``: what a lifter's error is made of.

Each row corrects what was found with one piece of the truth, and gives the P1 that is left. Knows
arrays of joints; the views are the data sets'.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from engine.skeleton import H36M17
from training.cli import answer
from training.datasets.motion import virtual_cameras as cameras
from training.datasets.motion.bodies import trunk_axes
from training.datasets.motion.lifter_views import SEED, lifter_inputs, load_poses
from training.datasets.motion.ray_views import nothing_told
from training.datasets.picture_sets import DATA
from training.evaluation.evaluator import RUNTIME, Backbone, open_subject
from training.evaluation.lifter_figures import HELD_OUT, Lift
from training.evaluation.metrics import mpjpe

PITCHES = np.deg2rad(np.arange(-30, 31, 1.5))
BONES = H36M17.bone_indices


def oracles(found: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """P1 in mm once that piece of the truth is put in.

    found, truth: (N, 17, 3) mm from the pelvis, camera axes.
    """
    turned = found @ np.swapaxes(_rotations(found, truth), 1, 2)
    axes = trunk_axes(truth)
    biased = (found - truth) @ np.swapaxes(axes, 1, 2)
    across, depths = truth.copy(), found.copy()
    across[..., 2], depths[..., 2] = found[..., 2], truth[..., 2]
    corrected = {
        "nothing": found,
        "size of each pose": _sized(found, truth),
        "one size for all": found * ((found * truth).sum() / (found**2).sum()),
        "orientation of each pose": turned,
        "orientation and size": _sized(turned, truth),
        "depths of all joints": depths,
        "places across the picture": across,
        "mean error of each joint, in the trunk's axes": found - biased.mean(axis=0) @ axes,
        "bone lengths": _with_lengths(found, truth),
    }
    rows = {name: float(mpjpe(joints, truth).mean()) for name, joints in corrected.items()}
    tilted = [mpjpe(found @ _tilt(pitch).T, truth).mean(axis=1) for pitch in PITCHES]
    return {**rows, "camera pitch of each pose": float(np.min(tilted, axis=0).mean())}


def _sized(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Each scaled to fit best, about the pelvis."""
    scale = (found * truth).sum(axis=(1, 2)) / (found**2).sum(axis=(1, 2))
    return np.asarray(found * scale[:, None, None])


def _rotations(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(N, 3, 3), each the best one about the pelvis (Kabsch 1976)."""
    u, _, v = np.linalg.svd(np.swapaxes(truth, 1, 2) @ found)
    signs = np.ones((len(found), 3))
    signs[:, 2] = np.sign(np.linalg.det(u @ v))
    return np.asarray((u * signs[:, None]) @ v)


def _tilt(pitch: float) -> np.ndarray:
    """(3, 3), about the axis to the right."""
    c, s = np.cos(pitch), np.sin(pitch)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _with_lengths(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The bones' directions as found, their lengths as true."""
    joints = np.zeros_like(truth)
    for parent, child in BONES:
        bone = found[:, child] - found[:, parent]
        length = np.linalg.norm(truth[:, child] - truth[:, parent], axis=1)
        factor = length / np.maximum(np.linalg.norm(bone, axis=1), 1e-6)
        joints[:, child] = joints[:, parent] + bone * factor[:, None]
    return joints


def measure(lift: Lift, poses: np.ndarray) -> dict[str, float]:
    """`oracles` of (N, 17, 3) poses in metres, exact 2D, the cameras of `view_figures`."""
    views = cameras.sample_views(poses, np.random.default_rng(SEED), close_ups=0.0)
    keypoints, _ = cameras.as_mpii16(views)
    inputs = lifter_inputs(keypoints, np.ones(keypoints.shape[:2]))
    return oracles(lift(*inputs, nothing_told(len(poses)))["joints"], views.joints)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.error_analysis", description=__doc__
    )
    parser.add_argument(
        "model", type=Path, help="a lifter's model folder, checkpoint or run folder"
    )
    parser.add_argument("--data", type=Path, nargs="+", default=DATA)
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    poses = load_poses(arguments.data)
    with open_subject(arguments.model, RUNTIME) as lift:
        if isinstance(lift, Backbone):
            raise ValueError(f"{arguments.model} is a backbone: name a lifter.")
        columns = [measure(lift, poses[part]) for part in HELD_OUT]
    print(f"| corrected, P1 in mm | {' | '.join(HELD_OUT)} |\n|{'---|' * (len(columns) + 1)}")
    for name in columns[0]:
        print(f"| {name} | {' | '.join(f'{column[name]:.1f}' for column in columns)} |")


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
