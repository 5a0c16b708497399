"""``main.py doctor --camera``: watches for two seconds and judges the picture. No Qt."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from app.signals import MISSING
from engine.estimator import DEFAULT_BACKBONE, EstimatorSettings, open_estimator
from engine.people.advice import SEEN, Advice, advise, brightness
from engine.pipeline.pipeline import Pipeline
from engine.sources.capture import FrameSource, SourceError, list_cameras, open_source
from engine.types import MOST_PEOPLE, PoseResult

SECONDS = 2.0  # of looking; what is said is about the second half, when people have been found
PATIENCE = 10.0  # seconds in which the first picture must come


def look(name: str) -> int:
    """Look through a source, the first camera where ``name`` is empty; returns the exit code.

    Raises SourceError where a source that was named does not open, ModelError,
    RuntimeUnavailableError.
    """
    try:
        source = open_source(name or _first_camera(), loop=True)
    except SourceError as error:
        if name:
            raise
        return _miss(str(error))
    if text := report(_watch(source), source.description):
        print(text)
        return 0
    return _miss(f"{source.description} gives no pictures: is another program using it?")


def _first_camera() -> str:
    if cameras := list_cameras():
        return cameras[0].name
    raise SourceError("No camera found: connect one, or name another source after --camera.")


def _miss(text: str) -> int:
    print(f"sandglass: {text}", file=sys.stderr)
    return MISSING


def _watch(source: FrameSource) -> Iterator[PoseResult]:
    """What comes in SECONDS from the first picture on."""
    with Pipeline(settings=EstimatorSettings(people=MOST_PEOPLE)) as pipeline:
        pipeline.use(open_estimator(DEFAULT_BACKBONE))
        pipeline.set_source(lambda: source)
        end, seen = time.monotonic() + PATIENCE, False
        while (left := end - time.monotonic()) > 0 and not pipeline.ended.is_set():
            if result := pipeline.results.take(left):
                end = end if seen else time.monotonic() + SECONDS
                seen = True
                yield result


def report(results: Iterable[PoseResult], description: str) -> str:
    """One line a fact, the last the verdict; empty where nothing came."""
    advice, first, last = [], None, None
    for last in results:
        first = first or last.frame
        advice.append(advise(last))
    if first is None or last is None:
        return ""
    elapsed = last.frame.timestamp - first.timestamp
    rate = (last.frame.index - first.index) / elapsed if elapsed else 0.0
    lines = [f"Camera: {description}; {rate:.1f} frames a second came", *_facts(last)]
    return "\n".join([*lines, _verdict(advice[len(advice) // 2 :])])


def _facts(result: PoseResult) -> list[str]:
    image, count = result.frame.image, len(result.people) + len(result.others)
    facts = [f"Light: {brightness(image):.0f} of 255", f"People: {count or 'none'}"]
    if subject := result.subject:
        share = (subject.box.y2 - subject.box.y1) / image.shape[0]
        scores = subject.pose2d.scores
        facts.append(f"Distance: the person fills {round(100 * share)} % of the picture's height")
        facts.append(f"Framing: {(scores >= SEEN).sum()} of {len(scores)} joints are seen")
    return facts


def _verdict(advice: Sequence[Advice]) -> str:
    """What was said most often."""
    [(most, _)] = Counter(advice).most_common(1)
    state = "Good: tracked, whole and sure" if most.good else "Somebody is there, not surely seen"
    return f"{most.text or state}."
