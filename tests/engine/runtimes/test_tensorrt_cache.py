"""The cache of engines: what is kept is given back; whatever else lies there is never loaded."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from engine.runtimes import RuntimeUnavailableError
from engine.runtimes.tensorrt.cache import (
    cache_folder,
    delete_engines,
    engine_key,
    find,
    list_engines,
    load,
    store,
)
from tests.engine.runtimes.tensorrt_standins import HERE, engine

PLAN = b"plan\nof several\nlines"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(tmp_path / "cache"))
    monkeypatch.setattr("platformdirs.user_data_path", lambda _: tmp_path / "data")
    return tmp_path


def found(model: str = "net") -> bytes | None:
    kept = find(model, "0" * 64, HERE)
    return kept[1] if kept else None


def test_what_is_stored_is_found_again() -> None:
    assert found() is None
    store(engine(), PLAN)
    assert find("net", "0" * 64, HERE) == (engine(), PLAN)
    assert list_engines() == [engine()]


def test_a_key_holds_all_that_a_plan_depends_on() -> None:
    keys = {
        engine_key("a", HERE, "f16"),
        engine_key("b", HERE, "f16"),
        engine_key("a", HERE, "f32"),
        engine_key("a", replace(HERE, tensorrt="tensorrt 10.13.0"), "f16"),
        engine_key("a", replace(HERE, gpu="Other GPU, compute capability 7.5"), "f16"),
        engine_key("a", replace(HERE, driver="CUDA 12.9"), "f16"),
    }
    assert len(keys) == 6


def test_an_engine_of_another_place_is_not_found() -> None:
    store(engine(place=replace(HERE, driver="CUDA 12.9")), PLAN)
    assert found() is None


def test_an_engine_of_another_network_of_that_name_is_not_found() -> None:
    store(engine(onnx="1" * 64), PLAN)
    assert found() is None


@pytest.mark.parametrize("length", [0, 10, 64, 200, -1])
def test_one_that_was_cut_off_is_not_loaded(length: int) -> None:
    store(engine(), PLAN)
    engine().file.write_bytes(engine().file.read_bytes()[:length])
    assert found() is None


@pytest.mark.parametrize("part", ["plan", "Some GPU", "median"])
def test_one_that_was_changed_is_not_loaded(part: str) -> None:
    store(engine(), PLAN)
    path = engine().file
    changed = path.read_bytes().replace(part.encode(), part.upper().encode())
    assert changed != path.read_bytes()
    path.write_bytes(changed)
    assert found() is None
    assert list_engines() == []


def test_one_that_was_renamed_to_be_another_is_not_loaded() -> None:
    store(engine(), PLAN)
    other = engine("other").file
    engine().file.rename(other)
    assert found("other") is None


def test_one_that_another_user_sealed_is_not_loaded(home: Path) -> None:
    store(engine(), PLAN)
    (home / "data" / "engines.key").unlink()
    assert found() is None


def test_an_empty_key_seals_nothing(home: Path) -> None:
    """What a crash between making the key's file and writing it would leave."""
    store(engine(), PLAN)
    key = home / "data" / "engines.key"
    key.write_bytes(b"")
    assert found() is None
    assert key.stat().st_size == 32


def test_folder_and_key_are_the_users_alone(home: Path) -> None:
    store(engine(), PLAN)
    assert stat.S_IMODE(cache_folder().stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "data" / "engines.key").stat().st_mode) == 0o600


def test_a_folder_that_others_can_write_is_not_used() -> None:
    store(engine(), PLAN)
    cache_folder().chmod(0o777)
    with pytest.raises(RuntimeUnavailableError, match="chmod 700"):
        found()


def test_a_new_engine_of_a_model_takes_the_place_of_its_old_one() -> None:
    store(engine(place=replace(HERE, driver="CUDA 12.9")), b"old")
    store(engine("other"), PLAN)
    store(engine(), PLAN)
    assert [e.place.driver for e in list_engines()] == ["CUDA 13.0", "CUDA 13.0"]
    assert not list(cache_folder().glob(".*"))


def test_engines_are_deleted_by_model_damaged_ones_too() -> None:
    for name in ("net", "net-2", "other"):
        store(engine(name), PLAN)
    engine("net-2").file.write_bytes(b"damaged")
    assert delete_engines("net-2") == ["net-2"]
    assert delete_engines() == ["net", "other"]
    assert load(engine().file) is None
    assert delete_engines() == []
