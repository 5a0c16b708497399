"""Who is shown, who stays the same, who is the subject."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.people.assignment import assign
from engine.people.evidence import NOBODY, UNSEEN
from engine.people.tracker import ASKED, Tracker
from tests.engine.people.sightings import RATE, THRESHOLD, Stage, found, pose, track


class TestOnePerson:
    def test_is_shown_within_a_third_of_a_second_and_tracked_half_a_second_later(self) -> None:
        stage = Stage()
        states = [[t.state for t in stage.see(320)] for _ in range(30)]
        assert ["confirming"] in states[: RATE // 3]
        assert states[-1] == ["tracking"]

    def test_stays_the_same_where_frames_are_seldom(self) -> None:
        tracker, ids = Tracker(), []
        for i in range(12):
            tracker.move(0.5 * i)
            tracker.see([found(320)])
            ids += [t.id for t in tracker.judge([(t, pose(320)) for t in tracker.to_pose(1)], 0.3)]
        assert set(ids) == {1}
        assert len(ids) >= 8

    def test_is_gone_within_two_thirds_of_a_second_after_leaving(self) -> None:
        stage = Stage()
        for _ in range(30):
            assert stage.see(320) or stage.frame < 10
        for _ in range(20):
            left = stage.see()
        assert left == []

    def test_is_not_believed_where_only_one_of_finder_and_backbone_sees_anybody(self) -> None:
        for finder, backbone in ((0.9, 0.1), (0.15, 0.9)):
            stage = Stage()
            assert not any(stage.see(320, finder=finder, backbone=backbone) for _ in range(60))

    def test_is_not_believed_who_is_somebody_from_afar_only(self) -> None:
        tracker = Tracker()
        for i in range(60):
            tracker.move(i / RATE)
            close_up = tracker.close_up()
            tracker.see([] if close_up else [found(320, 0.6)], close_up)
            shown = tracker.judge([(t, pose(320, 0.6)) for t in tracker.to_pose(1)], 0.3)
            assert not shown

    def test_a_close_up_says_nothing_of_others(self) -> None:
        tracker = Tracker()
        for i in range(2):
            tracker.move(i / RATE)
            tracker.see([found(100), found(500)], tracker.close_up())
            tracker.judge([], 0.3)
        looked_at, other = sorted(tracker.tracks, key=lambda track: -track.trust)
        assert (looked_at.judged_at, other.judged_at) == (1 / RATE, 0)

    def test_who_became_a_chair_is_dropped_within_half_a_second_however_sure_the_pose(self) -> None:
        stage = Stage()
        for _ in range(30):
            stage.see(320)
        for _ in range(RATE // 2):
            shown = stage.see(320, hidden=True)
        assert shown == []

    def test_costs_five_looks_a_second_once_it_is_sure(self) -> None:
        stage = Stage()
        for _ in range(60):
            stage.see(320)
        before = stage.looks
        for _ in range(60):
            stage.see(320)
        assert stage.looks - before == pytest.approx(10, abs=1)

    def test_keeps_its_id_over_a_second_out_of_sight_while_it_walks_on(self) -> None:
        stage = Stage()
        for i in range(40):
            before = stage.see(100 + 4 * i)
        for _ in range(24):
            gone = stage.see()
        assert gone == []
        for i in range(64, 80):
            after = stage.see(100 + 4 * 50 + 4 * (i - 64))
        assert [t.id for t in after] == [t.id for t in before] == [1]

    def test_has_another_id_after_a_longer_absence(self) -> None:
        stage = Stage()
        for _ in range(40):
            before = stage.see(320)
        for _ in range(60):
            stage.see()
        for _ in range(20):
            after = stage.see(320)
        assert [t.id for t in before + after] == [1, 2]


class TestSeveralPeople:
    def test_as_many_are_followed_as_wanted_and_the_others_are_known(self) -> None:
        stage = Stage(people=2)
        for _ in range(60):
            followed = stage.see(100, 320, 540)
        assert len(followed) == 2
        assert len(stage.tracker.shown) == 3

    def test_keep_their_ids_when_they_cross(self) -> None:
        """The one in front hides the other while they are closer than a body's width."""
        stage = Stage(people=2)
        for i in range(30):
            stage.see(100 + 5 * i, 540 - 5 * i)
        before = {t.id: round(float(t.velocity[0])) for t in stage.tracker.shown}
        for i in range(30, 60):
            left, right = 100 + 5 * i, 540 - 5 * i
            stage.see(*([left] if abs(left - right) < 60 else [left, right]))
        for i in range(60, 90):
            stage.see(100 + 5 * i, 540 - 5 * i)
        after = {t.id: round(float(t.velocity[0])) for t in stage.tracker.shown}
        assert sorted(after) == [1, 2]
        assert {i: v > 0 for i, v in after.items()} == {i: v > 0 for i, v in before.items()}

    def test_two_tracks_never_share_one_body(self) -> None:
        stage = Stage(people=2)
        for _ in range(40):
            stage.see(300, 420)
        for _ in range(30):
            followed = stage.see(300)
        assert len(followed) == 1

    def test_who_was_lost_does_not_take_the_body_of_who_is_shown(self) -> None:
        tracker = Stage(people=2).tracker
        lost = replace(track(300, 0, id=1), trust=NOBODY)
        shown = replace(track(300, 1, id=2), trust=1.0, believed_at=0.0, last_look=UNSEEN)
        tracker.tracks = [lost, shown]
        tracker.move(0.05)
        asked = [(track, pose(300)) for track in tracker.tracks]
        assert [track.id for track in tracker.judge(asked, THRESHOLD)] == [2]

    def test_strangers_are_asked_about_in_turn(self) -> None:
        stage, places = Stage(), [100.0, 300.0, 500.0, 700.0]
        asked: set[int] = set()
        for _ in range(8):
            stage.see(*places, finder=0.5, backbone=0.01)
            tracks = stage.tracker.tracks
            now = {track.number for track in tracks if track.asked_at == track.time}
            assert len(now) <= ASKED
            asked |= now
        assert len(asked) == len(places)


