"""The lifter: cameras, what detectors leave of a pose, the network, its figures, what ships."""

from __future__ import annotations

from argparse import Namespace
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.models.model_spec import find_models, load_spec
from engine.runtimes import open_runtime
from engine.skeleton import H36M17, MPII16
from engine.space.camera import focal_length, look_at, project, to_camera
from tests.training.moves import standing_clip
from training.cli import answer
from training.datasets.motion import detections
from training.datasets.motion import virtual_cameras as cameras
from training.datasets.motion.detections import DetectorErrors, compare
from training.datasets.motion.lifter_views import lifter_inputs, split, training_batch
from training.datasets.motion.mocap import h36m17, load_clips
from training.datasets.motion.ray_views import nothing_told
from training.evaluation.detector_errors import run, table
from training.evaluation.lifter_figures import lift_in
from training.evaluation.metrics import mpjpe, procrustes_mpjpe
from training.fit.lifter import AnyCameraLearner
from training.fit.lifter_samples import standardise_any_camera
from training.models.martinez import INPUTS, MIRRORED, Lifter, Martinez, mirror
from training.recipes.martinez import martinez

MODELS = Path(__file__).parents[3] / "assets/models"
SHIPPED = [spec.folder for spec in find_models("lift3d", MODELS).values()]
WRIST = MPII16.index("left_wrist")
NOBODYS = np.array(["some backbone"])


@pytest.fixture
def standing() -> np.ndarray:
    return h36m17(standing_clip())


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


@pytest.fixture
def people(standing: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """MPII-16 keypoints (200, 16, 2) of somebody who stands before 200 cameras."""
    views = cameras.sample_views(standing.repeat(200, axis=0), rng, close_ups=0.0)
    return cameras.as_mpii16(views)[0]


@pytest.fixture
def lifter() -> Lifter:
    """An untrained one: what the graph promises holds for any weights."""
    torch.manual_seed(1)
    return Lifter(Martinez(width=64, visibility=True)).eval()


def joint(poses: np.ndarray, name: str) -> np.ndarray:
    return np.asarray(poses[..., H36M17.index(name), :])


class TestMotionCapture:
    def test_missing_folder_says_where_the_data_is_from(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"mocap\.cs\.cmu\.edu"):
            load_clips(tmp_path / "nothing")

    def test_nose_is_in_front_and_crown_on_top(self, standing: np.ndarray) -> None:
        assert joint(standing, "nose")[0, 2] > 0.08
        assert joint(standing, "head_top")[0, 1] == standing[..., 1].max()
        assert joint(standing, "head_top")[0, 1] == pytest.approx(1.75, abs=0.01)

    def test_spine_is_half_way_even_where_the_source_puts_it_elsewhere(self) -> None:
        clip = standing_clip()
        clip.joints["spine"] = np.array([[0, 1.30, 0.0]], np.float32)
        pose = h36m17(clip)[0]
        halves = [
            np.linalg.norm(joint(pose, "spine") - joint(pose, e)) for e in ("pelvis", "thorax")
        ]
        assert halves[0] == pytest.approx(halves[1], rel=0.01)

    def test_every_source_is_read_and_human(self, shared: Path) -> None:
        clips = load_clips(shared / "mocap")
        assert len({clip.source for clip in clips}) >= 5
        assert {clip.fps for clip in clips} == {30.0}
        for clip in clips[::20]:
            poses = h36m17(clip)
            head = np.linalg.norm(joint(poses, "head_top") - joint(poses, "thorax"), axis=-1)
            assert poses.dtype == np.float32
            assert 0.25 < np.median(head) < 0.42, clip.source

    def test_held_out_actor_is_in_no_training_frame(self, shared: Path) -> None:
        poses = split(load_clips(shared / "mocap"))
        held_out, trained_on = (
            {ankle.tobytes() for ankle in poses[part][:, H36M17.index("left_ankle")]}
            for part in ("actor", "train")
        )
        assert len(poses["actor"]) == 3590
        assert not held_out & trained_on


class TestCamera:
    def test_point_on_the_axis_lands_on_the_centre(self) -> None:
        eye, target = np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.0])
        seen = to_camera(target[None], look_at(eye, target, roll=7.0), eye)
        assert seen[0] == pytest.approx([0, 0, np.linalg.norm(eye - target)])
        assert project(seen, 500.0, (320, 240))[0] == pytest.approx([320, 240])

    def test_field_of_view_reaches_the_edge(self) -> None:
        edge = np.array([[1.0, 0, 1.0]])  # 45 degrees off the axis
        assert project(edge, focal_length(90, 640), (320, 240))[0, 0] == pytest.approx(640)

    def test_camera_axes_are_a_rotation_with_y_down(self) -> None:
        axes = look_at(np.array([0, 1.0, 4]), np.array([0, 1.0, 0]))
        assert np.linalg.det(axes) == pytest.approx(1)
        assert axes[1] == pytest.approx([0, -1, 0])

    def test_upright_person_is_upright_in_the_picture(
        self, standing: np.ndarray, rng: np.random.Generator
    ) -> None:
        views = cameras.sample_views(standing.repeat(200, axis=0), rng)
        head, feet = H36M17.index("head_top"), H36M17.index("left_ankle")
        assert (views.keypoints[:, head, 1] < views.keypoints[:, feet, 1]).all()
        assert (views.joints[:, head, 1] < 0).all()
        assert (views.joints[:, feet, 1] > 0).all()
        assert np.ptp(views.pitch) > 50

    def test_camera_in_front_sees_the_left_hand_on_the_right(self, standing: np.ndarray) -> None:
        eye = np.array([0, 1.0, 3.0])
        seen = to_camera(standing[0], look_at(eye, np.array([0, 1.0, 0])), eye)
        assert joint(seen, "left_wrist")[0] > 0 > joint(seen, "right_wrist")[0]


