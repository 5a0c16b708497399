"""Whatever stands in the files of a session or of a model, it is read or refused in one line.

Valid files are edited: bytes changed, cut off, inserted; values of JSON replaced by any others;
arrays by any others. As many inputs as the profile in tests/conftest.py says.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.model_spec import MODELS, ModelError, find_models, load_spec
from engine.session.finish import recover, unfinished_sessions
from engine.session.journal import JOURNAL, SessionError
from engine.session.pose_arrays import ARRAYS, NAMES, PEOPLE
from engine.session.recording import (
    POSES,
    SESSION,
    load_document,
    load_recording,
    poses_path,
    result_names,
)
from engine.session.replay import Replay
from engine.session.whole_files import set_notes, write_document
from tests.engine.session.takes import leave_journal, make_scene, nobody, record

Edit = Callable[[bytes], bytes]

SCENES = [*(make_scene(i, *range(i), subject=1) for i in (1, 2, 3)), nobody(4)]

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, -1, 2**63, 10**400])
    | st.floats()
    | st.text(st.characters(codec=None, categories=None), max_size=8)
    | st.sampled_from(["\n", "../..", "mpii16", "coco17", "pose2d", "lift3d", "1", "NaN"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@st.composite
def edited_bytes(draw: st.DrawFn) -> Edit:
    """Cuts, overwrites or inserts, at up to four places."""
    places = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40))
    edits = draw(st.lists(places, min_size=1, max_size=4))
    keep = draw(st.just(1.0) | st.floats(0, 1))

    def edit(data: bytes) -> bytes:
        for place, removed, added in edits:
            at = int(place * len(data))
            data = data[:at] + added + data[at + removed :]
        return data[: int(keep * len(data))]

    return edit


@st.composite
def edited_json(draw: st.DrawFn) -> Edit:
    """In some lines, values at some depth are replaced, or their keys are gone."""
    share = st.floats(0, 1)
    place = st.tuples(share, st.lists(share, min_size=1, max_size=5))
    edits = draw(st.lists(st.tuples(place, st.just(GONE) | JSON), min_size=1, max_size=4))

    def edit(data: bytes) -> bytes:
        try:
            lines = [json.loads(data)]
        except ValueError:
            lines = [json.loads(line) for line in data.splitlines()]
        for (which, path), value in edits:
            _replace(lines[int(which * (len(lines) - 1))], path, value)
        return b"".join(json.dumps(line).encode() + b"\n" for line in lines)

    return edit


GONE = object()


def _replace(inside: Any, path: list[float], value: Any) -> None:
    """path: at each depth, how far along the keys."""
    for step in path:
        keys = list(inside if isinstance(inside, dict) else range(len(inside)))
        if not keys:
            return
        holder, key = inside, keys[int(step * (len(keys) - 1))]
        inside = holder[key]
        if not isinstance(inside, dict | list):
            break
    if value is not GONE:
        holder[key] = value
    else:
        del holder[key]


class Trap:
    """Fails the test when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        return sprung, ()


def sprung() -> None:
    pytest.fail("loading executed something")


def _arrays() -> st.SearchStrategy[np.ndarray]:
    shapes = st.lists(st.integers(0, 17), max_size=3).map(tuple)
    dtypes = st.sampled_from(["f4", "f8", "f2", "c8", "i8", "u1", "?", "U3", "S3", "M8[s]", "V4"])
    plain = st.builds(lambda shape, dtype: np.zeros(shape, dtype), shapes, dtypes)
    trapped = st.just(np.array([Trap()], dtype=object))
    odd = st.floats(width=32).map(lambda value: np.full((4, 16, 2), value, np.float32))
    times = st.lists(st.floats(), min_size=4, max_size=4).map(np.array)
    ids = st.lists(st.integers(-(2**63), 2**63 - 1), min_size=3, max_size=3).map(np.array)
    return plain | trapped | odd | times | ids


@st.composite
def edited_arrays(draw: st.DrawFn) -> Edit:
    """Some arrays of an npz replaced or missing."""
    names = st.sampled_from([*ARRAYS, *PEOPLE, *NAMES])
    changes = draw(st.dictionaries(names, _arrays(), min_size=1, max_size=2))
    missing = draw(st.none() | names)

    def edit(data: bytes) -> bytes:
        with np.load(io.BytesIO(data)) as archive:
            arrays = dict(archive) | changes
        arrays.pop(missing or "", None)
        np.savez(file := io.BytesIO(), **arrays)
        return file.getvalue()

    return edit


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished session of two people without video, with the result of another backbone."""
    folder = tmp_path_factory.mktemp("fuzz") / "take"
    record(folder, *SCENES, rate=30.0, threshold=0.2)
    shutil.copy(folder / POSES, poses_path(folder, "other"))
    document = load_document(folder)
    write_document(folder, document | {"results": {"other": {"skeleton": "mpii16", "about": {}}}})
    return folder


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz") / "crashed"
    leave_journal(folder, *SCENES)
    return folder


@contextmanager
def copied(folder: Path, name: str, edit: Edit) -> Iterator[Path]:
    """A copy of a folder in which one file is edited."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(shutil.copytree(folder, Path(place) / "copy"))
        (copy / name).write_bytes(edit((folder / name).read_bytes()))
        yield copy


def look_through(folder: Path) -> None:
    """All that the window reads of a session; only SessionError may come of it, in one line."""
    try:
        for name in (None, *result_names(load_recording(folder).session)):
            replay = Replay(folder, name)
            for t in range(len(replay)):
                replay.frame(replay.index_at(replay.time_of(t)))
            assert len(replay.angles) == len(replay)
            assert replay.markers
        set_notes(folder, "read")
    except SessionError as error:
        check_message(error)


def check_message(error: Exception) -> None:
    message = str(error)
    assert len(message.splitlines()) == 1
    assert message.isprintable()
    assert len(message) < 1000


@given(edit=edited_bytes() | edited_json())
def test_any_journal_is_recovered_or_refused(crashed: Path, edit: Edit) -> None:
    with copied(crashed, JOURNAL, edit) as folder:
        assert unfinished_sessions(folder.parent) == [folder]
        before = (folder / JOURNAL).read_bytes()
        try:
            recover(folder)
        except SessionError as error:
            check_message(error)
            assert (folder / JOURNAL).read_bytes() == before
        else:
            look_through(folder)


@given(edit=edited_bytes() | edited_json())
def test_any_session_document_is_read_or_refused(take: Path, edit: Edit) -> None:
    with copied(take, SESSION, edit) as folder:
        look_through(folder)


@given(edit=edited_bytes() | edited_arrays())
def test_any_poses_are_read_or_refused(take: Path, edit: Edit) -> None:
    with copied(take, POSES, edit) as folder:
        look_through(folder)


@given(
    edit=edited_bytes() | edited_json(), model=st.sampled_from(["hourglass_1_small", "martinez"])
)
def test_any_model_description_is_read_or_refused(edit: Edit, model: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "model"
        folder.mkdir()
        (folder / "model.json").write_bytes(edit((MODELS / model / "model.json").read_bytes()))
        try:
            spec = load_spec(folder)
        except ModelError as error:
            check_message(error)
            assert not find_models("pose2d", Path(place)) | find_models("lift3d", Path(place))
        else:
            assert 0 < min(spec.input_size) <= max(spec.input_size) < 10_000
            assert 0 < spec.box_padding < 10
            assert find_models(spec.task, Path(place)) == {spec.name: spec}
