"""Engines kept in the user's cache, one file each: a seal, what is known of it, the plan.

A plan is native code. Only those that this program built for this user are ever loaded: the folder
is the user's alone, and each file is sealed with a key that is kept elsewhere, so one that was cut
off, changed, renamed or copied in counts as missing. Knows no TensorRT and no GPU.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.parity import Parity
from engine.runtimes.tensorrt.place import Place

LARGEST_BATCH = 8
PRECISIONS = ("f16", "f32")  # in the order in which they are tried
SUFFIX = ".engine"
SECRET = 32  # bytes


@dataclass(frozen=True)
class Engine:
    """What is known of one built engine."""

    model: str  # ModelSpec.name
    onnx: str  # sha256 of the model.onnx that it was built from
    precision: str  # f16 or f32
    place: Place  # the only one where it works
    parity: Parity  # against the reference; it may refuse the engine
    built: str  # when: ISO 8601, UTC
    seconds: float  # it took
    size: int  # bytes of the plan

    @property
    def file(self) -> Path:
        return engine_file(self.model, self.onnx, self.place, self.precision)


def engine_key(onnx: str, place: Place, precision: str) -> str:
    """A digest of all that a plan depends on; another value of any is another engine."""
    facts = (onnx, place.tensorrt, place.gpu, place.driver, precision, str(LARGEST_BATCH))
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def engine_file(model: str, onnx: str, place: Place, precision: str) -> Path:
    return cache_folder() / f"{model}-{engine_key(onnx, place, precision)[:32]}{SUFFIX}"


def cache_folder() -> Path:
    """Where engines are kept. Raises RuntimeUnavailableError where others may write."""
    folder = Path(platformdirs.user_cache_dir("sandglass")) / "engines"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name == "posix":
        facts = folder.stat()
        if facts.st_uid != os.getuid():
            raise RuntimeUnavailableError(f"{folder} belongs to another user: delete it.")
        if facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise RuntimeUnavailableError(f"{folder} can be written by others: chmod 700 it.")
    return folder


def partial_file(process: int) -> Path:
    """What a process writes to until it is whole; whoever outlives it deletes this."""
    return cache_folder() / f".{process}.partial"


def store(engine: Engine, plan: bytes) -> None:
    """Keep an engine; one of the same model for the same GPU makes way."""
    facts = json.dumps(asdict(engine)).encode()
    partial = partial_file(os.getpid())
    partial.write_bytes(b"\n".join((_seal(facts, plan), facts, plan)))
    for other, kept in _engines():
        if kept.model == engine.model and kept.place.gpu == engine.place.gpu:
            other.unlink(missing_ok=True)
    partial.replace(engine.file)


def find(model: str, onnx: str, place: Place) -> tuple[Engine, bytes] | None:
    """The engine and plan of a model for this place; None where there is none to be trusted."""
    for precision in PRECISIONS:
        if kept := load(engine_file(model, onnx, place, precision)):
            return kept
    return None


def load(path: Path) -> tuple[Engine, bytes] | None:
    """An engine and its plan; None where there is none that is whole, sealed and in its place."""
    try:
        seal, facts, plan = path.read_bytes().split(b"\n", 2)
    except (FileNotFoundError, ValueError):
        return None
    if not hmac.compare_digest(seal, _seal(facts, plan)):
        return None
    raw = json.loads(facts)
    place, parity = Place(**raw.pop("place")), Parity(**raw.pop("parity"))
    engine = Engine(place=place, parity=parity, **raw)
    return (engine, plan) if engine.file == path else None


def list_engines() -> list[Engine]:
    """All that are whole, for this place or another, by model."""
    return [engine for _, engine in _engines()]


def delete_engines(*models: str) -> list[str]:
    """Delete those of these models, damaged ones too, or with no name all; names what is gone."""
    gone = []
    for path in sorted(cache_folder().glob(f"*{SUFFIX}")):
        model = path.stem.rpartition("-")[0]
        if not models or model in models:
            path.unlink(missing_ok=True)
            gone.append(model)
    return gone


def _engines() -> Iterator[tuple[Path, Engine]]:
    for path in sorted(cache_folder().glob(f"*{SUFFIX}")):
        if kept := load(path):
            yield path, kept[0]


def _seal(facts: bytes, plan: bytes) -> bytes:
    digest = hmac.new(_secret(), facts + b"\n", hashlib.sha256)
    digest.update(plan)
    return digest.hexdigest().encode()


def _secret() -> bytes:
    """The key of this user's seals, made when first asked for; away from what it seals."""
    path = Path(platformdirs.user_data_path("sandglass")) / "engines.key"
    if not path.is_file() or path.stat().st_size != SECRET:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_bytes(secrets.token_bytes(SECRET))
    return path.read_bytes()