class TestDetections:
    def test_varied_bodies_keep_their_sides_alike(
        self, standing: np.ndarray, rng: np.random.Generator
    ) -> None:
        bodies = cameras.vary_bodies(standing.repeat(50, axis=0), rng)
        left, right = (
            np.linalg.norm(joint(bodies, f"{side}_knee") - joint(bodies, f"{side}_hip"), axis=-1)
            for side in ("left", "right")
        )
        assert left == pytest.approx(right, rel=1e-4)
        assert np.ptp(left) > 0.03
        as_captured = np.isclose(left, 0.42, atol=0.005)
        assert 0.3 < as_captured.mean() < 0.8

    def test_mpii_pelvis_is_between_the_hips(
        self, standing: np.ndarray, rng: np.random.Generator
    ) -> None:
        keypoints, _ = cameras.as_mpii16(cameras.sample_views(standing, rng))
        names = [MPII16.index(name) for name in ("left_hip", "right_hip", "pelvis")]
        left, right, pelvis = keypoints[0, names]
        assert pelvis == pytest.approx((left + right) / 2)

    def test_missing_side_has_its_mirror(self) -> None:
        lost = detections.missing("one arm", mirrored=True)
        assert {n for n, gone in zip(MPII16.keypoints, lost, strict=True) if gone} == {
            "right_elbow",
            "right_wrist",
        }

    def test_dropping_loses_but_never_finds(self, rng: np.random.Generator) -> None:
        visible = np.where(rng.random((500, 16)) < 0.8, 0.9, 0)
        left = detections.drop(visible, rng)
        assert ((left == visible) | (left == 0)).all()
        assert 0.2 < left.sum() / visible.sum() < 0.95

    def test_keypoints_are_as_far_off_and_as_sure_as_in_the_measured_pictures(
        self, people: np.ndarray, rng: np.random.Generator
    ) -> None:
        distances = np.where(np.arange(16) == WRIST, 0.5, 0.0)[None]
        scores = np.where(np.arange(16) == WRIST, 0.3, 0.8)[None]
        errors = DetectorErrors(distances, scores, np.zeros((1, 2), bool), NOBODYS)
        found, visible = detections.detect(people, errors, rng, threshold=0.2)
        off = np.linalg.norm(found - people, axis=2) / detections.torso_size(people)[:, None]
        sides = off[:, [WRIST, MPII16.flip[WRIST]]]
        assert sides.max(axis=1) == pytest.approx(0.5)  # the one or the other
        assert 0.3 < (sides[:, 0] > 0).mean() < 0.7
        assert visible[off > 0.1] == pytest.approx(0.65)
        assert visible[off < 0.1] == pytest.approx(0.9)
        assert (detections.detect(people, errors, rng, 0.4)[1] > 0).sum(axis=1).max() == 15

    def test_what_was_swapped_in_the_picture_is_swapped(
        self, people: np.ndarray, rng: np.random.Generator
    ) -> None:
        errors = DetectorErrors(
            np.zeros((1, 16)), np.ones((1, 16)), np.array([[False, True]]), NOBODYS
        )
        found, _ = detections.detect(people, errors, rng, 0.2)
        legs, arms = detections.LIMBS["legs"], detections.LIMBS["arms"]
        assert found[:, legs] == pytest.approx(people[:, MPII16.flip[legs]])
        assert found[:, arms] == pytest.approx(people[:, arms])

    def test_measuring_a_detector_gives_back_what_it_does(
        self, people: np.ndarray, rng: np.random.Generator
    ) -> None:
        true = detections.shipped_errors()
        found, visible = detections.detect(people, true, rng, 0.0)
        measured = compare(found, 2 * visible - 1, people)
        assert measured.swapped.mean(axis=0) == pytest.approx(true.swapped.mean(axis=0), abs=0.1)
        assert np.median(measured.distances) == pytest.approx(np.median(true.distances), abs=0.02)
        assert measured.scores.mean() == pytest.approx(true.scores.mean(), abs=0.05)

    def test_the_table_tells_joints_swaps_and_what_scores_are_worth(self) -> None:
        distances, scores = np.zeros((2, 16)), np.full((2, 16), 0.9)
        distances[0, WRIST], scores[0, WRIST] = 0.5, 0.1
        swapped, names = np.array([[True, False]] * 2), NOBODYS.repeat(2)
        lines = table(DetectorErrors(distances, scores, swapped, names)).splitlines()
        assert "| wrist | 75 | 25 | 0 | 100 |" in lines
        assert "arms swapped: 100%" in lines
        assert "wrong at scores from 0.0: 100%" in lines

    def test_a_lifter_is_no_detector(self, capsys: pytest.CaptureFixture[str]) -> None:
        for path, said in (
            (MODELS / "martinez", "is a lifter"),
            (MODELS / "none", "No checkpoint"),
        ):
            arguments = Namespace(models=[path], data=[])
            assert answer(partial(run, arguments)) == 2
            assert said in capsys.readouterr().err

    def test_pictures_to_train_on_and_to_measure_with_are_others(self) -> None:
        errors = detections.shipped_errors()
        one, other = errors.half(0), errors.half(1)
        assert len(one.scores) + len(other.scores) == len(errors.scores) > 100
        assert not (one.distances[:50, None] == other.distances[None, :50]).all(axis=2).any()

    def test_the_best_backbone_is_wrong_less_often(self) -> None:
        errors = detections.shipped_errors()
        default, best = errors.of(detections.DEFAULT), errors.of(detections.BEST)
        assert len(default.scores) + len(best.scores) == len(errors.scores)
        assert (best.distances > 0.2).mean() < (default.distances > 0.2).mean()


