"""Official checkpoints become model folders with the publisher's heatmaps; nothing else does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from engine.estimator import EstimatorSettings, PoseEstimator
from engine.keypoints.backbone import Backbone
from engine.models.model_spec import MODELS, load_spec
from engine.models.published import PUBLISHED
from engine.people.finder import Finder
from engine.runtimes import open_runtime
from engine.skeleton import COCO17, H36M17, MPII16
from engine.space.lifter import Lifter, View
from engine.types import Frame, Pose2D
from tests.engine.people.test_finder import SPEC, Blobs
from tests.training.official import (
    Bearpaw,
    Princeton,
    old_file,
    prefixed,
    small_hrnet,
    trained,
    write_old,
)
from training.checkpoints.hourglass import BEARPAW, PRINCETON
from training.checkpoints.recognise import fill, recognise
from training.checkpoints.safe import CheckpointError
from training.import_checkpoint import import_checkpoint
from training.models.hourglass import StackedHourglass
from training.models.hrnet import HRNet
from training.models.martinez import Martinez
from training.models.simple_baseline import SimpleBaseline

MEAN, STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
MPII_MEAN = np.array([0.4404, 0.4440, 0.4327])
Statistics = dict[str, Any]  # name → array
SCORE = np.float64(0.874)  # as the training scripts keep it: a numpy scalar


@pytest.fixture(autouse=True)
def reproducible() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)


def picture(height: int, width: int, count: int = 1) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, height, width, 3), np.uint8)


def reference(network: nn.Module, pixels: np.ndarray) -> np.ndarray:
    """Heatmaps (N, K, H/4, W/4) of the publisher's network from (N, H, W, 3) as it wants them."""
    with torch.inference_mode():
        heatmaps = network(torch.from_numpy(pixels.astype(np.float32)).permute(0, 3, 1, 2))
    return np.asarray(heatmaps[:, -1] if isinstance(heatmaps, Tensor) else heatmaps[-1])


def assert_reproduces(folder: Path, image: np.ndarray, expected: np.ndarray) -> None:
    """To 2e-3 of the heatmaps' range."""
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    heatmaps = session.run(["heatmaps"], {"image": image})[0]
    assert heatmaps.shape == expected.shape
    assert np.abs(heatmaps - expected).max() <= 2e-3 * np.ptp(expected)


