"""Where the four cameras of Human3.6M stood, as the files that carry them say.

Two files are read: mmpose's ``cameras.pkl``, and VideoPose3D's ``h36m_dataset.py``, whose tables
are parsed as text; neither is executed. Both give the camera's axes in the world (camera → world)
and its place. Knows no poses.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.space.camera import to_camera
from training.datasets.human36m.plain_pickle import load_pickle

IDS = ("54138969", "55011271", "58860488", "60457274")  # the order of VideoPose3D's lists


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    rotation: np.ndarray  # (3, 3) world → camera; the world has Z up
    eye: np.ndarray  # (3,) metres, world

    def see(self, points: np.ndarray) -> np.ndarray:
        """World (..., K, 3) metres → camera axes (..., K, 3) metres: x right, y down, z away."""
        return to_camera(points, self.rotation, self.eye)


Cameras = dict[tuple[str, str], Camera]  # by subject ("S1") and camera id


def load_cameras(folder: Path) -> Cameras:
    """From ``cameras.pkl`` or ``h36m_dataset.py`` in ``folder``.

    Raises FileNotFoundError where neither is there, ValueError where it is not what it should be.
    """
    if (folder / "cameras.pkl").exists():
        return _from_mmpose(folder / "cameras.pkl")
    if (folder / "h36m_dataset.py").exists():
        return _from_videopose3d(folder / "h36m_dataset.py")
    raise FileNotFoundError(
        f"No cameras in {folder}: put mmpose's cameras.pkl there, or common/h36m_dataset.py of"
        " github.com/facebookresearch/VideoPose3D."
    )


def _from_mmpose(path: Path) -> Cameras:
    try:
        return {
            (str(subject), str(camera)): Camera(entry["R"].T, entry["T"].reshape(3))
            for (subject, camera), entry in load_pickle(path).items()
        }
    except (KeyError, TypeError, AttributeError):
        raise ValueError(f"{path} is not a table of cameras with R and T by subject.") from None


def _from_videopose3d(path: Path) -> Cameras:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and "h36m_cameras_extrinsic_params" in map(
            ast.unparse, node.targets
        ):
            table = ast.literal_eval(node.value)
            return {
                (subject, camera): _posed(**entry)
                for subject, entries in table.items()
                for camera, entry in zip(IDS, entries, strict=True)
                if entry  # S2 to S4 have no 3D
            }
    raise ValueError(f"{path} has no table h36m_cameras_extrinsic_params.")


def _posed(orientation: list[float], translation: list[float]) -> Camera:
    """orientation: unit quaternion (w, x, y, z), camera → world; translation: mm."""
    w, *vector = np.array(orientation) / np.linalg.norm(orientation)
    x, y, z = vector
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    to_world = np.eye(3) + 2 * w * cross + 2 * cross @ cross
    return Camera(to_world.T, np.array(translation) / 1000)
