"""Human3.6M for lifters (Ionescu, TPAMI 2014): 2D keypoints beside 3D joints in camera axes.

Reads the files of VideoPose3D (``data_3d_h36m.npz`` in world metres, ``data_2d_h36m_*.npz``); a
folder in mmpose's layout is handed on. Trained on S1, S5, S6, S7, S8, tested on S9, S11, as all
papers do. Knows no networks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from engine.skeleton import COCO17, H36M17, MPII16, Skeleton
from training.datasets.human36m.cameras import IDS, Cameras, load_cameras
from training.datasets.human36m.mmpose import FOLDER, load_mmpose
from training.datasets.human36m.plain_pickle import load_npz_object
from training.datasets.motion.lifting_set import LiftingSet, hip_centred

TRAINED_ON, TESTED_ON = ("S1", "S5", "S6", "S7", "S8"), ("S9", "S11")
PUBLISHED = (
    "Human3.6M is published, on registration, at vision.imar.ro/human3.6m; its npz files are made"
    " as DATASETS.md of github.com/facebookresearch/VideoPose3D says"
)
# H36M-17 among the 32 joints of the recordings.
JOINTS = [0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 15, 17, 18, 19, 25, 26, 27]


def load_human36m(folder: Path, keypoints: str = "gt") -> tuple[LiftingSet, LiftingSet]:
    """(training, test) from ``data_3d_h36m.npz`` and ``data_2d_h36m_{keypoints}.npz``, or from
    mmpose's ``annotation_body3d`` where that lies in ``folder`` and the true keypoints are asked.

    keypoints: ``gt``, ``sh_pt_mpii``, ``sh_ft_h36m``, ``cpn_ft_h36m_dbb``, … as VideoPose3D names
    them. Raises FileNotFoundError that says where the data is published, ValueError for a file
    that is not what its name says.
    """
    if keypoints == "gt" and (folder / FOLDER).is_dir():
        return load_mmpose(folder)
    space, plane = folder / "data_3d_h36m.npz", folder / f"data_2d_h36m_{keypoints}.npz"
    for path in (space, plane):
        if not path.exists():
            raise FileNotFoundError(f"No {path}. {PUBLISHED}; put them there.")
    cameras = load_cameras(folder)
    try:
        world, seen = load_npz_object(space, "positions_3d"), load_npz_object(plane, "positions_2d")
        skeleton = _skeleton(load_npz_object(plane, "metadata"), plane)
        training, test = (
            _join(list(_takes(subjects, world, seen, cameras)), skeleton)
            for subjects in (TRAINED_ON, TESTED_ON)
        )
    except (AttributeError, IndexError, KeyError, TypeError) as odd:
        raise ValueError(f"{folder} is not laid out as VideoPose3D's files are: {odd!r}.") from odd
    return training, test


def _skeleton(metadata: dict[str, object], path: Path) -> Skeleton:
    """Hourglass files name no layout: they are the only ones with 16 joints."""
    layout = metadata.get("layout_name", "mpii" if metadata.get("num_joints") == 16 else "")
    layouts = {"mpii": MPII16, "h36m": H36M17, "coco": COCO17}
    if layout not in layouts:
        raise ValueError(f"{path} has keypoints of layout '{layout}', known: {', '.join(layouts)}.")
    return layouts[str(layout)]


Take = tuple[np.ndarray, np.ndarray, str, str, str]


def _takes(
    subjects: Sequence[str],
    world: dict[str, dict[str, np.ndarray]],
    seen: dict[str, dict[str, list[np.ndarray]]],
    cameras: Cameras,
) -> Iterator[Take]:
    """Every action by every camera; where one of the two files lacks an action, it is left out."""
    for subject in (subject for subject in subjects if subject in world):
        for action, positions in world[subject].items():
            joints = positions if positions.shape[1] == len(H36M17) else positions[:, JOINTS]
            for camera, keypoints in zip(IDS, seen.get(subject, {}).get(action, ()), strict=False):
                count = min(len(joints), len(keypoints))  # videos run a few frames longer
                relative = hip_centred(cameras[subject, camera].see(joints[:count]))
                yield keypoints[:count, :, :2], relative, subject, action.split(" ")[0], camera


def _join(takes: Sequence[Take], skeleton: Skeleton) -> LiftingSet:
    """The takes end to end, their names repeated for every frame."""
    if not takes:
        raise ValueError("No frame of Human3.6M has both its 2D and its 3D in these files.")
    keypoints, joints, subjects, actions, cameras = zip(*takes, strict=True)
    lengths = [len(array) for array in joints]
    return LiftingSet(
        np.concatenate(keypoints).astype(np.float32),
        np.concatenate(joints),
        np.repeat(np.array(subjects), lengths),
        np.repeat(np.array(actions), lengths),
        np.repeat(np.array(cameras), lengths),
        skeleton,
    )
