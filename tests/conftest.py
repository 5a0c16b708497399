"""Stand-ins for the tests: pictures whose keypoints are dots, networks that read dots."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import settings

from engine.estimator import EstimatorSettings, PoseEstimator
from engine.keypoints.backbone import Backbone
from engine.models.model_spec import FINDER_STRIDE, STRIDE, ModelSpec
from engine.people.centres import encode
from engine.people.finder import Finder
from engine.skeleton import COCO17, MPII16
from engine.types import Frame

settings.register_profile("quick", max_examples=60, derandomize=True, database=None, deadline=None)
settings.register_profile("long", max_examples=10_000, deadline=None)  # --hypothesis-profile long
settings.load_profile("quick")

SHARED = Path(__file__).parents[1] / ".." / "shared" / "data"
STEP = 15  # between the red levels of two keypoints

# A standing person, in units of its height, x from the middle, y from the top.
STANDING = np.array(
    [[-.08, .96], [-.07, .74], [-.06, .52], [.06, .52], [.07, .74], [.08, .96], [0, .52], [0, .2],
     [0, .16], [0, .02], [-.2, .52], [-.16, .36], [-.1, .2], [.1, .2], [.16, .36], [.2, .52]],
    np.float32,
)  # fmt: skip


def draw_dots(
    height: int = 480, width: int = 640, centre: float = 320, top: float = 40, size: float = 400
) -> tuple[np.ndarray, np.ndarray]:
    """An (H, W, 3) picture of STANDING as coloured squares, and the keypoints (16, 2)."""
    image = np.full((height, width, 3), 60, np.uint8)
    image[..., 1] = 0
    keypoints = STANDING * size + [centre, top]
    for k, (x, y) in enumerate(keypoints):
        half = max(3.0, size / 50)
        a, b = (round(x - half), round(y - half)), (round(x + half), round(y + half))
        cv2.rectangle(image, a, b, (STEP * (k + 1), 255, 0), -1)
    return image, keypoints.astype(np.float32)


def draw_two() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture of 480 x 640 of a smaller person on the left and a larger one on the right, and
    the keypoints of each.
    """
    left, right = draw_dots(centre=160, size=300), draw_dots(centre=480, top=60, size=350)
    return np.concatenate([left[0][:, :320], right[0][:, 320:]], axis=1), left[1], right[1]


class DotRuntime:
    """Heatmaps as high as the share of dot colour in each 4 x 4 block."""

    name, device, precision, note = "dots", "test", "exact", ""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.calls, self.closed = seconds, 0, False

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        self.calls += 1
        time.sleep(self.seconds)
        image = inputs["image"].astype(np.int16)
        count, height, width, _ = image.shape
        green = image[..., 1] > 200
        maps = np.zeros((count, len(MPII16), height // STRIDE, width // STRIDE), np.float32)
        for k in range(len(MPII16)):
            dot = green & (abs(image[..., 0] - STEP * (k + 1)) < STEP // 2)
            blocks = dot.reshape(count, height // STRIDE, STRIDE, width // STRIDE, STRIDE)
            maps[:, k] = blocks.mean(axis=(2, 4))
        return {"heatmaps": maps}

    def close(self) -> None:
        self.closed = True


class DotFinderRuntime:
    """The maps of people who are dots: sure of everybody, or as sure as is said."""

    name, device, precision, note = "dots", "test", "exact", ""

    def __init__(self, score: float = 1.0) -> None:
        self.score, self.calls, self.closed = score, 0, False

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        self.calls += 1
        (image,) = inputs["image"]
        dots = ((image[..., 1] > 100) & (image[..., 2] < 40)).astype(np.uint8)
        clouds = cv2.morphologyEx(dots, cv2.MORPH_CLOSE, np.ones((1, 31), np.uint8))
        clouds = cv2.dilate(clouds, np.ones((61, 1), np.uint8))
        count, labels = cv2.connectedComponents(clouds)
        places = [np.argwhere(dots * (labels == i))[:, ::-1] for i in range(1, count)]
        boxes = np.array([[*p.min(axis=0), *p.max(axis=0)] for p in places], np.float32)
        boxes = boxes.reshape(-1, 4) + np.array([-3, -3, 3, 3])
        cells = (image.shape[0] // FINDER_STRIDE, image.shape[1] // FINDER_STRIDE)
        maps = encode(boxes, _coco_points(boxes), cells)
        outputs = {"centers": maps.centers * self.score, "boxes": maps.boxes, "points": maps.points}
        return {name: np.nan_to_num(values)[None] for name, values in outputs.items()}

    def close(self) -> None:
        self.closed = True


def _coco_points(boxes: np.ndarray) -> np.ndarray:
    """(M, 17, 2) of people who stand like STANDING; the head's are at its top."""
    names = [n if n in MPII16.keypoints else "head_top" for n in COCO17.keypoints]
    standing = STANDING[[MPII16.index(name) for name in names]]
    low, high = STANDING.min(axis=0), STANDING.max(axis=0)
    shares = (standing - low) / (high - low)
    return np.asarray(boxes[:, None, :2] + shares * (boxes[:, 2:] - boxes[:, :2])[:, None])


def dot_spec(
    name: str = "dots", task: str = "pose2d", metrics: Mapping[str, object] | None = None
) -> ModelSpec:
    skeleton = MPII16 if task == "pose2d" else COCO17
    return ModelSpec(
        folder=Path(),
        name=name,
        task=task,
        title="Dots",
        architecture="dots",
        keypoints=skeleton.keypoints,
        skeleton=skeleton,
        sha256="",
        metrics=metrics or {},
    )


def dot_finder() -> Finder:
    return Finder(dot_spec(task="find_people"), DotFinderRuntime())


def dot_estimator(
    name: str = "dots",
    runtime: str = "auto",
    settings: EstimatorSettings | None = None,
    lifter: str = "",
) -> PoseEstimator:
    """What ``open_estimator`` gives, on dots, without a lifter."""
    return PoseEstimator(Backbone(dot_spec(name), DotRuntime()), None, dot_finder(), settings)


class DotSource:
    """A live source of dots that walk to the right; what goes wrong is set from outside."""

    live, rate, description, skipped = True, 50.0, "Dot camera", ""

    def __init__(self, frames: int = 0) -> None:
        """frames: after which it ends; 0: never."""
        self.frames, self.index, self.closed = frames, 0, False
        self.hang = self.repeat = False
        self.error: Exception | None = None
        self._last = draw_dots()[0]

    def read(self) -> Frame | None:
        time.sleep(1 / self.rate)
        while self.hang and not self.closed:
            time.sleep(0.01)
        if self.error:
            raise self.error
        if self.frames and self.index == self.frames:
            return None
        if not self.repeat:
            self._last = draw_dots(centre=280 + self.index % 80)[0]
        self.index += 1
        return Frame(self._last, self.index - 1, time.monotonic())

    def close(self) -> None:
        self.closed = True


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is logged and measured under test, in processes of its own too, stays out of the user's
    own log and cache.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def shared() -> Path:
    """The folder of shared data; tests that need it skip without."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the shared data in {SHARED.resolve().name}/ beside the project")
    return SHARED


def wait_for(condition: Callable[[], object], seconds: float = 5.0) -> None:
    """Returns once it is true; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