class TestHourglass:
    @pytest.mark.parametrize(("stacks", "count"), [(2, 8_429_088), (8, 32_819_328)])
    def test_princeton_files_are_as_large_as_published(self, stacks: int, count: int) -> None:
        with torch.device("meta"):
            assert sum(p.numel() for p in Princeton(stacks).parameters()) == count

    @pytest.mark.parametrize("stacks", [1, 2, 8])
    @pytest.mark.parametrize("layout", [PRINCETON, BEARPAW], ids=["princeton", "bearpaw"])
    def test_every_parameter_finds_its_place(self, layout: object, stacks: int) -> None:
        official = (Princeton if layout is PRINCETON else Bearpaw)(stacks)
        found, state = recognise(official.state_dict(), f"hourglass_{stacks}", Path("file"))
        assert found is layout
        ours = fill(StackedHourglass(stacks, **found.options), state, Path("file"))  # type: ignore[arg-type]
        used = {id(p) for p in state.values()}
        assert len(used) == len(ours.state_dict())
        x = torch.rand(1, 3, 64, 64)
        with torch.inference_mode():
            answer = official.eval()(x)
            theirs = list(answer.unbind(1) if layout is PRINCETON else answer)
            torch.testing.assert_close(ours.eval()(x), theirs, rtol=1e-3, atol=1e-4)

    def test_princeton(self, tmp_path: Path) -> None:
        network = trained(Princeton(1))
        content = {
            "state_dict": prefixed("model.module.", network.state_dict()),
            "optimizer": torch.optim.Adam(network.parameters()).state_dict(),
            "epoch": 12,
        }
        torch.save(content, tmp_path / "checkpoint.pt")
        import_checkpoint(
            "hourglass_1", tmp_path / "checkpoint.pt", tmp_path / "hg", input_size=(64, 128)
        )
        image = picture(64, 128, count=3)
        assert_reproduces(tmp_path / "hg", image, reference(network, image / 255))
        narrow = StackedHourglass(1, wide_stem=False)
        assert load_spec(tmp_path / "hg").params == sum(p.numel() for p in narrow.parameters())

    def test_bearpaw(self, tmp_path: Path) -> None:
        network = trained(Bearpaw(1))
        content = {
            "epoch": 3,
            "arch": "hg",
            "state_dict": prefixed("module.", old_file(network.state_dict())),
            "best_acc": SCORE,
            "optimizer": torch.optim.RMSprop(network.parameters()).state_dict(),
        }
        file = write_old(content, tmp_path / "model_best.pth.tar")
        import_checkpoint("hourglass_1", file, tmp_path / "hg", input_size=(64, 64))
        image = picture(64, 64)
        assert_reproduces(tmp_path / "hg", image, reference(network, image / 255 - MPII_MEAN))

    def test_anibali_is_a_bare_dict_and_its_figure_is_passed_on(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        facts: dict[str, Any] = {}
        monkeypatch.setattr(
            "training.import_checkpoint.write_model_folder",
            lambda *given, **_: facts.update(given[-1]),
        )
        file = write_old(Bearpaw(2).state_dict(), tmp_path / "bearpaw_hg2-15e342d9.pth")
        import_checkpoint("hourglass_2", file, tmp_path / "hg")
        assert facts["input_size"] == (256, 256)
        assert facts["metrics"]["stated by the publisher"] == "PCKh@0.5 87.33 on MPII val"
        assert facts["licence"].startswith("GPL-3.0")
        assert facts["params"] == 6_730_912


@dataclass(frozen=True)
class Imported:
    network: nn.Module
    folder: Path


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """A small HRNet for 64x64 pictures, from a file with leftovers of the ImageNet classifier."""
    place = tmp_path_factory.mktemp("imported")
    network = trained(small_hrnet())
    nn.init.ones_(network.final_layer.bias)  # type: ignore[arg-type, union-attr]
    leftovers = {
        "incre_modules.0.0.conv1.weight": torch.zeros(32, 18, 1, 1),
        "downsamp_modules.0.0.bias": torch.zeros(256),
        "final_layer.0.weight": torch.zeros(2048, 1024, 1, 1),
        "classifier.weight": torch.zeros(1000, 2048),
    }
    torch.save(network.state_dict() | leftovers, place / "w18.pth")
    import_checkpoint("hrnet_w18_small", place / "w18.pth", place / "w18", input_size=(64, 64))
    return Imported(network, place / "w18")


class TestHRNet:
    @pytest.mark.parametrize(("keypoints", "size"), [(17, (256, 192)), (16, (256, 256))])
    def test_the_input_size_is_the_published_one(
        self, tmp_path: Path, keypoints: int, size: tuple[int, int]
    ) -> None:
        network = trained(small_hrnet(keypoints))
        file = write_old(network.state_dict(), tmp_path / f"pose_{size[0]}x{size[1]}.pth")
        import_checkpoint("hrnet_w18_small", file, tmp_path / "hrnet")
        image = picture(*size)
        assert_reproduces(tmp_path / "hrnet", image, reference(network, (image / 255 - MEAN) / STD))
        spec = load_spec(tmp_path / "hrnet")
        assert (spec.input_size, len(spec.skeleton)) == (size, keypoints)

    def test_w48_is_told_by_its_width(self) -> None:
        with torch.device("meta"):
            state = HRNet(48, 16).state_dict()
        _, ours = recognise(state, "hrnet_w48", Path("file"))
        assert ours == state

    def test_leftovers_of_the_imagenet_classifier_do_no_harm(self, imported: Imported) -> None:
        image = picture(64, 64)
        expected = reference(imported.network, (image / 255 - MEAN) / STD)
        assert_reproduces(imported.folder, image, expected)

    def test_weights_stay_as_they_are(self, imported: Imported) -> None:
        """As fp32: an fp16 copy would lose what an official figure was measured with."""
        graph = onnx.load(imported.folder / "model.onnx").graph
        assert onnx.TensorProto.FLOAT16 not in {tensor.data_type for tensor in graph.initializer}


class TestSimpleBaseline:
    def test_training_checkpoint_of_bgr_pictures(self, tmp_path: Path) -> None:
        network = trained(SimpleBaseline(18, 17))
        state = old_file(network.state_dict())
        content = {
            "epoch": 140,
            "model": "pose_resnet",
            "state_dict": prefixed("module.", state),
            "best_state_dict": state,
            "perf": SCORE,
            "optimizer": {},
        }
        file = write_old(content, tmp_path / "pose_resnet_18_256x192.pth.tar")
        import_checkpoint("simple_baseline_r18", file, tmp_path / "sb", input_size=(64, 64))
        image = picture(64, 64)
        bgr = (image[..., ::-1] / 255 - MEAN) / STD
        assert_reproduces(tmp_path / "sb", image, reference(network, bgr))


class TestMartinez:
    @pytest.fixture
    def files(self, tmp_path: Path) -> tuple[Martinez, Statistics, Path]:
        """A network in weigq's container, its statistics, and ``stats.npz`` beside it."""
        network = Martinez(max_norm=False)
        content = {
            "epoch": 200,
            "lr": 1e-3,
            "step": 4,
            "err": np.float64(43.5),
            "state_dict": network.state_dict(),
            "optimizer": torch.optim.Adam(network.parameters()).state_dict(),
        }
        write_old(content, tmp_path / "gt_ckpt_best.pth.tar")
        rng = np.random.default_rng(0)
        stats: Statistics = {
            "mean_2d": rng.uniform(400, 600, 32),
            "std_2d": rng.uniform(50, 100, 32),
            "mean_3d": rng.normal(0, 50, 48),
            "std_3d": rng.uniform(50, 300, 48),
        }
        np.savez(tmp_path / "stats.npz", **stats)
        return network.eval(), stats, tmp_path / "gt_ckpt_best.pth.tar"

    def test_pixels_to_millimetres_as_the_publisher(
        self, files: tuple[Martinez, Statistics, Path], tmp_path: Path
    ) -> None:
        network, stats, file = files
        import_checkpoint("martinez", file, tmp_path / "lifter", tmp_path / "stats.npz")
        keypoints = np.random.default_rng(1).uniform(300, 700, (3, 16, 2)).astype(np.float32)
        standard = (keypoints.reshape(3, 32) - stats["mean_2d"]) / stats["std_2d"]
        with torch.inference_mode():
            outputs = network(torch.from_numpy(standard.astype(np.float32))).numpy()
        expected = (outputs * stats["std_3d"] + stats["mean_3d"]).reshape(3, 16, 3)
        session = onnxruntime.InferenceSession(tmp_path / "lifter" / "model.onnx")
        assert [port.name for port in session.get_inputs()] == ["keypoints"]
        joints = session.run(["joints"], {"keypoints": keypoints})[0]
        assert not joints[:, 0].any()
        np.testing.assert_allclose(joints[:, 1:], expected, atol=0.1)
        spec = load_spec(tmp_path / "lifter")
        assert (spec.skeleton, spec.params, spec.feeds) == (H36M17, 4_291_632, {})
        assert "43.5" in spec.metrics["stated by the publisher"]

    def test_one_trained_on_detections_is_fed_as_it_was_trained(
        self, files: tuple[Martinez, Statistics, Path], tmp_path: Path
    ) -> None:
        stats = tmp_path / "stats.npz"
        import_checkpoint("martinez", files[2], tmp_path / "plain", stats)
        import_checkpoint("martinez", files[2], tmp_path / "sh", stats, detected=True)
        points = np.random.default_rng(2).uniform(300, 700, (16, 2)).astype(np.float32)
        moved = points.copy()
        moved[MPII16.index("upper_neck")] += 50  # an input only of the one that was fed with it
        differ = []
        for name in ("plain", "sh"):
            spec = load_spec(tmp_path / name)
            lifter = Lifter(spec, open_runtime(spec, "onnxruntime"))
            poses = [Pose2D(p, np.ones(16, np.float32), MPII16) for p in (points, moved)]
            a, b = (lifter.lift(pose, 0.2, View.guessed(1000, 1000)) for pose in poses)
            assert a
            assert b
            differ.append(bool((a.keypoints != b.keypoints).any()))
            lifter.close()
        assert differ == [False, True]

    @pytest.mark.parametrize(
        "change",
        [{"std_2d": np.zeros(32)}, {"mean_3d": np.ones(51)}, {"mean_2d": np.full(32, np.nan)}],
    )
    def test_statistics_that_make_no_sense_are_refused(
        self,
        files: tuple[Martinez, Statistics, Path],
        tmp_path: Path,
        change: Statistics,
    ) -> None:
        np.savez(tmp_path / "stats.npz", **(files[1] | change))
        with pytest.raises(CheckpointError, match=r"stats\.npz"):
            import_checkpoint("martinez", files[2], tmp_path / "lifter", tmp_path / "stats.npz")
        assert not (tmp_path / "lifter").exists()


def test_every_published_file_has_the_inputsize_in_its_name_or_the_usual_one() -> None:
    from training.import_checkpoint import size_in
    from training.models import INPUT_SIZES

    for entry in PUBLISHED:
        if entry.network != "martinez":
            assert (size_in(entry.file) or INPUT_SIZES[entry.skeleton]) == entry.input_size
    assert size_in("res50_256x192_d256x3_adam_lr1e-3.pth") == (256, 192)


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_an_imported_coco_network_works_in_the_app(runtime: str, imported: Imported) -> None:
    """COCO-17 from frame to joints in space, through the shipped lifter."""
    specs = [load_spec(imported.folder), load_spec(MODELS / "martinez")]
    backbone, lifter = (open_runtime(spec, runtime) for spec in specs)
    estimator = PoseEstimator(
        Backbone(specs[0], backbone),
        Lifter(specs[1], lifter),
        Finder(SPEC, Blobs()),
        EstimatorSettings(threshold=0.0),
    )
    for index in range(10):
        result = estimator.estimate(Frame(picture(240, 320)[0], index, index / 10))
    estimator.close()
    person = result.subject
    assert person is not None
    assert person.pose2d.skeleton is COCO17
    assert person.pose2d.keypoints.shape == (17, 2)
    assert person.pose3d is not None
    assert person.pose3d.keypoints.shape == (17, 3)
    assert np.isfinite(person.pose3d.keypoints).all()
