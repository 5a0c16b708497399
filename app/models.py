"""``main.py models``: lists models here and official files, and imports the latter.

Importing a checkpoint needs torch and runs in a process of `training`.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from engine.models.model_spec import TASKS, find_models, user_models
from engine.models.published import PUBLISHED, PUBLISHERS

ROOT = Path(__file__).parents[1]
NEEDED = ("torch", "onnx", "onnxruntime")


def listing() -> str:
    """The models here, one a line; then the official files by publisher."""
    return "\n".join([*_present(), "", *_published()])


def _present() -> Iterator[str]:
    for task in TASKS:
        for spec in find_models(task).values():
            facts = f"{spec.params / 1e6:.2f} M parameters, {spec.gmacs:.3g} GMACs"
            yield f"{spec.name:20} {task:11} {spec.title}: {facts}; {spec.licence}"


def _published() -> Iterator[str]:
    yield "Official files, for: python main.py models import NETWORK FILE (figures are their own)"
    for name, entries in groupby(PUBLISHED, key=lambda entry: entry.publisher):
        publisher = PUBLISHERS[name]
        yield f"{publisher.page} (licence: {publisher.licence}); files: {publisher.files_at}"
        for entry in entries:
            yield f"  {entry.network:20} {entry.file:32} {entry.accuracy}"


def import_model(
    network: str, file: Path, name: str | None = None, options: Sequence[str] = ()
) -> int:
    """An official checkpoint → a model of the user's own; returns the exit code.

    name: the model's, by default the network's; options: as training.import_checkpoint takes them.
    Raises ValueError where that name is taken or the training extra is not installed.
    """
    if not training_is_installed():
        raise ValueError("Importing needs PyTorch: pip install -e '.[training]'.")
    name = name or network
    if Path(name).name != name:
        raise ValueError(f"'{name}' cannot be the name of a model: leave out slashes.")
    folder = user_models() / name
    if folder.exists():
        raise ValueError(f"{folder} is there already: choose another --name, or delete it first.")
    command = [sys.executable, "-m", "training.import_checkpoint", network, str(file.resolve())]
    return subprocess.run([*command, "--out", str(folder), *options], cwd=ROOT).returncode


def training_is_installed() -> bool:
    """Can the commands of `training` run here?"""
    return all(importlib.util.find_spec(module) for module in NEEDED)
