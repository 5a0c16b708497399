"""A lifter alone runs with shapes and memory of its own: what it says is the same."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from engine.models.model_spec import MODELS, load_spec
from engine.runtimes import available_runtimes, open_runtime

pytestmark = pytest.mark.skipif("openvino" not in available_runtimes(), reason="needs OpenVINO")


def test_a_lifter_says_the_same_of_one_pose_and_of_several_and_keeps_no_answer() -> None:
    rng = np.random.default_rng(0)
    poses = {
        "keypoints": rng.uniform(100, 400, (2, 16, 2)).astype(np.float32),
        "visible": np.ones((2, 16), np.float32),
    }
    with closing(open_runtime(load_spec(MODELS / "martinez"), "openvino")) as runtime:
        both = runtime.run(poses)["joints"]
        one, other = (
            runtime.run({name: value[i : i + 1] for name, value in poses.items()})["joints"]
            for i in range(2)
        )
    np.testing.assert_allclose(np.concatenate([one, other]), both, atol=0.01)
