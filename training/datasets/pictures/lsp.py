"""Leeds Sports Pose and LSP-extended from their official files: ``joints.mat`` beside ``images/``.

LSP: Johnson and Everingham, BMVC 2010; 1,000 pictures to train on, 1,000 to test. LSP-extended:
CVPR 2011; 10,000 more to train on. Knows no networks.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.io import loadmat

from engine.skeleton import MPII16
from training.datasets.pictures.labels import Names, Picture, Split, arrange, needed

ORDER = (
    "r_ankle", "r_knee", "r_hip", "l_hip", "l_knee", "l_ankle", "r_wrist", "r_elbow", "r_shoulder",
    "l_shoulder", "l_elbow", "l_wrist", "neck", "head_top",
)  # fmt: skip
NAMES: Names = {
    name: (name.replace("right_", "r_").replace("left_", "l_"),) for name in MPII16.keypoints
}
NAMES |= {"pelvis": ("r_hip", "l_hip"), "thorax": ("r_shoulder", "l_shoulder")}
NAMES |= {"upper_neck": ("neck",)}
TRAINING = 1000  # the first pictures of LSP


def read_lsp(folder: Path) -> Split:
    """The first half to train on, the second to test. Every joint is labelled: the third value of
    a joint says that it is occluded.
    """
    joints = _joints(folder)
    joints[..., 2] = 1
    pictures = _pictures(folder, "lsp", joints)
    return pictures[:TRAINING], pictures[TRAINING:]


def read_lsp_extended(folder: Path) -> Split:
    """All to train on. The third value of a joint says that it is visible; hidden ones have no
    label.
    """
    return _pictures(folder, "lsp_extended", _joints(folder)), []


def _joints(folder: Path) -> np.ndarray:
    """(N, 14, 3); LSP's file is (3, 14, N), LSP-extended's (14, 3, N)."""
    path = needed(folder, "joints.mat")
    joints = np.asarray(loadmat(path)["joints"], np.float32)
    if joints.shape[:2] == (3, 14):
        return joints.transpose(2, 1, 0)
    if joints.shape[:2] == (14, 3):
        return joints.transpose(2, 0, 1)
    raise ValueError(f"{path} holds joints of shape {joints.shape}, not (3, 14, N) or (14, 3, N).")


def _pictures(folder: Path, source: str, joints: np.ndarray) -> list[Picture]:
    files = sorted(needed(folder, "images").glob("im*.jpg"))
    if len(files) != len(joints):
        raise ValueError(f"{folder} has {len(files)} pictures and joints for {len(joints)}.")
    pictures = []
    for number, (file, raw) in enumerate(zip(files, joints, strict=True)):
        keypoints, labelled = arrange(raw, ORDER, NAMES)
        weights = labelled.astype(np.float32)
        pictures.append(Picture(source, file, keypoints, labelled, weights, image_id=number))
    return pictures
