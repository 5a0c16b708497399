"""Person pictures with keypoints, read in place from the COCO-style zips of the shared data.

Every data set is mapped to MPII-16 once, here; what a set does not label is masked (weight 0) in
the loss. Knows no networks. LSP and LSP-extended: Johnson and Everingham, BMVC 2010 and CVPR 2011;
COCO: Lin, ECCV 2014.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from engine.skeleton import MPII16, Skeleton
from engine.types import Box
from training import SHARED_DATA

Names = dict[str, tuple[str, ...]]

# MPII-16 name → the source's names whose mean it is; an absent name is not labelled there.
_LSP: Names = {
    name: (name.replace("right_", "r_").replace("left_", "l_"),) for name in MPII16.keypoints
}
_LSP |= {"pelvis": ("r_hip", "l_hip"), "thorax": ("r_shoulder", "l_shoulder")}
_LSP |= {"upper_neck": ("neck",)}
_COCO: Names = {name: (name,) for name in MPII16.keypoints if name.startswith(("left_", "right_"))}
_COCO |= {"pelvis": ("right_hip", "left_hip"), "thorax": ("right_shoulder", "left_shoulder")}
_MPII: Names = {name: (name,) for name in MPII16.keypoints}

# data set → (zip, map, pictures held out, are unlabelled joints known to be out of sight)
SETS = {
    "lsp": ("lsp_train.zip", _LSP, 150, False),
    "lsp_extended": ("lsp_extended.zip", _LSP, 500, False),
    "coco": ("coco_person.zip", _COCO, 31, False),
    "synthetic": ("synthetic.zip", _MPII, 200, True),
    "empty": ("synthetic.zip", _MPII, 30, True),
}
PHOTOS = ("lsp", "lsp_extended", "coco")
LICENCES = {
    "lsp": "LSP (Johnson and Everingham 2010): no licence stated, research use.",
    "lsp_extended": "LSP-extended (Johnson and Everingham 2011): no licence stated, research use.",
    "coco": "COCO train2017 (Lin 2014): annotations CC BY 4.0, pictures under their Flickr terms.",
    "synthetic": "Renders of this project: MakeHuman body (CC0), motion of CMU and HDM05.",
}

# Where the zips are looked for: the shared data beside the project, then what was rendered here.
DATA = (SHARED_DATA, Path("runs"))
ALIKE = 0.9  # correlation of two thumbnails above which they show the same picture


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One labelled person in a picture, as every data set is read."""

    source: str
    encoded: bytes | Path  # a JPEG or PNG, or where it lies
    keypoints: np.ndarray  # (K, 2) float32 picture pixels; 0 where not labelled
    labelled: np.ndarray  # (K,) bool
    weights: np.ndarray  # (K,) float32, 0 = masked in the loss
    skeleton: Skeleton = MPII16
    box: Box | None = None  # of the person, unpadded, where the set states one
    head_size: float = np.nan  # pixels, what PCKh divides by
    area: float = np.nan  # pixels², what OKS divides by
    image_id: int = 0  # in the set's own file

    def image(self) -> np.ndarray:
        """(H, W, 3) uint8 RGB. Raises ValueError where it cannot be decoded."""
        encoded = self.encoded if isinstance(self.encoded, bytes) else self.encoded.read_bytes()
        pixels = cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR)
        if pixels is None:
            raise ValueError(f"A picture of {self.source} cannot be decoded.")
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)


def load_pictures(folders: Sequence[Path], name: str) -> tuple[list[Picture], list[Picture]]:
    """(training, validation) pictures of one set, from the first folder that holds its zip.

    The split is fixed: every n-th picture is held out, and a training picture that looks like one
    held out is left out (LSP-extended has doubles). Raises ValueError for an unknown set and
    FileNotFoundError where the zip is missing.
    """
    if name not in SETS:
        raise ValueError(f"Unknown data set '{name}'. Known: {', '.join(SETS)}.")
    file_name, names, held_out, unseen_is_known = SETS[name]
    path = next((folder / file_name for folder in folders if (folder / file_name).exists()), None)
    if path is None:
        searched = ", ".join(str(folder) for folder in folders)
        raise FileNotFoundError(f"No {file_name} in {searched}: see docs/training.md.")
    pictures = _read_zip(path, name, names, unseen_is_known)
    pictures = [p for p in pictures if p.labelled.any() != (name == "empty")]
    every = len(pictures) // held_out
    validation = pictures[::every]
    training = [picture for i, picture in enumerate(pictures) if i % every]
    alike = (_thumbnails(training) @ _thumbnails(validation).T).max(axis=1)
    return [p for p, a in zip(training, alike, strict=True) if a < ALIKE], validation


def _read_zip(path: Path, source: str, names: Names, unseen_is_known: bool) -> list[Picture]:
    pictures = []
    with zipfile.ZipFile(path) as archive:
        annotations = json.loads(archive.read("annotations.json"))
        order = annotations["categories"][0]["keypoints"]
        files = {image["id"]: image["file_name"] for image in annotations["images"]}
        parts = [[order.index(part) for part in names.get(key, ())] for key in MPII16.keypoints]
        for annotation in annotations["annotations"]:
            raw = np.array(annotation["keypoints"], np.float32).reshape(-1, 3)
            labelled = np.array([bool(part) and bool((raw[part, 2] > 0).all()) for part in parts])
            keypoints = np.zeros((len(parts), 2), np.float32)
            for k in np.flatnonzero(labelled):
                keypoints[k] = raw[parts[k], :2].mean(axis=0)
            weights = np.ones(len(parts)) if unseen_is_known else labelled
            pictures.append(
                Picture(
                    source,
                    archive.read(files[annotation["image_id"]]),
                    keypoints,
                    labelled,
                    weights.astype(np.float32),
                )
            )
    return pictures


def _thumbnails(pictures: Sequence[Picture]) -> np.ndarray:
    """(N, 576) float32 of mean 0 and length 1: their products are correlations of the pictures."""
    grey = [cv2.cvtColor(picture.image(), cv2.COLOR_RGB2GRAY) for picture in pictures]
    small = [
        cv2.resize(np.asarray(image), (24, 24), interpolation=cv2.INTER_AREA) for image in grey
    ]
    flat = np.stack(small).reshape(len(small), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    return np.asarray(flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6))
