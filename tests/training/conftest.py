"""Fixtures that several of the training tests use."""

from __future__ import annotations

import pytest

from tests.conftest import SHARED
from training.synthetic.body import Template, load_template


@pytest.fixture(scope="module")
def template() -> Template:
    if not SHARED.is_dir():
        pytest.skip("needs the human mesh of the shared data beside the project")
    return load_template(SHARED / "human_mesh")
