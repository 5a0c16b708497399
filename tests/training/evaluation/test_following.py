"""How finding and following are measured, on dots."""

from __future__ import annotations

import numpy as np
import pytest

from engine.skeleton import COCO17, MPII16
from tests.conftest import dot_estimator, draw_dots
from training.datasets.scenes import Scene
from training.evaluation.still_camera import curve, false_row, found_row, lone, watch
from training.evaluation.tracks import Followed, follow, row
from training.synthetic.stage import RATE, Shown

NO_BOXES = np.zeros((0, 4), np.float32)


def scene(size: float = 400, labelled: bool = True) -> Scene:
    image, keypoints = draw_dots(top=20, size=size)
    points = np.full((1, len(COCO17), 2), np.nan, np.float32)
    for i, name in enumerate(COCO17.keypoints):
        if name in MPII16.keypoints:
            points[0, i] = keypoints[MPII16.index(name)]
    box = np.concatenate([keypoints.min(axis=0), keypoints.max(axis=0)])[None]
    count = int(labelled)
    return Scene(image, box[:count], points[:count], NO_BOXES)


def empty() -> Scene:
    image = np.full((480, 640, 3), 60, np.uint8)
    return Scene(image, NO_BOXES, np.zeros((0, 17, 2), np.float32), NO_BOXES)


def shown_at(x: float | None) -> Shown:
    """A staged frame with one person at ``x``, or out of the picture."""
    image, keypoints = draw_dots(centre=x) if x else (empty().image, np.full((16, 2), -1.0))
    return Shown(image, keypoints[None], np.full((1, 16), 2 if x else 0))


def frames(*ids: int, there: str, false: str = "") -> list[Followed]:
    wrong = false or "0" * len(ids)
    return [
        Followed(np.array([t == "1"]), np.array([i]), int(f))
        for i, t, f in zip(ids, there, wrong, strict=True)
    ]


def test_a_person_who_stands_still_is_found_with_all_limbs() -> None:
    seen = found_row([watch(dot_estimator(), scene())])
    assert (seen["found"], seen["limbs"], seen["in 0.3 s"]) == (100, 100, 100)


def test_whoever_is_not_found_has_no_limb_right_and_takes_for_ever() -> None:
    nobody = empty()
    missed = watch(dot_estimator(), Scene(nobody.image, scene().boxes, scene().points, NO_BOXES))
    seen = found_row([missed])
    assert (seen["found"], seen["limbs"], seen["in 0.3 s"]) == (0, 0, 0)
    assert seen["seconds"] == np.inf


def test_a_person_shown_where_nobody_is_labelled_is_false() -> None:
    stills = [watch(dot_estimator(), scene(labelled=False)), watch(dot_estimator(), empty())]
    assert false_row(stills)["false"] == 50


def test_the_curve_falls_with_the_threshold() -> None:
    seen = {"people": [watch(dot_estimator(), scene())], "rooms": [watch(dot_estimator(), empty())]}
    rows = curve(seen, [0.0, 10.0])
    assert rows["+0.00"] == {"people": 100, "rooms": 0}
    assert rows["+10.00"] == {"people": 0, "rooms": 0}


def test_a_lone_person_is_big_and_nobody_is_doubted_beside_them() -> None:
    doubted = Scene(scene().image, scene().boxes, scene().points, np.ones((1, 4), np.float32))
    kept = lone([scene(), scene(size=100), doubted, empty()])
    assert len(kept) == 1


def test_somebody_who_walks_through_the_picture_is_followed() -> None:
    places = [None] * 5 + [200 + 5 * i for i in range(30)] + [None] * 15
    figures = row(follow(dot_estimator(), [shown_at(x) for x in places]))
    assert figures["found"] > 90
    assert figures["switches"] == 0
    assert figures["missed s"] <= 0.3
    assert figures["false s"] <= 0.7


def test_figures_of_a_clip() -> None:
    clip = frames(0, 0, 1, 1, 0, 2, 0, 0, there="11111100", false="00000011")
    assert row(clip) == {
        "frames": 8,
        "found": pytest.approx(50),
        "false": 25,
        "switches": 1,
        "missed s": pytest.approx(2 / RATE),
        "false s": pytest.approx(2 / RATE),
    }


def test_a_clip_with_nobody_has_no_share_found() -> None:
    nobody = [Followed(np.zeros(0, bool), np.zeros(0, int), 0)] * 3
    assert row(nobody) == {"frames": 3, "false": 0, "switches": 0, "false s": 0}