class TestSubject:
    def test_is_the_nearest(self) -> None:
        stage = Stage(people=2)
        stage.tracker.move(0)
        for i in range(10):
            stage.tracker.move(i / RATE)
            stage.tracker.see([found(100, height=200), found(400, height=320)])
            stage.tracker.judge([], 0.3)
        first = stage.tracker.known[0]
        assert first.id == stage.tracker.subject_id
        assert first.box.y2 - first.box.y1 > 250

    def test_is_somebody_who_is_shown_whatever_else_the_finder_suspects(self) -> None:
        stage = Stage()
        for _ in range(30):
            shown = stage.see(100, coat=500)
        assert [track.id for track in shown] == [stage.tracker.subject_id]

    def test_is_whoever_is_chosen_until_the_choice_is_given_back(self) -> None:
        stage = Stage()
        for _ in range(60):
            stage.see(100, 500)
        other = next(t for t in stage.tracker.shown if t.id != stage.tracker.subject_id)
        middle = (other.box.x1 + other.box.x2) / 2
        stage.tracker.choose((middle, 200.0))
        for _ in range(30):
            followed = stage.see(100, 500)
        assert [t.id for t in followed] == [other.id]
        assert stage.tracker.chosen
        stage.tracker.choose(None)
        stage.see(100, 500)
        assert not stage.tracker.chosen

    def test_stays_where_a_click_meets_nobody(self) -> None:
        stage = Stage()
        for _ in range(40):
            stage.see(100)
        before = stage.tracker.subject_id
        stage.tracker.choose((600.0, 20.0))
        assert stage.tracker.subject_id == before
        assert not stage.tracker.chosen

    def test_is_somebody_else_once_the_chosen_one_has_gone(self) -> None:
        stage = Stage()
        for _ in range(60):
            stage.see(100, 500)
        stage.tracker.choose((100.0, 200.0))
        for _ in range(90):
            followed = stage.see(500)
        assert len(followed) == 1
        assert not stage.tracker.chosen


class TestAssignment:
    def test_all_pairs_are_taken_at_once(self) -> None:
        """The nearest for one of two would leave the other with somebody else."""
        tracks = [track(300, 0), track(360, 1)]
        pairs = assign(tracks, [found(340), found(400)])
        assert pairs[0].box.x1 < pairs[1].box.x1

    def test_sure_boxes_are_taken_first(self) -> None:
        pairs = assign([track(300, id=1)], [found(302, score=0.2), found(320, score=0.9)])
        assert pairs[0].box.score == 0.9

    def test_who_is_known_chooses_before_who_is_not(self) -> None:
        """Else a second box on the same person takes the good one, and the track its remains."""
        known, new = track(300, 0, id=1), track(322, 1)
        pairs = assign([new, known], [found(322), found(270, score=0.2)])
        assert pairs[0].box.score == 0.9

    def test_an_unsure_box_is_taken_by_whom_no_sure_one_was_found_for(self) -> None:
        pairs = assign([track(100, 0), track(400, 1)], [found(105), found(402, score=0.2)])
        assert {number: person.box.score for number, person in pairs.items()} == {0: 0.9, 1: 0.2}

    def test_nobody_is_paired_with_somebody_far_away(self) -> None:
        assert assign([track(100)], [found(540)]) == {}
