"""ModelSpec ↔ model.json: what a model folder says of itself, read and checked.

The only thing that crosses from training to the engine. A model of the user's own replaces the
shipped one of its name. Knows no runtimes.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import platformdirs

from engine.messages import one_line
from engine.skeleton import SKELETONS, Skeleton

log = logging.getLogger(__package__)

ASSETS = Path(__file__).parents[2] / "assets"
MODELS = ASSETS / "models"
TASKS = {"pose2d": "backbone", "lift3d": "lifter", "find_people": "finder"}  # task → its network
FINDER_STRIDE = 8  # input pixels a cell of a finder's maps
FINDER_SIDES = 32  # pixels; the sides of a finder's input are multiples of it
LARGEST_INPUT = 4096  # pixels
LONGEST_WINDOW = 1000  # steps of a lifter's past
# A lifter's input ``camera``: looking down and turned clockwise are positive; a height of 0 is none
CAMERA = ("focal_px", "x_px", "y_px", "pitch_deg", "roll_deg", "tilt_known", "body_height_m")
STRIDE = 4  # input pixels a heatmap pixel, for every backbone of the three papers


class ModelError(ValueError):
    """A model that cannot be used; the message says what was found and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


@dataclass(frozen=True)
class Int8Form:
    """The same network quantised, for OpenVINO: a zip of its model.xml and model.bin."""

    file: Path
    sha256: str
    metrics: Mapping[str, Any] = field(default_factory=dict)  # its own


@dataclass(frozen=True)
class ModelSpec:
    """A model folder: ``model.onnx`` and the facts of ``model.json``."""

    folder: Path
    name: str
    task: str  # of TASKS
    title: str  # for the dropdown
    architecture: str
    keypoints: tuple[str, ...]  # what it finds; lift3d: what it takes
    skeleton: Skeleton  # of the keypoints; lift3d: of the joints it gives
    sha256: str
    input_size: tuple[int, int] = (256, 256)  # H, W; not lift3d
    free_size: bool = False  # find_people: H and W may be any multiples of FINDER_SIDES up to it
    box_padding: float = 1.25  # pose2d
    feeds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # lift3d: 2D skeleton → input → the keypoint it is taken from, where that is not the usual one
    window: int = 1  # lift3d: steps of the past that it takes, the present one included
    rate: float = 25.0  # lift3d: steps a second
    score_calibration: tuple[tuple[float, float], ...] = ()
    # pose2d: rising heatmap peaks, each with the share of keypoints found right at it
    trained_on: str = ""
    licence: str = ""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    params: int = 0
    gmacs: float = 0.0
    int8: Int8Form | None = None

    @property
    def onnx(self) -> Path:
        return self.folder / "model.onnx"

    def verify(self) -> None:
        """Raise ModelError unless ``model.onnx`` is the file that ``model.json`` describes."""
        _verify(self.name, self.onnx, self.sha256)

    def verify_int8(self) -> None:
        """The same of its int8 form, where it has one."""
        if self.int8:
            _verify(self.name, self.int8.file, self.int8.sha256)


def _verify(name: str, file: Path, sha256: str) -> None:
    if not file.is_file():
        raise ModelError(f"Model '{name}' has no {file.name} in {file.parent}: fetch it again.")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != sha256:
        raise ModelError(
            f"Model '{name}': {file.name} has sha256 {found[:12]}…, model.json says "
            f"{sha256[:12]}…: the file was changed or cut off, fetch it again."
        )


def load_spec(folder: Path) -> ModelSpec:
    """Read ``folder/model.json``. Raises ModelError with one line when it is not a model folder."""
    path = folder / "model.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{folder} is not a model folder: it has no model.json.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read as JSON ({error}).") from None
    try:
        return _parse(folder, raw)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelError(f"{path} does not describe a model: {_reason(error)}.") from None


def user_models() -> Path:
    """The folder of the user's own models; it need not exist."""
    return platformdirs.user_data_path("sandglass") / "models"


