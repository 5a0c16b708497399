"""Somebody who moves a little: motion capture small enough to train a lifter on in a test."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from training.datasets.motion.mocap import Clip

RIGHT_HALF = {
    "hip": (-0.09, 0.92, 0), "knee": (-0.10, 0.50, 0.01), "ankle": (-0.10, 0.08, -0.02),
    "shoulder": (-0.18, 1.43, 0.0), "elbow": (-0.22, 1.14, 0.0), "wrist": (-0.23, 0.89, 0.05),
}  # fmt: skip
ACTORS = ("bd", "bk", "dg", "tr")


def standing_clip() -> Clip:
    """Someone 1.75 m tall who stands still, faces +Z and lets the arms hang."""
    joints = {f"r_{part}": place for part, place in RIGHT_HALF.items()}
    joints |= {f"l_{part}": (-x, y, z) for part, (x, y, z) in RIGHT_HALF.items()}
    joints |= {"neck": (0, 1.48, -0.01), "head": (0, 1.57, 0), "head_top": (0, 1.66, 0.01)}
    frames = {name: np.array([place], np.float32) for name, place in joints.items()}
    return Clip("test", "standing", "nobody", 30.0, frames)


def write_mocap(data: Path, frames: int = 12) -> Path:
    """``data``, holding HDM05 and cmu_actions in small: hands that wander, two actions an actor."""
    folder = data / "mocap"
    folder.mkdir()
    still = standing_clip().joints
    names = ["root", *still]
    (folder / "joint_map.json").write_text(
        json.dumps({source: {n: n for n in still} for source in ("hdm05", "cmu_actions")})
    )
    hdm05 = [(f"HDM_{actor}_{a}_001_120", actor) for actor in ACTORS for a in ("wave", "reach")]
    _write(folder / "hdm05.npz", names, hdm05, frames)
    _write(folder / "cmu_actions.npz", names, [(f"train/wave_{i}", "x") for i in range(5)], frames)
    return data


def _write(path: Path, names: list[str], clips: list[tuple[str, str]], frames: int) -> None:
    rng, count = np.random.default_rng(len(clips)), frames * len(clips)
    still = standing_clip().joints
    root = np.tile(np.array([0.5, 0.92, -1.0], np.float32), (count, 1))
    places = {name: np.repeat(place, count, axis=0) for name, place in still.items()}
    for hand in ("l_wrist", "r_wrist"):
        places[hand] = places[hand] + rng.uniform(-0.2, 0.2, (count, 3))
    relative = np.stack([np.zeros((count, 3)), *(p - [0, 0.92, 0] for p in places.values())], 1)
    np.savez(
        path,
        joint_names=np.array(names),
        clips=np.array([name for name, _ in clips]),
        subjects=np.array([subject for _, subject in clips]),
        offsets=np.arange(len(clips)) * frames,
        lengths=np.full(len(clips), frames),
        fps=30,
        positions=np.round(relative * 1e4).astype(np.int16),
        root=root,
    )
