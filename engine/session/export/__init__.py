"""A finished session → a file of another program: FORMATS names them, ``export`` writes one.

Every file is written beside its place, read back, compared and only then moved there. Knows no Qt
and no command line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.session.export import bvh, c3d, coco, csv, movie, npz, openpose, trc
from engine.session.export.destination import placing
from engine.session.export.everybody import bystanders
from engine.session.export.take import ExportError, Progress, Take, within
from engine.session.recording import load_recording

__all__ = ["FORMATS", "ExportError", "Format", "Progress", "export"]


@dataclass(frozen=True)
class Format:
    """write: makes the file or folder at a path where nothing is yet, and checks it.

    single: it holds one person, the subject; everybody else gets a file of their own.
    """

    title: str
    suffix: str
    write: Callable[[Take, Path, Progress], None]
    folder: bool = False
    single: bool = False


FORMATS = {
    "npz": Format("NumPy arrays", ".npz", npz.write),
    "csv": Format("CSV table with joint angles", ".csv", csv.write),
    "trc": Format("OpenSim markers", ".trc", trc.write, single=True),
    "c3d": Format("C3D markers", ".c3d", c3d.write, single=True),
    "bvh": Format("BVH skeleton animation", ".bvh", bvh.write, single=True),
    "coco": Format("COCO keypoint results", "_coco.json", coco.write),
    "openpose": Format("OpenPose JSON, a file a frame", "_openpose", openpose.write, folder=True),
    "mp4": Format("Video with the skeleton", ".mp4", movie.write_mp4),
    "gif": Format("Animated picture with the skeleton", ".gif", movie.write_gif),
}


def export(
    session: Path,
    format: str,
    out: Path | None = None,
    *,
    overwrite: bool = False,
    result: str | None = None,
    clean: bool = False,
    progress: Progress = lambda share: None,
) -> list[Path]:
    """Write ``session`` in one of FORMATS; returns where, the subject's file first.

    out: the file to write, or for OpenPose the folder; a folder for a file means in there. Without
    it the session's own folder takes it, under the session's name. Where a format holds one person,
    everybody else's file lies beside it, its name ending on ``_`` and their id.
    overwrite: whether what is there may be replaced.
    result, clean: as ``load_recording`` takes them.
    progress: is told the share that is done, 0 … 1; what it raises ends the export.
    Raises SessionError (no such session, unfinished, damaged) and ExportError (nothing to export,
    cannot be written, does not read back); then, and when it is cancelled, nothing is left behind.
    """
    chosen = FORMATS.get(format)
    if chosen is None:
        raise ExportError(f"Unknown format '{format}'. Formats: {', '.join(FORMATS)}.")
    take = Take(load_recording(session, result, clean), session, result, clean)
    if not len(take.recording.timestamps):
        raise ExportError(f"{session} holds no frames: there is nothing to export.")
    target = out or session
    if target.is_dir() and not (chosen.folder and out):
        target = target / f"{take.name}{chosen.suffix}"
    takes = {target: take}
    for who, alone in bystanders(take) if chosen.single else ():
        takes[target.with_name(f"{target.stem}_{who}{target.suffix}")] = alone
    with placing(list(takes), chosen.folder, overwrite) as paths:
        for n, (path, one) in enumerate(zip(paths, takes.values(), strict=True)):
            chosen.write(one, path, within(progress, n / len(takes), (n + 1) / len(takes)))
        progress(1.0)
    return list(takes)