class TestNetwork:
    def test_parameters_and_names_are_those_of_the_public_implementation(self) -> None:
        network = Martinez()
        assert sum(p.numel() for p in network.parameters()) == 4_291_632
        names = {name.rsplit(".", 1)[0] for name in network.state_dict()}
        stages = {
            f"linear_stages.{i}.{layer}"
            for i in range(2)
            for layer in ("w1", "batch_norm1", "w2", "batch_norm2")
        }
        assert names == {"w1", "batch_norm1", "w2"} | stages
        assert len(network.state_dict()) == 37

    def test_max_norm_holds_and_baking_it_changes_nothing(self) -> None:
        network, x = Martinez(width=64).eval(), torch.randn(5, 32)
        before = network(x)
        assert network.w1.weight.norm() > 1
        network.bake()
        assert torch.allclose(network(x), before, atol=1e-6)
        assert all(p.norm() <= 1.0001 for p in network.parameters() if p.ndim == 2)

    def test_unseen_joints_have_no_influence(self, lifter: Lifter) -> None:
        keypoints, visible = torch.rand(4, 16, 2) * 400, (torch.rand(4, 16) > 0.4).float()
        garbage = torch.where(visible[..., None] > 0.5, keypoints, torch.nan)
        assert torch.equal(lifter(keypoints, visible), lifter(garbage, visible))

    def test_scores_count_as_seen_above_a_half(self, lifter: Lifter) -> None:
        keypoints, scores = torch.rand(4, 16, 2) * 400, torch.rand(4, 16)
        assert torch.equal(lifter(keypoints, scores), lifter(keypoints, (scores > 0.5).float()))

    def test_one_that_weighs_heeds_how_sure_a_keypoint_is(self, lifter: Lifter) -> None:
        weighing = Lifter(lifter.network, weighs=True).eval()
        keypoints, sure, unsure = torch.rand(1, 16, 2) * 400, torch.ones(1, 16), torch.ones(1, 16)
        unsure[0, 3] = 0.6
        assert torch.equal(weighing(keypoints, sure), lifter(keypoints, sure))
        assert torch.equal(lifter(keypoints, unsure), lifter(keypoints, sure))
        assert not torch.allclose(weighing(keypoints, unsure), weighing(keypoints, sure), 1e-2)

    def test_place_and_size_in_the_picture_do_not_matter(self, lifter: Lifter) -> None:
        keypoints, visible = torch.rand(4, 16, 2) * 400, (torch.rand(4, 16) > 0.4).float()
        moved = keypoints * 3.5 + torch.tensor([1000.0, -200.0])
        assert torch.allclose(lifter(moved, visible), lifter(keypoints, visible), atol=1e-3)

    def test_mirrored_person_comes_out_mirrored(self, lifter: Lifter) -> None:
        keypoints, visible = torch.rand(4, 16, 2) * 400, (torch.rand(4, 16) > 0.4).float()
        other = lifter(mirror(keypoints)[:, MIRRORED], visible[:, MIRRORED])
        assert torch.allclose(mirror(other)[:, H36M17.flip], lifter(keypoints, visible), atol=1e-4)

    @pytest.mark.parametrize("count", [0, 1])
    def test_nearly_nothing_seen_is_still_finite(self, lifter: Lifter, count: int) -> None:
        visible = torch.zeros(1, 16)
        visible[:, :count] = 1
        joints = lifter(torch.rand(1, 16, 2) * 400, visible)
        assert joints.shape == (1, 17, 3)
        assert joints.isfinite().all()
        assert not joints[:, 0].any()  # the pelvis is the origin

    def test_learns_a_handful_of_views(
        self, standing: np.ndarray, rng: np.random.Generator
    ) -> None:
        torch.manual_seed(0)
        lifter = Lifter(Martinez(width=128, dropout=0, max_norm=False, visibility=True))
        standardise_any_camera(lifter, standing)
        learner = AnyCameraLearner(martinez(), lifter, standing)
        keypoints, visible, joints = map(torch.from_numpy, training_batch(standing, rng, 32))
        optimiser = torch.optim.Adam(lifter.parameters(), 3e-3)
        losses = []
        for _ in range(100):
            loss = learner.loss((keypoints, visible, joints))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            losses.append(float(loss.detach()))
        assert losses[-1] < losses[0] / 8


