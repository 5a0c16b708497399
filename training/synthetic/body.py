"""The body: MakeHuman's base mesh in any sex, build and height, bent by linear blend skinning.

Source: base mesh, rig, weights and targets of github.com/makehumancommunity/makehuman, which are
released under CC0 1.0. Metres, Y up, the figure faces +Z with its left at +X. Knows no motion
capture, no clothes and no pictures.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SIDES = {"left": ".L", "right": ".R"}
_TRUNK = {"root": None, "spine04": "root", "spine03": "spine04", "spine02": "spine03"}
_HEAD = {"neck01": "spine02", "head": "neck01"}
_LIMBS = {
    "clavicle": "spine02", "upperarm01": "clavicle", "lowerarm01": "upperarm01",
    "wrist": "lowerarm01", "upperleg01": "root", "lowerleg01": "upperleg01", "foot": "lowerleg01",
    "toe3-1": "foot",
}  # fmt: skip

# The bones that are posed, and their parents, which come first. Any other bone of the rig moves
# with its nearest ancestor among these.
BONES: dict[str, str | None] = _TRUNK | _HEAD | {
    bone + side: parent + side if parent in _LIMBS else parent
    for side in SIDES.values()
    for bone, parent in _LIMBS.items()
}  # fmt: skip
BONE_INDEX = {bone: index for index, bone in enumerate(BONES)}
KNUCKLES = {"finger3-1" + side: "wrist" + side for side in SIDES.values()}  # where hands point
_LIP_BONES = ("oris01", "oris03", "oris05", "oris07")
_GROUPS = ("body", "helper-tights", "helper-skirt", "helper-hair", "helper-l-eye", "helper-r-eye")


@dataclass(frozen=True)
class Template:
    """What the files hold: V vertices, B posed bones."""

    vertices: np.ndarray  # (V, 3) float32, decimetres
    faces: dict[str, np.ndarray]  # group → (F, 4) vertex numbers
    heads: dict[str, list[int]]  # bone → the vertices whose mean is its upper end
    weights: np.ndarray  # (V, B) float32, rows sum to 1
    lips: np.ndarray  # (V,) float32, 0..1
    soles: np.ndarray  # vertices of feet and toes
    nose: int  # vertex at its tip
    crown: int  # vertex at the top of the skull
    targets: dict[str, np.ndarray]  # name → (V, 3) float32, decimetres to add


@dataclass(frozen=True)
class Body:
    """One person in the rest pose, arms about 45 degrees down."""

    template: Template
    vertices: np.ndarray  # (V, 3) float32, metres, the floor at y = 0
    normals: np.ndarray  # (V, 3) float32
    joints: dict[str, np.ndarray]  # bone → (3,) its upper end


def load_template(folder: Path) -> Template:
    """Read base.obj, default.mhskel, default_weights.mhw and targets/*.target.gz.

    Raises OSError when a file is missing.
    """
    if not (folder / "base.obj").is_file():
        raise FileNotFoundError(
            f"No human mesh in {folder}: it needs base.obj, default.mhskel, default_weights.mhw and"
            " targets/ of github.com/makehumancommunity/makehuman."
        )
    vertices, faces = _read_obj(folder / "base.obj")
    rig = json.loads((folder / "default.mhskel").read_text())
    by_bone = json.loads((folder / "default_weights.mhw").read_text())["weights"]
    weights = np.zeros((len(vertices), len(BONES)), np.float32)
    lips = np.zeros(len(vertices), np.float32)
    for bone, pairs in by_bone.items():
        number, weight = np.array(pairs).T
        weights[number.astype(int), BONE_INDEX[_posed_ancestor(bone, rig["bones"])]] += weight
        lips[number.astype(int)] += weight * bone.startswith(_LIP_BONES)
    weights /= weights.sum(axis=1, keepdims=True).clip(1e-6)
    heads = {bone: rig["joints"][rig["bones"][bone]["head"]] for bone in (*BONES, *KNUCKLES)}
    paths = sorted((folder / "targets").glob("*.target.gz"))
    targets = {path.name.split(".")[0]: _read_target(path, len(vertices)) for path in paths}
    skin_vertices = np.unique(faces["body"])
    feet = [BONE_INDEX[bone] for bone in BONES if bone.startswith(("foot", "toe"))]
    soles = skin_vertices[weights[skin_vertices][:, feet].sum(axis=1) > 0.5]
    face = skin_vertices[weights[skin_vertices, BONE_INDEX["head"]] > 0.9]
    nose = int(face[vertices[face, 2].argmax()])
    crown = int(face[vertices[face, 1].argmax()])
    return Template(vertices, faces, heads, weights, lips, soles, nose, crown, targets)


def shape_body(
    template: Template,
    male: float = 0.5,
    muscle: float = 0.0,
    weight: float = 0.0,
    height: float = 0.0,
    descent: tuple[float, float, float] = (1 / 3, 1 / 3, 1 / 3),
) -> Body:
    """A person in the rest pose.

    male: 0 woman .. 1 man; muscle, weight: -1 .. 1; height: -1 .. 1, of which people reach about
    a quarter; descent: shares of the African, Asian and Caucasian target, which sum to 1.
    """
    vertices = template.vertices.copy()
    for name, share in _shares(male, muscle, weight, height, descent).items():
        if share:
            vertices += np.float32(share) * template.targets[name]
    vertices *= 0.1
    vertices[:, 1] -= vertices[template.faces["body"]].min(axis=(0, 1))[1]
    joints = {bone: vertices[ids].mean(axis=0) for bone, ids in template.heads.items()}
    return Body(template, vertices, normals_of(vertices, template.faces), joints)


def skin(
    points: np.ndarray, normals: np.ndarray, weights: np.ndarray, transforms: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Linear blend skinning of (N, 3) points and normals.

    weights: (N, B); transforms: (B, 3, 4) rest → posed; all float32.
    """
    blend = (weights @ transforms.reshape(len(transforms), 12)).reshape(-1, 3, 4)
    turn = blend[:, :, :3]
    posed = np.matmul(turn, points[:, :, None])[:, :, 0] + blend[:, :, 3]
    return posed, np.matmul(turn, normals[:, :, None])[:, :, 0]


def _shares(
    male: float, muscle: float, weight: float, height: float, descent: tuple[float, float, float]
) -> dict[str, float]:
    """How much of each target makes such a body."""
    shares, build = {}, "averagemuscle-averageweight"
    stature = "maxheight" if height > 0 else "minheight"
    for sex, share in (("male", male), ("female", 1 - male)):
        for race, part in zip(("african", "asian", "caucasian"), descent, strict=True):
            shares[f"{race}-{sex}-young"] = share * part
        for level, part in _levels(muscle).items():
            for mass, portion in _levels(weight).items():
                name = f"universal-{sex}-young-{level}muscle-{mass}weight"
                shares[name] = share * part * portion
        shares[f"height-{sex}-young-{build}-{stature}"] = share * abs(height)
    return shares


def _levels(value: float) -> dict[str, float]:
    return {"min": max(-value, 0.0), "average": 1 - abs(value), "max": max(value, 0.0)}


def _posed_ancestor(bone: str, rig: dict[str, dict[str, str]]) -> str:
    while bone not in BONES:
        bone = "toe3-1" + bone[-2:] if bone.startswith("toe") else rig[bone]["parent"]
    return bone


def normals_of(vertices: np.ndarray, faces: dict[str, np.ndarray]) -> np.ndarray:
    """(V, 3) float32 of the surface that the groups of faces make."""
    quads = np.concatenate(list(faces.values()))
    corners = vertices[quads]
    facing = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    sums = [np.bincount(quads.ravel(), np.repeat(facing[:, k], 4), len(vertices)) for k in range(3)]
    normals = np.stack(sums, axis=1)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(normals / length.clip(1e-12), dtype=np.float32)


def _read_obj(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    vertices: list[list[float]] = []
    faces: dict[str, list[list[int]]] = {}
    group = ""
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(value) for value in rest.split()])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f" and group in _GROUPS:
            quad = [int(corner.split("/")[0]) - 1 for corner in rest.split()]
            faces.setdefault(group, []).append(quad)
    return np.array(vertices, np.float32), {name: np.array(quads) for name, quads in faces.items()}


def _read_target(path: Path, count: int) -> np.ndarray:
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    numbers = " ".join(line for line in lines if line[:1].isdigit()).split()
    rows = np.array(numbers, np.float32).reshape(-1, 4)
    offsets = np.zeros((count, 3), np.float32)
    offsets[rows[:, 0].astype(int)] = rows[:, 1:]
    return offsets
