"""What a lifter is told of the camera, and what it gives beside the joints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from engine.models.model_spec import CAMERA, MODELS, load_spec
from engine.skeleton import MPII16
from engine.space.lifter import Lifter, View
from engine.types import Pose2D

SPEC = load_spec(MODELS / "martinez")
POSE = Pose2D(np.zeros((16, 2), np.float32), np.ones(16, np.float32), MPII16)


class Answers:
    """A runtime that answers the same to everything and remembers what it was asked."""

    name, device, precision, note = "answers", "test", "f32", ""

    def __init__(self, **outputs: np.ndarray) -> None:
        self.outputs = {"joints": np.zeros((1, 17, 3), np.float32)} | outputs
        self.asked: Mapping[str, np.ndarray] = {}

    def run(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        self.asked = inputs
        return self.outputs

    def close(self) -> None:
        """Nothing is open."""


class TestView:
    def test_a_guessed_camera_sees_60_degrees_and_knows_nothing_else(self) -> None:
        camera = dict(zip(CAMERA, View.guessed(640, 480).as_input()[0].tolist(), strict=True))
        assert camera.pop("focal_px") == pytest.approx(320 / np.tan(np.pi / 6))
        assert (camera.pop("x_px"), camera.pop("y_px")) == (320, 240)
        assert not any(camera.values())

    def test_tilt_is_known_where_pitch_and_roll_are(self) -> None:
        view = View(500.0, (320, 240), pitch=30.0, roll=-2.0, height=1.8)
        assert view.as_input()[0, 3:] == pytest.approx([30, -2, 1, 1.8])
        assert not replace(view, roll=None).as_input()[0, 3:6].any()


class TestLifter:
    def test_the_network_is_told_the_camera(self) -> None:
        runtime, view = Answers(), View.guessed(640, 480)
        Lifter(SPEC, runtime).lift(POSE, 0.3, view)
        assert (runtime.asked["camera"] == view.as_input()).all()

    def test_spread_and_up_are_there_where_the_network_gives_them(self) -> None:
        up, spread = np.array([[0, -1, 0]], np.float32), np.full((1, 17, 3), 40, np.float32)
        view = View.guessed(640, 480)
        joints = Lifter(SPEC, Answers(up=up, spread=spread)).lift(POSE, 0.3, view)
        assert joints is not None
        assert joints.up == pytest.approx([0, -1, 0])
        assert joints.spread == pytest.approx(np.full((17, 3), 40))
        without = Lifter(SPEC, Answers()).lift(POSE, 0.3, view)
        assert without is not None
        assert without.up is without.spread is None

    def test_a_lifter_that_was_told_the_tilt_is_asked_where_up_is_untold(self) -> None:
        runtime = Answers(up=np.array([[0, -1, 0]], np.float32))
        lifter = Lifter(SPEC, runtime)
        past, told = lifter.begin(), View(500.0, (320, 240), pitch=30.0, roll=-2.0)
        joints = lifter.lift(POSE, 0.3, told, past, 1.0)
        assert joints is not None
        assert lifter.untold(joints, told, past).up == pytest.approx([0, -1, 0])
        assert runtime.asked["camera"][0].tolist() == [500, 320, 240, 0, 0, 0, 0]
        assert lifter.untold(joints, View.guessed(640, 480), past) is joints
