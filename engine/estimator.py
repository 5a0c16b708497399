"""Frame → PoseResult: find people, locate their keypoints, smooth, lift. Synchronous.

Owns the networks and asks them what the tracker wants to know; knows no threads, no files, no Qt.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace

from engine.keypoints.backbone import Backbone
from engine.keypoints.heatmaps import Decoding
from engine.models.model_spec import ModelSpec, get_model
from engine.people.advice import SEEN
from engine.people.background import Background
from engine.people.finder import Finder
from engine.people.follower import Follower
from engine.people.track import Track
from engine.people.tracker import Tracker
from engine.runtimes import AUTO, EngineMissingError, Runtime, open_runtime
from engine.space.lifter import Lifter
from engine.space.room import Room, RoomSettings
from engine.timing import stage
from engine.types import Frame, Person, PoseResult

LOOKS, LOOKS_RATE = 5, 15.0  # at the first frame of a file, and how many of them a second

DEFAULT_BACKBONE = "hourglass_1_small"
DEFAULT_LIFTER = "ray_lifter_over_time"
DEFAULT_FINDER = "person_finder"


@dataclass(frozen=True)
class EstimatorSettings:
    """What can be set while frames are estimated. Raw poses depend only on decoding and room."""

    smoothing: float = 0.5  # of what is shown, 0 off … 1 strong
    threshold: float = SEEN  # a keypoint that scores less is shown and sent as unseen
    decoding: Decoding = "quarter"
    room: RoomSettings = field(default_factory=RoomSettings)
    people: int = 1  # how many are followed, 1 … MOST_PEOPLE; 1: the subject alone


class PoseEstimator:
    """Owns a backbone, a lifter and a finder; close it when done."""

    def __init__(
        self,
        backbone: Backbone,
        lifter: Lifter | None,
        finder: Finder,
        settings: EstimatorSettings | None = None,
    ) -> None:
        self.backbone, self.lifter, self.finder = backbone, lifter, finder
        self.settings = settings or EstimatorSettings()
        self.tracker, self.background, self.room = Tracker(), Background(), Room()
        self._swaps = 0  # of people who are gone
        self._followers: dict[int, Follower] = {}  # by id

    def reset(self) -> None:
        """Forget everybody, and what was counted: the next frame is another place. Ids go on."""
        self.tracker.forget()
        self.background, self.room = Background(), Room()
        self._followers.clear()
        self._swaps = 0

    def carry_on(self, other: PoseEstimator) -> None:
        """Take over the people and the room of the estimator that this one replaces."""
        self.tracker, self.background, self.room = other.tracker, other.background, other.room
        self._swaps = other._count_swaps()

    def begin_with(self, frame: Frame) -> None:
        """Know at once who is in the first frame of a file, as if it had been there for a while."""
        for step in range(LOOKS, 0, -1):
            self.estimate(replace(frame, timestamp=frame.timestamp - step / LOOKS_RATE))

    def choose(self, point: tuple[float, float] | None) -> None:
        """Make the person at that place of the last frame, in pixels, the subject.

        None gives the choice back: the nearest is. Where nobody is, nothing changes.
        """
        self.tracker.choose(point)

    @property
    def note(self) -> str:
        """One line where a network runs otherwise than was asked for; else empty."""
        return " ".join(filter(None, (self.backbone.runtime.note, self.finder.runtime.note)))

    def about(self) -> dict[str, object]:
        """What a session says of how its poses were made."""
        runtime = self.backbone.runtime
        return {
            "backbone": self.backbone.spec.name,
            "lifter": self.lifter.spec.name if self.lifter else None,
            "finder": self.finder.spec.name,
            "runtime": f"{runtime.name} {runtime.precision} on {runtime.device}",
            "people": self.settings.people,
            "camera": asdict(self.room.camera),
            "body_height_m": self.settings.room.body,
            "body_height_by": "typed" if self.settings.room.body_height else "guess",
        }

    def close(self) -> None:
        self.backbone.close()
        self.finder.close()
        if self.lifter:
            self.lifter.close()

    def estimate(self, frame: Frame) -> PoseResult:
        """Everybody who is followed in a frame; timestamps rise from call to call."""
        timings: dict[str, float] = {}
        with stage(timings, "total"):
            with stage(timings, "smooth"):
                self.room.look(frame, self.settings.room)
            people = tuple(self._person(track, timings) for track in self._track(frame, timings))
        tracker, unfollowed = self.tracker, self.tracker.known[self.settings.people :]
        return PoseResult(
            frame,
            people,
            self.backbone.spec.name,
            timings,
            lifter=self.lifter.spec.name if self.lifter else None,
            subject_id=tracker.subject_id,
            chosen=tracker.chosen,
            others=tuple(track.box for track in unfollowed if track.is_shown),
            swaps=self._count_swaps(),
            camera=self.room.camera,
        )

    def _track(self, frame: Frame, timings: dict[str, float]) -> list[Track]:
        """Look for people where that is due, and pose whom the tracker asks for."""
        tracker, settings = self.tracker, self.settings
        tracker.move(frame.timestamp)
        self.background.see(frame.image, frame.timestamp)
        if tracker.look_is_due(settings.people):
            close_up = tracker.close_up()
            near = close_up.box if close_up else None
            with stage(timings, "find"):
                tracker.see(self.finder.find(frame.image, near=near), close_up)
        asked = tracker.to_pose(settings.people)
        boxes = [track.box for track in asked]
        poses = self.backbone.find(frame.image, boxes, timings, settings.decoding) if asked else []
        shown = tracker.judge(list(zip(asked, poses, strict=True)), SEEN, self.background.changed)
        self.background.learn(track.box for track in tracker.tracks)
        return shown

    def _person(self, track: Track, timings: dict[str, float]) -> Person:
        follower = self._followers.setdefault(track.id, Follower(self.lifter))
        return follower(track, self.settings.smoothing, self.room, timings)

    def _count_swaps(self) -> int:
        """All so far; whoever is forgotten leaves theirs behind."""
        known = {track.id for track in self.tracker.known}
        for gone in self._followers.keys() - known:
            self._swaps += self._followers.pop(gone).sides.swaps
        return self._swaps + sum(follower.sides.swaps for follower in self._followers.values())


def open_estimator(
    backbone: str = DEFAULT_BACKBONE,
    runtime: str = AUTO,
    settings: EstimatorSettings | None = None,
    lifter: str = DEFAULT_LIFTER,
    precision: str = AUTO,
) -> PoseEstimator:
    """Load and warm a backbone, at one of engine.runtimes.PRECISIONS, a lifter and the finder.

    Raises ModelError or RuntimeUnavailableError.
    """
    spec, lifting = get_model("pose2d", backbone), get_model("lift3d", lifter)
    finding = get_model("find_people", DEFAULT_FINDER)
    with ExitStack() as opened:
        found = Backbone(spec, open_runtime(spec, runtime, precision))
        opened.callback(found.close)
        finder = Finder(finding, _open_small(finding, runtime))
        opened.callback(finder.close)
        estimator = PoseEstimator(
            found, Lifter(lifting, _open_small(lifting, runtime)), finder, settings
        )
        opened.pop_all()
    return estimator


def _open_small(spec: ModelSpec, choice: str) -> Runtime:
    """A lifter or finder; where its TensorRT engine is not built, in the next runtime: it is small
    enough to be fast there too."""
    try:
        return open_runtime(spec, choice)
    except EngineMissingError:
        return open_runtime(spec)
