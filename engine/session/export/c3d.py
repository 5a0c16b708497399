"""C3D, the markers of biomechanics: Z up, millimetres, residual -1 where nothing was seen."""

from __future__ import annotations

import warnings
from pathlib import Path

import c3d
import numpy as np

from engine.session.export.markers import Markers, standing_markers
from engine.session.export.take import Progress, Take, differs, within

UNITS, X_SCREEN, Y_SCREEN, SOFTWARE = "mm", "+X", "+Z", "Sandglass"
_BLOCK = 512  # bytes; the format counts in them, from 1


def write(take: Take, path: Path, progress: Progress) -> None:
    markers, names = standing_markers(take), take.recording.joint_names
    progress(0.1)
    points = _points(markers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that there are no analog channels
        _write(path, points, markers.rate, names, within(progress, 0.1, 0.9))
        if not _agrees(path, points, markers.rate, names):
            raise differs(path)


def _points(markers: Markers) -> np.ndarray:
    """(N, 17, 4) float32: x, y, z in mm and the residual."""
    missing = np.isnan(markers.points).any(axis=-1, keepdims=True)
    xyz = np.where(missing, 0, markers.points * 1000)
    return np.concatenate([xyz, np.where(missing, -1, 0)], axis=-1).astype(np.float32)


def _write(
    path: Path, points: np.ndarray, rate: float, names: tuple[str, ...], progress: Progress
) -> None:
    writer = c3d.Writer(point_rate=rate, point_scale=-1.0, point_units=UNITS)  # -1: as floats
    writer.set_point_labels(names)
    writer.set_screen_axis(X_SCREEN, Y_SCREEN)
    manufacturer = writer.add_group(3, "MANUFACTURER", "What wrote this file")
    manufacturer.add_str("SOFTWARE", "Program", SOFTWARE, len(SOFTWARE))
    cameras, analog = np.zeros((*points.shape[:2], 1), np.float32), np.zeros((0, 0))
    writer.add_frames([(frame, analog) for frame in np.concatenate([points, cameras], axis=-1)])
    progress(0.5)
    with path.open("wb") as file:
        writer.write(file)
    _raw_points(path, writer, points.shape, "r+")[:] = points  # else what is missing is left stale


def _raw_points(path: Path, head: c3d.Manager, shape: tuple[int, ...], mode: str) -> np.ndarray:
    start = (head.header.data_block - 1) * _BLOCK
    return np.memmap(path, "<f4", mode, int(start), shape)  # type: ignore[call-overload, no-any-return]


def _agrees(path: Path, points: np.ndarray, rate: float, names: tuple[str, ...]) -> bool:
    with path.open("rb") as file:
        reader = c3d.Reader(file)
        labels = tuple(label.strip() for label in reader.point_labels)
        units = reader.get("POINT:UNITS").string_value
        about = (labels, reader.point_rate, reader.frame_count, units)
        if about != (names, np.float32(rate), len(points), UNITS):
            return False
        return bool((_raw_points(path, reader, points.shape, "r") == points).all())