class TestFigures:
    def test_moved_scaled_and_turned_copy_is_perfect_to_p2_only(
        self, rng: np.random.Generator
    ) -> None:
        truth = rng.normal(0, 300, (3, 17, 3))
        turn = look_at(np.array([1.0, 2, 3]), np.zeros(3), roll=20)
        copy = 1.3 * truth @ turn + [10, 20, 30]
        assert procrustes_mpjpe(copy, truth).max() < 1e-6
        assert mpjpe(copy, truth).mean() > 100

    def test_p1_ignores_a_shift_and_p2_no_reflection(self, rng: np.random.Generator) -> None:
        truth = rng.normal(0, 300, (3, 17, 3))
        assert mpjpe(truth + 50, truth).max() < 1e-9
        assert procrustes_mpjpe(truth * [-1, 1, 1], truth).mean() > 50

    def test_p1_is_the_mean_over_all_joints(self) -> None:
        truth = np.zeros((1, 17, 3))
        found = truth.copy()
        found[0, 5] = [3, 0, 4]
        assert mpjpe(found, truth).mean() == pytest.approx(5 / 17)


@pytest.mark.skipif(not SHIPPED, reason=f"no shipped lifter in {MODELS}")
@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda path: path.name)
class TestShipped:
    """What is in assets/, as the engine reads it."""

    def joints(self, shipped: Path, keypoints: np.ndarray, seen: np.ndarray) -> np.ndarray:
        """(N, 17, 3) mm from MPII-16 keypoints."""
        spec = load_spec(shipped)
        with closing(open_runtime(spec, "onnxruntime")) as runtime:
            lift = lift_in(runtime, spec.window)
            return lift(*lifter_inputs(keypoints, seen), nothing_told(len(seen)))["joints"]

    def test_folder_describes_itself(self, shipped: Path) -> None:
        spec = load_spec(shipped)
        spec.verify()
        assert (spec.task, spec.skeleton, spec.keypoints) == ("lift3d", H36M17, INPUTS)

    @pytest.mark.parametrize("lost", ["nothing", "legs", "hips and legs"])
    def test_upright_person_comes_out_upright(
        self, shipped: Path, people: np.ndarray, lost: str
    ) -> None:
        seen = np.broadcast_to(~detections.missing(lost), people.shape[:2])
        joints = self.joints(shipped, people, seen)
        assert (joint(joints, "head_top")[:, 1] < -400).mean() > 0.95
        for side in ("left", "right"):
            assert (joint(joints, f"{side}_ankle")[:, 1] > 400).mean() > 0.95

    def test_standing_person_is_found_to_a_few_centimetres(
        self, shipped: Path, standing: np.ndarray, rng: np.random.Generator
    ) -> None:
        views = cameras.sample_views(standing.repeat(200, axis=0), rng, close_ups=0.0)
        keypoints, _ = cameras.as_mpii16(views)
        joints = self.joints(shipped, keypoints, np.ones(keypoints.shape[:2], bool))
        assert mpjpe(joints, views.joints).mean() < 70
