"""``main.py models``: what is listed, and an official file that becomes a model of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import main
from engine.models.model_spec import find_models, user_models
from engine.models.published import PUBLISHED, PUBLISHERS


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda _: tmp_path / "user")


def test_the_list_says_where_each_official_file_is_with_its_accuracy_and_licence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["models", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for entry in PUBLISHED:
        (row,) = [line for line in lines if entry.file in line and entry.network in line]
        assert entry.accuracy in row
        publisher = PUBLISHERS[entry.publisher]
        assert any(publisher.page in line and publisher.licence in line for line in lines)
    for name in (*find_models("pose2d"), *find_models("lift3d")):
        assert any(line.startswith(name) for line in lines)


@pytest.mark.slow
def test_an_imported_file_is_a_model_to_choose(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch")
    from training.models.hrnet import HRNet

    network = HRNet(18, 17, modules=(1, 3, 2), blocks=2)
    torch.save(network.state_dict(), tmp_path / "w18.pth")
    monkeypatch.chdir(tmp_path)
    command = ["models", "import", "hrnet_w18_small", "w18.pth", "--input-size", "64x96"]
    assert main([*command, "--name", "mine"]) == 0
    assert find_models("pose2d")["mine"].input_size == (64, 96)
    assert main(["models", "list"]) == 0
    assert "\nmine " in "\n" + capfd.readouterr().out
    assert main([*command, "--name", "mine"]) == 2
    assert "is there already" in capfd.readouterr().err


def test_a_wrong_file_is_one_line_and_leaves_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    page = tmp_path / "pose_hrnet_w32_256x192.pth"
    page.write_text("<html>")
    assert main(["models", "import", "hrnet_w32", str(page)]) == 2
    error = capfd.readouterr().err
    assert error.count("\n") == 1
    assert "web page" in error
    assert not user_models().exists()


def test_without_pytorch_it_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.models.NEEDED", ("no_such_module",))
    assert main(["models", "import", "hrnet_w32", str(tmp_path / "file.pth")]) == 2
    error = capsys.readouterr().err
    assert error == "sandglass: Importing needs PyTorch: pip install -e '.[training]'.\n"


def test_a_name_stays_in_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "import", "hrnet_w32", "file.pth", "--name", "../mine"]) == 2
    assert "leave out slashes" in capsys.readouterr().err
