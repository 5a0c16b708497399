"""The catalogue of picture sets, and `load_pictures`, the single door to all of them.

Each set is read by a file of its own. The crops of the shared data are zips; the official sets
are folders as their authors publish them, never part of this repository. Knows no networks.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.skeleton import MPII16
from training import SHARED_DATA
from training.datasets.human36m import mmpose
from training.datasets.pictures import coco, everyday, flic, lsp, mistakes, mpii
from training.datasets.pictures.crops import read_crops
from training.datasets.pictures.labels import Names, Picture, Split

__all__ = ["DATA", "EVERYDAY", "LICENCES", "PHOTOS", "SETS", "Picture", "load_pictures"]

# Where the sets are looked for: the shared data beside the project, then what was rendered here.
DATA = (SHARED_DATA, Path("runs"))


@dataclass(frozen=True)
class PictureSet:
    place: str  # the zip or folder, in one of the data folders
    read: Callable[[Path], Split]
    published: str
    licence: str


_SHARED = "the shared data beside the project"
_RENDERS = "`python -m training.synthetic.pictures --out runs/synthetic.zip`"
_HELD_OUT_RENDERS = (
    "`python -m training.synthetic.pictures --count 600 --seed 99 --whole --out runs/renders.zip`"
)
_MAPPED: Names = {name: (name,) for name in MPII16.keypoints}

SETS: dict[str, PictureSet] = {
    "lsp": PictureSet(
        "lsp_train.zip",
        partial(read_crops, source="lsp", names=lsp.NAMES, held_out=150),
        _SHARED,
        "LSP (Johnson and Everingham 2010): no licence stated, research use.",
    ),
    "lsp_extended": PictureSet(
        "lsp_extended.zip",
        partial(read_crops, source="lsp_extended", names=lsp.NAMES, held_out=500),
        _SHARED,
        "LSP-extended (Johnson and Everingham 2011): no licence stated, research use.",
    ),
    "coco": PictureSet(
        "coco_person.zip",
        partial(read_crops, source="coco", names=coco.AS_MPII, held_out=31),
        _SHARED,
        "COCO train2017 (Lin 2014): annotations CC BY 4.0, pictures under their Flickr terms.",
    ),
    "people": PictureSet(
        "people.zip",
        everyday.read_people,
        _SHARED,
        "Everyday people (Stanford 40, HAR, MPII and others): pictures from the web belong to "
        "their authors, research use; labels machine-made (MoveNet, NanoDet).",
    ),
    "rooms": PictureSet(
        "rooms.zip",
        everyday.read_rooms,
        _SHARED,
        "Rooms (github.com/SilviuBR24/room-classification): no licence stated, research use.",
    ),
    "nobody": PictureSet(
        "whole_pictures.zip",
        everyday.read_nobody,
        _SHARED,
        "COCO train2017 (Lin 2014): annotations CC BY 4.0, pictures under their Flickr terms.",
    ),
    "mistakes": PictureSet(
        mistakes.FILE,
        mistakes.read_mistakes,
        "`python -m training.evaluation.mine_mistakes FINDER BACKBONE`",
        "Parts of the pictures of rooms, nobody and people: as those.",
    ),
    "synthetic": PictureSet(
        "synthetic.zip",
        partial(read_crops, source="synthetic", names=_MAPPED, held_out=200, unseen_is_known=True),
        _RENDERS,
        "Renders of this project: MakeHuman body (CC0), motion of CMU and HDM05.",
    ),
    "empty": PictureSet(
        "synthetic.zip",
        partial(read_crops, source="empty", names=_MAPPED, held_out=30, unseen_is_known=True),
        _RENDERS,
        "Renders of this project: CC0.",
    ),
    "renders": PictureSet(
        "renders.zip",
        partial(read_crops, source="renders", names=_MAPPED, held_out=None, unseen_is_known=True),
        _HELD_OUT_RENDERS,
        "Renders of this project: MakeHuman body (CC0), motion of CMU and HDM05.",
    ),
    "renders_empty": PictureSet(
        "renders.zip",
        partial(
            read_crops, source="renders_empty", names=_MAPPED, held_out=None, unseen_is_known=True
        ),
        _HELD_OUT_RENDERS,
        "Renders of this project: CC0.",
    ),
    "mpii": PictureSet(
        "mpii",
        mpii.read_mpii,
        "human-pose.mpi-inf.mpg.de",
        "MPII Human Pose (Andriluka 2014): Simplified BSD.",
    ),
    "coco_keypoints": PictureSet(
        "coco",
        coco.read_coco,
        "cocodataset.org",
        "COCO 2017 (Lin 2014): annotations CC BY 4.0, pictures under their Flickr terms.",
    ),
    "coco_detections": PictureSet(
        "coco",
        coco.read_coco_detections,
        "cocodataset.org, the detections at github.com/microsoft/human-pose-estimation.pytorch",
        "COCO 2017 (Lin 2014): annotations CC BY 4.0, pictures under their Flickr terms.",
    ),
    "flic": PictureSet(
        "FLIC",
        flic.read_flic,
        "bensapp.github.io/flic-dataset.html",
        "FLIC (Sapp and Taskar 2013): no licence stated, frames of films, research use.",
    ),
    "lsp_official": PictureSet(
        "lsp_dataset",
        lsp.read_lsp,
        "github.com/axelcarlier/lsp, once sam.johnson.io/research/lsp.html",
        "LSP (Johnson and Everingham 2010): no licence stated, research use.",
    ),
    "lsp_extended_official": PictureSet(
        "lspet_dataset",
        lsp.read_lsp_extended,
        "github.com/axelcarlier/lsp, once sam.johnson.io/research/lspet.html",
        "LSP-extended (Johnson and Everingham 2011): no licence stated, research use.",
    ),
    "human36m": PictureSet(
        "human36m",
        mmpose.read_pictures,
        "vision.imar.ro/human3.6m on registration, prepared by mmpose's preprocess_h36m.py",
        "Human3.6M (Ionescu 2014): academic use only, not to be passed on.",
    ),
}
PHOTOS = ("lsp", "lsp_extended", "coco")
EVERYDAY = ("people", "rooms", "nobody")
LICENCES = {name: entry.licence for name, entry in SETS.items()}


def load_pictures(folders: Sequence[Path], name: str) -> Split:
    """(training, validation) pictures of one set, from the first folder that holds it.

    The split is the official one, or fixed where there is none. Raises ValueError for an unknown
    set or one that is not what its authors publish, and FileNotFoundError, saying where it is
    published, where it or a part of it is missing.
    """
    if name not in SETS:
        raise ValueError(f"Unknown data set '{name}'. Known: {', '.join(SETS)}.")
    entry = SETS[name]
    searched = " or ".join(str(folder) for folder in folders)
    found = [folder / entry.place for folder in folders if (folder / entry.place).exists()]
    try:
        if not found:
            raise FileNotFoundError(f"No {entry.place} in {searched}")
        return entry.read(found[0])
    except FileNotFoundError as missing:
        raise FileNotFoundError(
            f"{missing}: {name} is from {entry.published}; docs/training.md says what lies where."
        ) from None
    except (AttributeError, IndexError, KeyError, TypeError, zipfile.BadZipFile) as odd:
        raise ValueError(f"{found[0]} is not laid out as {name} is: {odd!r}.") from odd
