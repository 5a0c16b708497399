"""Pickles that hold plain data only: arrays, numbers, text, lists, tuples and dicts.

Some data sets are published as pickles, and a pickle may run any code when it is opened. Here one
is refused as soon as it asks for anything but what rebuilds a numpy array. Knows no data set.
"""

from __future__ import annotations

import codecs
import pickle
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

# What numpy's own arrays ask for, under the names of numpy 1 and 2.
_ARRAY = np.zeros(1)
_NUMPY = {
    "multiarray._reconstruct": _ARRAY.__reduce__()[0],
    "multiarray.scalar": _ARRAY[0].__reduce__()[0],
    "numeric._frombuffer": _ARRAY.__reduce_ex__(5)[0],
}
_REBUILDS: dict[str, Any] = {
    f"numpy.{core}.{name}": rebuild
    for core in ("core", "_core")
    for name, rebuild in _NUMPY.items()
} | {
    "numpy.ndarray": np.ndarray,
    "numpy.dtype": np.dtype,
    "_codecs.encode": codecs.encode,  # bytes, as Python 2 wrote them
}


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" not in _REBUILDS:
            raise ValueError(f"it asks for {module}.{name}, which plain data does not need")
        return _REBUILDS[f"{module}.{name}"]


def load_pickle(path: Path) -> Any:
    """The object in a pickle file. Raises ValueError where it is not plain data."""
    with path.open("rb") as file:
        return _load(file, path)


def load_npz_object(path: Path, key: str) -> Any:
    """The Python object that ``np.savez(path, key=object)`` stored.

    Raises ValueError where the file is no npz, has no such key, or holds more than plain data.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(f"{key}.npy") as file:
            version = npy.read_magic(file)
            read_header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
            read_header[version](file)
            return _load(file, path).item()
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"{path} is not an npz file with '{key}' in it ({error}).") from None


def _load(file: IO[bytes], path: Path) -> Any:
    try:
        return _PlainUnpickler(file, encoding="latin1").load()
    except (pickle.UnpicklingError, ValueError, EOFError, AttributeError, TypeError) as error:
        raise ValueError(f"{path} was not opened: {error}.") from None
