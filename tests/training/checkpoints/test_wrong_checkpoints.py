"""Files that are no official checkpoint of the network asked for are told in one line; nothing in a
file is executed.
"""

from __future__ import annotations

import os
import pickle
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.training.official import small_hrnet, write_old
from training.checkpoints.safe import read_state
from training.import_checkpoint import main
from training.models.hrnet import HRNet
from training.models.simple_baseline import SimpleBaseline


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return os.mkdir, (str(self.folder),)


def write_truncated(path: Path) -> None:
    torch.save(small_hrnet().state_dict(), path)
    path.write_bytes(path.read_bytes()[:100_000])


def write_truncated_old(path: Path) -> None:
    write_old(small_hrnet().state_dict(), path)
    path.write_bytes(path.read_bytes()[:1_000_000])


def write_bomb(path: Path) -> None:
    torch.save({"state_dict": Bomb(path.parent / "sprung")}, path)


def write_bare_bomb(path: Path) -> None:
    path.write_bytes(pickle.dumps(Bomb(path.parent / "sprung"), protocol=2))


def write_part_of_hrnet(path: Path) -> None:
    torch.save(
        {k: v for k, v in small_hrnet().state_dict().items() if not k.startswith("stage3.2")}, path
    )


def write_imagenet(path: Path) -> None:
    weights = {
        k: v for k, v in small_hrnet().state_dict().items() if not k.startswith("final_layer")
    }
    torch.save(weights | {"classifier.weight": torch.zeros(1000, 2048)}, path)


def write_wrong_shape(path: Path) -> None:
    wrong = {"conv2.weight": torch.zeros(64, 64, 1, 1)}
    torch.save(small_hrnet().state_dict() | wrong, path)


def write_fourteen_keypoints(path: Path) -> None:
    torch.save(small_hrnet(14).state_dict(), path)


def write_hourglass52(path: Path) -> None:
    names = ("backbone.stem.0.conv.weight", "backbone.hourglass_modules.0.up1.0.conv1.weight")
    torch.save({"meta": {}, "state_dict": {name: torch.zeros(1) for name in names}}, path)


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "a web page": (lambda p: p.write_text("\n<!DOCTYPE html><html>Quota exceeded"), "web page"),
    "nothing": (lambda p: p.write_bytes(b""), "empty"),
    "text": (lambda p: p.write_text("hello"), "is not a PyTorch checkpoint"),
    "a truncated zip": (write_truncated, "cut off or damaged"),
    "a truncated old file": (write_truncated_old, "cut off or damaged"),
    "a bomb": (write_bomb, r"mkdir.*refused|module posix is blocked.*refused"),
    "a bare bomb": (write_bare_bomb, "refused"),
    "a whole module": (lambda p: torch.save(nn.Linear(2, 2), p), "Linear.*refused"),
    "another width": (
        lambda p: torch.save(HRNet(32, 17, (1, 3, 2), 2).state_dict(), p),
        "looks like hrnet_w32_small; expected hrnet_w18_small",
    ),
    "another architecture": (
        lambda p: torch.save(SimpleBaseline(18).state_dict(), p),
        "looks like simple_baseline_r18; expected hrnet_w18_small",
    ),
    "hourglass52": (write_hourglass52, "mmpose's hourglass52"),
    "a part of it": (write_part_of_hrnet, r"\d+ missing \(stage3\.2"),
    "an ImageNet file": (write_imagenet, "without its last layer"),
    "14 keypoints": (write_fourteen_keypoints, "finds 14 keypoints; expected 16"),
    "a wrong shape": (
        write_wrong_shape,
        r"1 of another shape \(conv2\.weight",
    ),
    "a list": (lambda p: torch.save([1, 2], p), "holds a list"),
    "a run of this project": (
        lambda p: torch.save({"state_dict": {"a": torch.zeros(1)}, "recipe": {}}, p),
        r"this project's training: python -m training\.export",
    ),
    "no weights": (lambda p: torch.save({"epoch": 3}, p), "holds epoch"),
    "unknown weights": (lambda p: torch.save({"a.b": torch.zeros(1)}, p), r"another network.*a\.b"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_file_is_one_line_and_leaves_nothing(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write, says = WRONG[kind]
    file = tmp_path / "file.pth"
    write(file)
    command = ["hrnet_w18_small", str(file), "--out", str(tmp_path / "out")]
    assert main(command) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert str(file) in error
    assert re.search(says, error)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.pth"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["vgg16", "FILE"], "Unknown network 'vgg16'. Known: hourglass_1"),
        (["martinez", "FILE"], "--stats"),
        (["hrnet_w32", "FILE", "--stats", "x.npz"], "--stats and --detected are for martinez"),
        (["hrnet_w18_small", "nothing.pth"], "There is no file nothing.pth"),
        (["hrnet_w18_small", "FILE", "--input-size", "100x64"], "multiples of 32, not 100x64"),
        (["hrnet_w18_small", "FILE", "--out", "."], "is not a model folder"),
    ],
)
def test_a_wrong_request_is_one_line(
    arguments: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save(small_hrnet().state_dict(), "FILE")
    assert main(["--out", "out", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert says in error
    assert [path.name for path in tmp_path.iterdir()] == ["FILE"]


@pytest.mark.parametrize("scalar", [np.float64(1.5), np.float32(1.5), np.int64(3), np.bool_(True)])
def test_numpy_scalars_of_either_numpy_do_no_harm(tmp_path: Path, scalar: np.generic) -> None:
    content = {"err": scalar, "state_dict": {"module.a": torch.ones(1)}}
    torch.save(content, tmp_path / "new.pth")
    write_old(content, tmp_path / "old.pth")
    assert read_state(tmp_path / "new.pth") == read_state(tmp_path / "old.pth") == {"a": 1.0}
