"""Fixtures that several of the training tests use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.conftest import SHARED
from tests.training.dots import hold_out_few, write_dots
from training.synthetic.body import Template, load_template


@pytest.fixture(scope="module")
def template() -> Template:
    if not SHARED.is_dir():
        pytest.skip("needs the human mesh of the shared data beside the project")
    return load_template(SHARED / "human_mesh")


@pytest.fixture(scope="module")
def dots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a data set of dots to train and measure on."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("dots")
    write_dots(folder)
    with pytest.MonkeyPatch.context() as patch:
        hold_out_few(patch)
        yield folder
