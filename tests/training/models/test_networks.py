"""The networks of the papers: their sizes, names and shapes, and that each can learn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from engine.keypoints.heatmaps import decode, encode
from tests.training.official import trained
from training.models import IMAGENET, IMAGENET_BGR, NETWORKS, simple_baseline
from training.models.hourglass import StackedHourglass
from training.models.hrnet import HRNet
from training.models.resnet import BasicBlock
from training.models.simple_baseline import DEPTHS, SimpleBaseline


def parameters(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


@pytest.mark.parametrize(
    ("name", "keypoints", "count"),
    [
        ("hourglass_1", 16, 3_586_960),
        ("hourglass_2", 16, 6_730_912),
        ("hourglass_8", 16, 25_594_624),
        ("hrnet_w32", 17, 28_536_113),
        ("hrnet_w32", 16, 28_536_080),
        ("hrnet_w48", 17, 63_595_745),
        ("simple_baseline_r50", 17, 33_999_697),
    ],
)
def test_parameter_counts_are_the_published_ones(name: str, keypoints: int, count: int) -> None:
    with torch.device("meta"):
        assert parameters(NETWORKS[name].build(num_keypoints=keypoints)) == count


@pytest.mark.parametrize(("stacks", "count"), [(2, 6_570_400), (8, 25_434_112)])
def test_the_stem_of_princeton_makes_their_count(stacks: int, count: int) -> None:
    with torch.device("meta"):
        assert parameters(StackedHourglass(stacks, wide_stem=False)) == count


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_gives_heatmaps_at_a_quarter_of_the_input(name: str) -> None:
    with torch.device("meta"):
        heatmaps = NETWORKS[name].build(num_keypoints=17)(torch.zeros(2, 3, 256, 192))
    assert {tuple(maps.shape) for maps in heatmaps} == {(2, 17, 64, 48)}
    assert len(heatmaps) == (int(name.split("_")[1]) if name.startswith("hourglass") else 1)


def test_names_in_hrnet_are_those_of_the_official_files() -> None:
    with torch.device("meta"):
        shapes = {name: tuple(p.shape) for name, p in HRNet(32).state_dict().items()}
    assert len(shapes) == 1754
    official = {
        "conv1.weight": (64, 3, 3, 3),
        "layer1.0.downsample.1.running_var": (256,),
        "transition1.0.0.weight": (32, 256, 3, 3),
        "transition1.1.0.0.weight": (64, 256, 3, 3),
        "transition2.2.0.1.num_batches_tracked": (),
        "transition3.3.0.0.weight": (256, 128, 3, 3),
        "stage2.0.fuse_layers.0.1.0.weight": (32, 64, 1, 1),
        "stage3.3.branches.2.3.conv2.weight": (128, 128, 3, 3),
        "stage4.0.fuse_layers.3.0.1.0.weight": (32, 32, 3, 3),
        "stage4.0.fuse_layers.3.0.2.0.weight": (256, 32, 3, 3),
        "stage4.2.fuse_layers.0.3.1.bias": (32,),
        "final_layer.bias": (17,),
    }
    assert official.items() <= shapes.items()
    gone = ("transition2.0", "transition3.2", "stage4.2.fuse_layers.1", "stage3.0.fuse_layers.1.1")
    assert not any(name.startswith(gone) for name in shapes)


def test_names_in_simple_baseline_are_those_of_the_official_files() -> None:
    with torch.device("meta"):
        shapes = {name: tuple(p.shape) for name, p in SimpleBaseline(50).state_dict().items()}
    assert len(shapes) == 338
    assert sum(not name.endswith("num_batches_tracked") for name in shapes) == 282
    official = {
        "conv1.weight": (64, 3, 7, 7),
        "layer4.0.downsample.0.weight": (2048, 1024, 1, 1),
        "deconv_layers.0.weight": (2048, 256, 4, 4),
        "deconv_layers.7.running_mean": (256,),
        "final_layer.weight": (17, 256, 1, 1),
    }
    assert official.items() <= shapes.items()


def test_fusion_brings_every_resolution_to_every_other() -> None:
    network = HRNet(4, modules=(1, 1, 1), blocks=1)
    trained(network)
    image = torch.rand(1, 3, 64, 64)
    coarsest = network.transition3[3].register_forward_hook(lambda *_: torch.zeros(1, 32, 2, 2))
    changed = network(image)[0]
    coarsest.remove()
    assert (network(image)[0] != changed).any()


def test_bgr_turns_the_channels_around_and_leaves_the_constants() -> None:
    image = torch.randint(0, 256, (1, 2, 2, 3), dtype=torch.uint8)
    torch.testing.assert_close(IMAGENET_BGR(image), IMAGENET(image.flip(-1)))
    red = torch.tensor([[[[255, 0, 0]]]], dtype=torch.uint8)
    assert IMAGENET(red)[0, 0].item() == pytest.approx((1 - 0.485) / 0.229)
    assert IMAGENET_BGR(red)[0, 2].item() == pytest.approx((1 - 0.406) / 0.225)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("build", "rate"),
    [
        (partial(StackedHourglass, 2, features=48, depth=2), 3e-3),
        (partial(HRNet, 16, modules=(1, 1, 1), blocks=1), 3e-3),
        (partial(SimpleBaseline, 10), 1e-3),
    ],
    ids=["hourglass", "hrnet", "simple_baseline"],
)
def test_each_architecture_learns_four_pictures_by_heart(
    build: Callable[..., nn.Module], rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DEPTHS, 10, (BasicBlock, (1, 1, 1, 1)))
    monkeypatch.setattr(simple_baseline, "FILTERS", 64)
    torch.manual_seed(0)
    torch.set_num_threads(1)
    images, keypoints = torch.rand(4, 3, 32, 32), 4 + 24 * torch.rand(4, 16, 2)
    network = build(num_keypoints=16)
    optimiser = torch.optim.Adam(network.parameters(), rate)
    for _ in range(15):
        overfit(network, optimiser, images, keypoints)
        if pck(network, images, keypoints) == 1.0:
            return
    pytest.fail(f"PCK is {pck(network, images, keypoints)} after 150 steps on the same pictures")


def overfit(
    network: nn.Module, optimiser: torch.optim.Optimizer, images: Tensor, keypoints: Tensor
) -> None:
    """Ten steps on one batch, every stack supervised."""
    targets = torch.stack([torch.from_numpy(encode(k.numpy(), (8, 8))) for k in keypoints])
    for _ in range(10):
        heatmaps = network.train()(images)
        loss = torch.stack([(maps - targets).square().sum() for maps in heatmaps]).sum()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()


def pck(network: nn.Module, images: Tensor, keypoints: Tensor) -> float:
    """Share of keypoints found within 3 pixels, a fifth of the torso of who fills 32."""
    with torch.no_grad():
        heatmaps = network.eval()(images)[-1].numpy()
    found = torch.stack([torch.from_numpy(decode(maps)[0]) for maps in heatmaps])
    return float((torch.linalg.vector_norm(found - keypoints, dim=-1) <= 3).float().mean())
