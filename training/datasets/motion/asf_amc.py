"""Acclaim motion capture: the figure of an ``.asf`` file moved by the angles of an ``.amc`` file.

The format of mocap.cs.cmu.edu and HDM05. A joint is the END of the bone of its name: ``lfemur`` is
the left knee. Knows no cameras and no networks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.datasets.motion.kinematics import positions, turns

FPS = 120.0  # of CMU's and HDM05's recordings; the files do not say
INCH = 0.0254  # metres
_BONES = {
    "hip": "hipjoint", "knee": "femur", "ankle": "tibia", "foot": "foot", "toe": "toes",
    "shoulder": "clavicle", "elbow": "humerus", "wrist": "wrist", "hand": "fingers",
}  # fmt: skip
COMMON = {f"{side}_{name}": side + bone for side in "lr" for name, bone in _BONES.items()}
COMMON |= {"pelvis": "root", "spine": "upperback", "thorax": "thorax", "neck": "lowerneck"}
COMMON |= {"head": "upperneck", "head_top": "head"}

Lines = list[list[str]]  # the words of each line


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A skeleton at rest; J joints, the root first, parents before children."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray  # (J, 3) metres, from the parent
    axes: np.ndarray  # (J, 3, 3) the axes a joint's angles are about
    freedoms: tuple[str, ...]  # the angles the motion gives a joint: "XYZ", "XZ", ""
    unit: float  # metres


def read_asf(path: Path) -> Figure:
    """Raises ValueError where the file is no Acclaim skeleton in degrees."""
    try:
        sections = _sections(path.read_text("latin1"))
        units, root = ({w[0]: w[1:] for w in sections[name]} for name in ("units", "root"))
        if units["angle"] != ["deg"] or root["order"] != ["TX", "TY", "TZ", "RX", "RY", "RZ"]:
            raise ValueError("angles in degrees and a root TX TY TZ RX RY RZ are expected")
        unit = INCH / float(units["length"][0])
        bones = {bone["name"][0]: bone for bone in _bones(sections["bonedata"])}
        family = {
            child: parent for parent, *children in sections["hierarchy"] for child in children
        }
        names = ["root", *(name for name in family if name in bones)]
        return Figure(
            tuple(names),
            (-1, *(names.index(family[name]) for name in names[1:])),
            np.array([np.zeros(3), *(_offset(bones[name]) * unit for name in names[1:])]),
            np.stack([_axes(root["orientation"]), *(_axes(bones[n]["axis"]) for n in names[1:])]),
            (
                "XYZ",
                *("".join(bones[n].get("dof", ())).upper().replace("R", "") for n in names[1:]),
            ),
            unit,
        )
    except KeyError as missing:
        raise ValueError(f"{path} is not an Acclaim skeleton: it lacks {missing}.") from None
    except (ValueError, IndexError) as error:
        raise ValueError(f"{path} is not an Acclaim skeleton: {error}.") from None


def read_amc(path: Path, figure: Figure) -> np.ndarray:
    """(T, J, 3) metres, Y up: where the figure's joints are. Raises ValueError."""
    try:
        frames = _frames(path.read_text("latin1"))
        angles = np.zeros((len(frames), len(figure.names), 3))
        root = _values(frames, "root", 6)
        angles[:, 0] = root[:, 3:]
        for joint, (name, freedoms) in enumerate(zip(figure.names, figure.freedoms, strict=True)):
            if joint and freedoms:
                columns = ["XYZ".index(axis) for axis in freedoms]
                angles[:, joint, columns] = _values(frames, name, len(columns))
    except KeyError as missing:
        raise ValueError(f"{path} does not move its figure: a frame lacks {missing}.") from None
    except ValueError as error:
        raise ValueError(f"{path} does not move its figure: {error}.") from None
    rotations = figure.axes @ turns(angles[..., ::-1], "ZYX") @ np.swapaxes(figure.axes, -1, -2)
    place = root[:, :3] * figure.unit
    return positions(figure.parents, figure.offsets, rotations, place, own=True)


def load_joints(path: Path) -> tuple[dict[str, np.ndarray], float]:
    """Common name → (T, 3) float32 metres, Y up, of an ``.amc`` file; frames a second.

    Its figure lies beside it, named by subject: ``02.asf`` for ``02_01.amc``. Raises OSError and
    ValueError.
    """
    figure = read_asf(path.with_name(f"{path.stem.split('_')[0]}.asf"))
    placed = read_amc(path, figure).astype(np.float32)
    return {name: placed[:, figure.names.index(bone)] for name, bone in COMMON.items()}, FPS


def _sections(text: str) -> dict[str, Lines]:
    """The lines below each ``:name``, with what stands beside the name."""
    sections: dict[str, Lines] = {}
    current: Lines = []  # what stands before the first name is dropped
    for words in (line.split() for line in text.splitlines() if line.strip()):
        if words[0].startswith(":"):
            current = sections.setdefault(words[0][1:], [])
        elif words[0][0] != "#" and words[0] not in ("begin", "end"):
            current.append(words)
    return sections


def _bones(lines: Lines) -> list[dict[str, list[str]]]:
    """Each bone's entries; a bone starts with its ``id``."""
    bones: list[dict[str, list[str]]] = []
    for key, *words in lines:
        if key == "id":
            bones.append({})
        bones[-1].setdefault(key, words)
    return bones


def _offset(bone: dict[str, list[str]]) -> np.ndarray:
    return np.array(bone["direction"], float) * float(bone["length"][0])


def _axes(words: list[str]) -> np.ndarray:
    """Three angles, about fixed X, then Y, then Z."""
    return turns(np.array(words[2::-1], float), "ZYX")


def _frames(text: str) -> list[dict[str, list[str]]]:
    """Each frame's angles by bone; a frame starts with its number. Raises ValueError for none."""
    frames: list[dict[str, list[str]]] = []
    for key, *words in (line.split() for line in text.splitlines() if line.strip()):
        if key.isdigit():
            frames.append({})
        elif frames:
            frames[-1][key] = words
    if not frames:
        raise ValueError("it has no frames")
    return frames


def _values(frames: list[dict[str, list[str]]], name: str, count: int) -> np.ndarray:
    """(T, count) of one bone."""
    values = np.array([frame[name] for frame in frames], float)
    if values.shape[1] != count:
        raise ValueError(f"{name} has {values.shape[1]} values, the figure needs {count}")
    return values
