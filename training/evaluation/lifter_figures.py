"""Lifters measured: Protocol 1 and 2 through virtual cameras, and on the sets of papers.

Knows poses and metrics; which of them are held out is the data sets' to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from engine.estimator import EstimatorSettings
from engine.runtimes import Runtime
from engine.skeleton import H36M17
from training.datasets.lifting_sets import load_lifting, paper_inputs, with_noise
from training.datasets.motion import virtual_cameras as cameras
from training.datasets.motion.bodies import height_of
from training.datasets.motion.detections import (
    BEST,
    DEFAULT,
    MISSING,
    detect,
    detect_stretches,
    missing,
    shipped_errors,
)
from training.datasets.motion.lifter_views import SEED, lifter_inputs, load_poses, load_source
from training.datasets.motion.lifting_set import LiftingSet
from training.datasets.motion.moves import Moves, load_held_out
from training.datasets.motion.ray_views import RATE, as_camera, nothing_told
from training.datasets.motion.virtual_cameras import Views
from training.evaluation.metrics import figures_by_action, mpjpe, procrustes_mpjpe
from training.models.martinez import Lifter
from training.models.ray_lifter import RayLifter
from training.recipes.martinez import ANY_CAMERA

LIFTED_AT_ONCE = 2048  # poses
STEPS, APART = 27, 3  # of `stretch_figures`: steps of 1 / RATE s; frames between stretches
SOURCE, LOOKED_AT = "source_", 4000  # how a set of one source's poses is called; of them, at most
PITCH_BANDS = ((-20, 0), (0, 20), (20, 45))
HELD_OUT = {
    "actor": "hdm05_actor_tr_held_out",
    "actions": "cmu_actions_last_fifth_held_out",
}  # part of `split` → its name in model.json

NOISE = {"_noisy": DEFAULT, "_noisy_best": BEST}  # ends of figures → the backbone that found them
OUTPUTS = ("joints", "up", "spread")  # the last two of those that are told the camera
# keypoints, visible, camera, as the engine gives them → `OUTPUTS`
Lift = Callable[[np.ndarray, np.ndarray, np.ndarray], Mapping[str, np.ndarray]]


def lift_with(lifter: nn.Module) -> Lift:
    """A lifter under training as a function of numpy arrays."""
    device = next(lifter.parameters()).device
    takes = {Lifter: 2, RayLifter: 3}.get(type(lifter.eval()), 1)
    window = lifter.network.window if isinstance(lifter, RayLifter) else 1

    def lift(*inputs: np.ndarray) -> dict[str, np.ndarray]:
        arrays = [torch.from_numpy(a).to(device) for a in with_past(window, *inputs)[:takes]]
        starts = range(0, len(arrays[0]), LIFTED_AT_ONCE)
        with torch.inference_mode():
            found = [lifter(*(a[i : i + LIFTED_AT_ONCE] for a in arrays)) for i in starts]
        parts = [part if isinstance(part, tuple) else (part,) for part in found]
        columns = [torch.cat(column).cpu().numpy() for column in zip(*parts, strict=True)]
        return dict(zip(OUTPUTS, columns, strict=False))

    return lift


def with_past(
    window: int, keypoints: np.ndarray, visible: np.ndarray, camera: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A single pose for a lifter over time, nothing was seen before it; of a stretch the last pose
    for all other lifters.
    """
    if window == 1 and keypoints.ndim == 4:
        return keypoints[:, -1], visible[:, -1], camera
    if window > 1 and keypoints.ndim == 3:
        before = [(0, 0), (window - 1, 0), (0, 0)]
        keypoints = np.pad(keypoints[:, None], [*before, (0, 0)])
        visible = np.pad(visible[:, None], before)
    return keypoints, visible, camera


def lift_in(runtime: Runtime, window: int = 1) -> Lift:
    """An exported lifter as a function of numpy arrays."""

    def lift(*inputs: np.ndarray) -> Mapping[str, np.ndarray]:
        names = ("keypoints", "visible", "camera")
        return runtime.run(dict(zip(names, with_past(window, *inputs), strict=True)))

    return lift