def find_models(task: str, *roots: Path) -> dict[str, ModelSpec]:
    """The readable models of one task by name, in order of their cost.

    roots: where to look, the first has precedence; by default the user's folder, then the shipped.
    """
    specs = {}
    for root in reversed(roots or (user_models(), MODELS)):
        for path in root.glob("*/model.json"):
            try:
                spec = load_spec(path.parent)
            except ModelError as error:
                log.warning("Left out: %s", error)
                continue
            if spec.task == task:
                specs[spec.name] = spec
    return dict(sorted(specs.items(), key=lambda item: item[1].gmacs))


def get_model(task: str, name: str, *roots: Path) -> ModelSpec:
    """The model of that name, looked for as in `find_models`. Raises ModelError that lists what
    there is."""
    places = roots or (user_models(), MODELS)
    for root in places:
        if (root / name / "model.json").is_file():
            spec = load_spec(root / name)
            if spec.task == task:
                return spec
    known = ", ".join(find_models(task, *places)) or "none"
    where = " and ".join(map(str, places))
    raise ModelError(f"Unknown {TASKS[task]} '{name}'. Found in {where}: {known}.")


def _parse(folder: Path, raw: Mapping[str, Any]) -> ModelSpec:
    task, skeleton = raw["task"], SKELETONS[raw["skeleton"]]
    if task not in TASKS:
        raise ValueError(f"task '{task}' is not one of {', '.join(TASKS)}")
    keypoints = tuple(str(name) for name in raw["keypoints"])
    if task != "lift3d" and keypoints != skeleton.keypoints:
        raise ValueError(f"its keypoints are not those of {skeleton.name}")
    name = str(raw["name"])
    if Path(name).name != name or not name.isprintable():
        raise ValueError(f"its name '{name}' cannot be the name of a folder")
    height, width = map(int, raw.get("input_size") or (256, 256))
    padding = float(raw.get("box_padding") or 1.25)
    window, rate = int(raw.get("window") or 1), float(raw.get("rate") or 25.0)
    if not (0 < window <= LONGEST_WINDOW and 0 < rate < 1000):
        raise ValueError(f"a window of {window} steps, {rate:g} a second, is out of range")
    if not (0 < height <= LARGEST_INPUT and 0 < width <= LARGEST_INPUT and 0 < padding < 10):
        raise ValueError(f"an input of {height}x{width}, padded {padding} times, is out of range")
    return ModelSpec(
        folder=folder,
        name=name,
        task=task,
        title=str(raw["title"]),
        architecture=str(raw["architecture"]),
        keypoints=keypoints,
        skeleton=skeleton,
        sha256=str(raw["sha256"]),
        input_size=(height, width),
        free_size=bool(raw.get("free_size")),
        box_padding=padding,
        feeds={name: dict(fed) for name, fed in (raw.get("feeds") or {}).items()},
        window=window,
        rate=rate,
        score_calibration=_calibration(raw.get("score_calibration") or []),
        trained_on=str(raw.get("trained_on", "")),
        licence=str(raw.get("licence", "")),
        metrics=dict(raw.get("metrics") or {}),
        params=int(raw.get("params", 0)),
        gmacs=float(raw.get("gmacs", 0.0)),
        int8=_int8(folder, raw["int8"]) if raw.get("int8") else None,
    )


def _int8(folder: Path, raw: Mapping[str, Any]) -> Int8Form:
    name = str(raw["file"])
    if Path(name).name != name:
        raise ValueError(f"its int8 form '{name}' is not a file in its folder")
    return Int8Form(folder / name, str(raw["sha256"]), dict(raw.get("metrics") or {}))


def _calibration(raw: Any) -> tuple[tuple[float, float], ...]:
    points = tuple((float(peak), float(share)) for peak, share in raw)
    rising = all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(points))
    if not rising or not all(math.isfinite(peak) and 0 <= share <= 1 for peak, share in points):
        raise ValueError("its score_calibration is not a rising list of [peak, share 0..1]")
    return points


def _reason(error: Exception) -> str:
    return f"{error} is missing or unknown" if isinstance(error, KeyError) else str(error)
