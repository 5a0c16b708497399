"""One track in time: where it is, and what state it is in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.people.evidence import KEPT, SHOWN, UNSEEN
from engine.people.person_box import box_around
from engine.people.track import (
    CONFIRMING,
    DOUBTED,
    REMEMBERED,
    SETTLING,
    STANDING,
    UNSIGHTED,
    Track,
    closeness,
    limbs_of,
    predicted,
    with_finding,
    with_pose,
    with_trust,
)
from engine.skeleton import COCO17, MPII16
from tests.engine.people.sightings import RATE, found, pose, track

EVERY = np.ones(16, bool)


def test_the_states() -> None:
    new = track(300)
    shown = replace(new, id=1, shown_at=0.0, believed_at=CONFIRMING, trust=SHOWN)
    assert new.state == "searching"
    assert shown.state == "confirming"
    assert replace(shown, time=CONFIRMING).state == "tracking"
    assert replace(shown, time=CONFIRMING, trust=SHOWN - 0.1).state == "unsure"
    assert replace(shown, time=CONFIRMING, trust=KEPT - 0.1).state == "lost"


def test_who_is_in_doubt_for_long_is_lost_until_believed_again() -> None:
    """As a chair is that is half a person for finder and backbone."""
    doubted = replace(track(300), id=1, shown_at=0.0, believed_at=0.0, trust=SHOWN - 0.1)
    assert replace(doubted, time=DOUBTED - 0.1).state == "unsure"
    late = replace(doubted, time=DOUBTED + 0.1, judged_at=DOUBTED + 0.1, finder_score=0.9)
    assert late.state == "lost"
    assert with_trust(replace(late, judged_at=DOUBTED), 0.9).is_shown


def test_whoever_is_in_doubt_where_the_room_was_empty_before_is_kept_for_longer() -> None:
    """As somebody who crouches; not for ever, as a chair that was moved."""
    doubted = replace(
        track(300), id=1, shown_at=0.0, believed_at=0.0, trust=SHOWN - 0.1, changed=True
    )
    assert replace(doubted, time=STANDING - 0.1).state == "unsure"
    assert replace(doubted, time=STANDING + 0.1).state == "lost"


@pytest.mark.parametrize(("changed", "kept"), [(True, True), (False, False)])
def test_whom_the_finder_does_not_see_a_good_pose_keeps_where_the_room_has_changed(
    changed: bool, kept: bool
) -> None:
    overlooked = replace(
        track(300), id=1, shown_at=0.0, believed_at=0.0, trust=SHOWN, finder_score=UNSEEN
    )
    for time in np.arange(1, 31) / RATE:
        overlooked = with_trust(replace(overlooked, time=time), 0.7, changed)
    assert (overlooked.trust >= KEPT) == kept


def test_the_box_becomes_that_of_the_pose_where_the_finder_sees_nobody_for_long() -> None:
    crouched = pose(300, height=150, top=250)
    later = replace(track(300), time=UNSIGHTED + 5 * SETTLING)
    box = with_pose(later, crouched, EVERY).box
    own = box_around(crouched.keypoints)
    assert [box.y1, box.y2] == pytest.approx([own.y1, own.y2], abs=2)


def test_who_was_hardly_there_is_soon_forgotten_and_who_was_for_long_is_remembered() -> None:
    brief = replace(track(300), id=1, shown_at=0.0, located_at=0.2, time=0.2 + REMEMBERED / 2)
    long = replace(brief, located_at=CONFIRMING, time=CONFIRMING + REMEMBERED / 2)
    assert brief.over
    assert not long.over
    assert replace(long, time=CONFIRMING + REMEMBERED + 0.1).over


def test_the_box_becomes_what_the_finder_sees() -> None:
    later = replace(track(300), time=5 * SETTLING)
    box = with_finding(later, found(340)).box
    assert box.x1 == pytest.approx(found(340).box.x1, abs=1)


def test_between_two_looks_the_pose_takes_the_box_along() -> None:
    """Judged by most of the limbs: one that is wrong does not pull it away."""
    walking = with_pose(replace(track(300), time=1 / RATE), pose(300), EVERY)
    step = pose(312)
    step.keypoints[MPII16.index("left_wrist")] += 200
    moved = with_pose(predicted(walking, 2 / RATE), step, EVERY)
    assert moved.box.x1 == pytest.approx(walking.box.x1 + 12, abs=0.5)


def test_a_velocity_is_learned_from_what_is_seen() -> None:
    walking: Track = track(300)
    for i in range(1, 31):
        walking = predicted(walking, i / RATE)
        walking = with_trust(with_finding(walking, found(300 + 4 * i)), 0.9)
    assert walking.velocity[0] == pytest.approx(4 * RATE, rel=0.15)


def test_whoever_is_out_of_sight_walks_on_and_comes_to_rest() -> None:
    walking = replace(track(100), velocity=np.array([120.0, 0.0]))
    steps = [walking]
    for i in range(1, 61):
        steps.append(predicted(steps[-1], i / RATE))
    x = [step.box.x1 - walking.box.x1 for step in steps]
    assert x[6] == pytest.approx(20, abs=3)
    assert 40 < x[30] < 60
    assert x[60] - x[50] < 3


def test_the_same_box_with_other_limbs_is_less_close() -> None:
    one, same = track(300), found(300)
    upside_down = same.keypoints * [1, -1] + [0, 500]
    assert closeness(one, same.box, limbs_of(same.keypoints, COCO17)) == pytest.approx(1)
    assert closeness(one, same.box, limbs_of(upside_down, COCO17)) < 0.75
