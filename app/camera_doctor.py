"""``main.py doctor --camera``: two seconds of looking, then what the window would say. No Qt."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence

from engine.estimator import DEFAULT_BACKBONE, MOST_PEOPLE, EstimatorSettings, open_estimator
from engine.people.advice import SEEN, advise, brightness
from engine.pipeline.pipeline import Pipeline
from engine.sources.capture import SourceError, list_cameras, open_source
from engine.types import PoseResult

SECONDS = 2.0  # of looking; what is said is about the second half, when people have been found
PATIENCE = 10.0  # seconds in which the first picture must come
MISSING = 1  # exit code: something a user needs is not there


def look(name: str) -> int:
    """Look through a source, the first camera where ``name`` is empty; returns the exit code.

    Raises SourceError where a source that was named does not open, ModelError,
    RuntimeUnavailableError.
    """
    try:
        results, description = _watch(name or _first_camera())
    except SourceError as error:
        if name:
            raise
        return _miss(str(error))
    if not results:
        return _miss(f"{description} gives no pictures: is it covered by a lid, or in use?")
    print(report(results, description))
    return 0


def _first_camera() -> str:
    if cameras := list_cameras():
        return cameras[0].name
    raise SourceError("No camera found: connect one, or name another source after --camera.")


def _miss(text: str) -> int:
    print(f"sandglass: {text}", file=sys.stderr)
    return MISSING


def _watch(name: str) -> tuple[list[PoseResult], str]:
    """What SECONDS gave, and how the source describes itself."""
    source = open_source(name, loop=True)
    settings = EstimatorSettings(people=MOST_PEOPLE)
    results: list[PoseResult] = []
    with Pipeline(settings=settings) as pipeline:
        pipeline.use(open_estimator(DEFAULT_BACKBONE))
        pipeline.set_source(lambda: source)
        end = time.monotonic() + PATIENCE
        while (left := end - time.monotonic()) > 0 and not pipeline.ended.is_set():
            if result := pipeline.results.take(left):
                if not results:
                    end = time.monotonic() + SECONDS
                results.append(result)
    return results, source.description


def report(results: Sequence[PoseResult], description: str) -> str:
    """One line a fact, the last the verdict. results: at least one."""
    first, last = results[0].frame, results[-1].frame
    elapsed = last.timestamp - first.timestamp
    rate = (last.index - first.index) / elapsed if elapsed else 0.0
    lines = [
        f"Camera: {description}; {rate:.1f} frames a second came",
        f"Light: {brightness(last.image):.0f} of 255",
        f"People: {len(results[-1].people) + len(results[-1].others) or 'none'}",
    ]
    if subject := results[-1].subject:
        share = (subject.box.y2 - subject.box.y1) / last.image.shape[0]
        scores = subject.pose2d.scores
        lines.append(f"Distance: the person fills {share:.0%} of the picture's height")
        lines.append(f"Framing: {(scores >= SEEN).sum()} of {len(scores)} joints are seen")
    return "\n".join([*lines, _verdict(results[len(results) // 2 :])])


def _verdict(results: Sequence[PoseResult]) -> str:
    """What was the case most often."""
    [(advice, _)] = Counter(map(advise, results)).most_common(1)
    sure = "Good: tracked, whole and sure" if advice.good else "Somebody is there, not surely seen"
    return f"{advice.text or sure}."