def evaluate_lifter(
    lift: Lift, name: str, folders: Sequence[Path], action: str | None = None
) -> dict[str, dict[str, float]]:
    """Figures on what is held out of a lifting set: by action, and for ``any_camera`` by part too;
    or on all of a source, ``source_NAME``, for a lifter that was trained without it.

    action: only that one. Raises ValueError for an unknown set, FileNotFoundError where it is
    missing.
    """
    if name == ANY_CAMERA:
        over_time = {
            HELD_OUT[k]: stretch_figures(lift, m) for k, m in load_held_out(folders).items()
        }
        rows = held_out_figures(lift, load_poses(folders))
        return {row: figures | over_time.get(row, {}) for row, figures in rows.items()}
    if name.startswith(SOURCE):
        source = name.removeprefix(SOURCE)
        poses = load_source(folders, source)
        return {source: view_figures(lift, poses[:: len(poses) // LOOKED_AT + 1])}
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
    Nothing is told of the camera but in the figures that say so.
    """

    def lifted(
        keypoints: np.ndarray, visible: np.ndarray, camera: np.ndarray | None = None
    ) -> np.ndarray:
        camera = nothing_told(len(keypoints)) if camera is None else camera
        return lift(*lifter_inputs(keypoints, visible), camera)["joints"]

    rng = np.random.default_rng(SEED)
    views = cameras.sample_views(poses, rng, close_ups=0.0)
    keypoints, _ = cameras.as_mpii16(views)
    everything = np.ones(keypoints.shape[:2])
    exact = lifted(keypoints, everything)
    errors = mpjpe(exact, views.joints)
    figures = {"p1": errors, "p2": procrustes_mpjpe(exact, views.joints)}
    for name, backbone in NOISE.items():
        noise = shipped_errors().of(backbone).half(1)
        noisy = lifted(*detect(keypoints, noise, rng, EstimatorSettings.threshold))
        figures[f"p1{name}"] = mpjpe(noisy, views.joints)
        figures[f"p2{name}"] = procrustes_mpjpe(noisy, views.joints)
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
    if "spread" in lift(*lifter_inputs(keypoints[:1], everything[:1]), nothing_told(1)):
        figures |= told_figures(lift, views, height_of(poses))
    return {name: round(float(values.mean()), 1) for name, values in figures.items()}


def stretch_figures(lift: Lift, moves: Moves) -> dict[str, float]:
    """P1 and P2 in mm where the second before has been seen, with exact keypoints and with what
    backbones make of them, before one fixed virtual camera each; nothing is told of it.
    """
    rng = np.random.default_rng(SEED)
    ends = np.arange(0, len(moves), APART)
    poses, begun = moves.stretches(ends, STEPS, RATE)
    views = cameras.sample_views(poses, rng, close_ups=0.0)
    keypoints, _ = cameras.as_mpii16(views)
    found = {"": (keypoints, np.ones(keypoints.shape[:3]))}
    for name, backbone in NOISE.items():
        noise = shipped_errors().of(backbone).half(1)
        found[name] = detect_stretches(keypoints, noise, rng, EstimatorSettings.threshold, RATE)
    figures = {}
    for name, (points, visible) in found.items():
        inputs = lifter_inputs(points, visible * begun[..., None])
        joints = lift(*inputs, nothing_told(len(ends)))["joints"]
        figures[f"p1_over_time{name}"] = mpjpe(joints, views.joints)
        figures[f"p2_over_time{name}"] = procrustes_mpjpe(joints, views.joints)
    return {name: round(float(values.mean()), 1) for name, values in figures.items()}


def told_figures(lift: Lift, views: Views, tall: np.ndarray) -> dict[str, np.ndarray]:
    """Of a lifter that is told the camera, with exact keypoints: P1 and P2 by what is known; how
    many degrees off up is that nothing was told of; percent of the joints' coordinates that
    lie within one and two standard deviations.
    """
    keypoints, _ = cameras.as_mpii16(views)
    inputs, nothing = lifter_inputs(keypoints, np.ones(keypoints.shape[:2])), 0 * tall
    known = np.ones(len(tall))
    told = {
        "focal": as_camera(views.focal, nothing, nothing, nothing, nothing),
        "tilt": as_camera(views.focal, views.pitch, views.roll, known, nothing),
        "tilt_height": as_camera(views.focal, views.pitch, views.roll, known, tall),
    }
    figures = {}
    for name, camera in told.items():
        found = lift(*inputs, camera)["joints"]
        figures[f"p1_{name}"] = mpjpe(found, views.joints)
        figures[f"p2_{name}"] = procrustes_mpjpe(found, views.joints)
    blind = lift(*inputs, nothing_told(len(tall)))
    cosine = (blind["up"] * views.up).sum(axis=1).clip(-1, 1)
    off = np.abs(blind["joints"] - views.joints)[:, 1:] / blind["spread"][:, 1:]
    figures["up_off_degrees"] = np.degrees(np.arccos(cosine))
    return figures | {f"within_{n}_sigma": 100.0 * (off < n) for n in (1, 2)}


def pair_figures(lift: Lift, views: LiftingSet, sigma: float = 0.0) -> dict[str, dict[str, float]]:
    """`figures_by_action` of a lifter; sigma: pixels, deviation of the noise on every keypoint."""
    keypoints = with_noise(paper_inputs(views), sigma, np.random.default_rng(0))
    visible = np.ones(keypoints.shape[:2], np.float32)
    found = lift(keypoints, visible, nothing_told(len(keypoints)))["joints"]
    return figures_by_action(found, views.joints, views.actions)
