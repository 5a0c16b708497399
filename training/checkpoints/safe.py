"""A checkpoint file → its parameters by name, without executing anything in it.

Knows torch's containers and what people download by mistake; knows no networks.
"""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.serialization import safe_globals

State = dict[str, Tensor]

STATES = ("state_dict", "model_state_dict", "model")  # where training checkpoints keep the weights
PREFIXES = ("model.module.", "module.", "model.")  # what DataParallel and trainers put in front

# Error figures are numpy scalars in old training checkpoints; numpy has moved their module since.
_scalar = np._core.multiarray.scalar  # type: ignore[attr-defined]
NUMBERS: list[Callable[..., Any] | tuple[Callable[..., Any], str]] = [
    (_scalar, "numpy.core.multiarray.scalar"),
    (_scalar, "numpy._core.multiarray.scalar"),
    (np.dtype, "numpy.dtype"),
    *(type(np.dtype(name)) for name in ("f2", "f4", "f8", "i4", "i8", "u1", "?")),
]

BEGINNINGS = (b"PK\x03\x04", b"\x80")  # a zip; a pickle, as files before PyTorch 1.6 are
TENSORFLOW = re.compile(r"\.(index|meta|data-\d+-of-\d+)$")


class CheckpointError(ValueError):
    """A file that cannot be imported; one line says what it looks like and what was expected."""


def read_state(path: Path) -> State:
    """The parameters in a checkpoint file, containers and prefixes taken off.

    A bare state dict or one inside a training checkpoint; zip or the older format. Raises
    CheckpointError for all else.
    """
    content = read_checkpoint(path)
    if not isinstance(content, Mapping):
        raise CheckpointError(f"{path} holds a {type(content).__name__}, not a state dict.")
    if "recipe" in content:
        raise CheckpointError(f"{path} is from this project's training: python -m training.export.")
    for candidate in (content, *(content.get(name) for name in STATES)):
        if isinstance(candidate, Mapping) and _is_state(candidate):
            return without_prefix(dict(candidate))
    held = ", ".join(map(str, list(content)[:5])) or "nothing"
    raise CheckpointError(f"{path} holds {held}: no parameters by name, no {STATES[0]}.")


def read_checkpoint(path: Path) -> Any:
    """What ``torch.save`` put into the file: only tensors, plain containers and numbers."""
    _check_beginning(path)
    try:
        with warnings.catch_warnings(), safe_globals(NUMBERS):
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointError(f"{path} {_refused(str(error))}") from None
    except (RuntimeError, ValueError, EOFError, LookupError, TypeError, MemoryError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:100]
        raise CheckpointError(
            f"{path} is cut off or damaged ({reason}): download it again."
        ) from None


def without_prefix(state: State) -> State:
    """The same parameters without the prefix that all of them share."""
    for prefix in PREFIXES:
        if all(name.startswith(prefix) for name in state):
            return {name.removeprefix(prefix): value for name, value in state.items()}
    return state


def _is_state(content: Mapping[Any, Any]) -> bool:
    named = (isinstance(k, str) and isinstance(v, Tensor) for k, v in content.items())
    return bool(content) and all(named)


def _check_beginning(path: Path) -> None:
    if TENSORFLOW.search(path.name):
        raise CheckpointError(f"{path} is a TensorFlow checkpoint: see training/checkpoints.")
    if not path.is_file():
        raise CheckpointError(f"There is no file {path}.")
    with path.open("rb") as file:
        beginning = file.read(512)
    if not beginning.strip():
        raise CheckpointError(f"{path} is empty: download it again.")
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise CheckpointError(
            f"{path} is a web page, not a checkpoint: open its address in a browser and "
            "save the file that it offers."
        )
    if not beginning.startswith(BEGINNINGS):
        raise CheckpointError(
            f"{path} is not a PyTorch checkpoint: it begins with {beginning[:20]!r}."
        )


def _refused(message: str) -> str:
    """Why torch's restricted unpickler stopped, in one line."""
    named = re.search(r"GLOBAL (\S+)", message)
    if named:
        return (
            f"holds the Python object {named[1]}, not only weights; loading it would run code: "
            "refused."
        )
    return "is not a checkpoint, or a damaged one: download it again."
