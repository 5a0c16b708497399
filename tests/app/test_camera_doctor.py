"""``doctor --camera`` says in the terminal what the window would say, and what it is about."""

from __future__ import annotations

import numpy as np
import pytest

from app import camera_doctor
from app.camera_doctor import look, report
from engine.sources.capture import SourceError
from engine.types import PoseResult
from tests.app.conftest import make_frame, make_person, make_result


def seen(count: int, score: float = 0.9) -> list[PoseResult]:
    """Two seconds at 15 frames a second, of so many people side by side, one followed."""
    scores = np.full(17, score, np.float32)
    people = [make_person(scores, number=n + 1, aside=100 * n) for n in range(count)]
    known = {"subject_id": min(count, 1), "others": tuple(person.box for person in people[1:])}
    return [make_result(*people[:1], frame=make_frame(t / 15), **known) for t in range(30)]


def lines(results: list[PoseResult]) -> dict[str, str]:
    """What is said, by the word before its colon; the verdict by "verdict"."""
    *facts, verdict = report(results, "USB Video, 320x240 MJPG at 15 fps").splitlines()
    return dict(fact.split(": ", 1) for fact in facts) | {"verdict": verdict}


def test_one_line_a_fact_and_the_verdict_last() -> None:
    said = lines(seen(1))
    assert said["Light"] == "88 of 255"
    assert said["People"] == "1"
    assert said["Distance"] == "the person fills 96 % of the picture's height"
    assert said["Framing"] == "17 of 17 joints are seen"
    assert said["verdict"] == "Good: tracked, whole and sure."


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        (seen(0), "Nobody in view."),
        (seen(2), "Two people: click one."),
        (seen(1, score=0.5), "Somebody is there, not surely seen."),
        (seen(0)[:20] + seen(1)[20:], "Good: tracked, whole and sure."),  # found after a while
    ],
)
def test_the_verdict_is_the_windows(results: list[PoseResult], verdict: str) -> None:
    assert lines(results)["verdict"] == verdict


def test_a_source_that_gives_nothing_has_no_report() -> None:
    assert report([], "Silent camera") == ""


def test_where_there_is_no_camera_something_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(camera_doctor, "list_cameras", tuple)
    assert look("") == 1
    assert capsys.readouterr().err.startswith("sandglass: No camera found: ")


def test_a_source_that_was_named_and_does_not_open_is_bad_input() -> None:
    with pytest.raises(SourceError, match=r"nothing\.mp4"):
        look("nothing.mp4")
