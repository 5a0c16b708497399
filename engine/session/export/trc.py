"""TRC, the markers of OpenSim: Y up, metres, a constant rate, empty cells for what was not seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.session.export.markers import Markers, standing_markers
from engine.session.export.rows import formatted, write_text
from engine.session.export.take import Progress, Take, within
from engine.space.floor import to_y_up


def write(take: Take, path: Path, progress: Progress) -> None:
    markers, names = standing_markers(take), take.recording.joint_names
    count = len(markers.points)
    header = _header(path.name, markers, names)
    template = "%d\t%.6f" + "\t%.5f" * (3 * len(names)) + "\n"
    points = to_y_up(markers.points).reshape(count, -1)
    values = np.column_stack([np.arange(1, count + 1), markers.times, points])
    write_text(path, header, formatted(template, values), count, within(progress, 0.1, 1.0))


def _header(name: str, markers: Markers, names: tuple[str, ...]) -> str:
    """Five lines and a blank one, as OpenSim writes them."""
    rate, count = f"{markers.rate:g}", str(len(markers.points))
    plain = "".join(c if c.isprintable() else "_" for c in name)
    fields = {
        "DataRate": rate, "CameraRate": rate, "NumFrames": count, "NumMarkers": str(len(names)),
        "Units": "m", "OrigDataRate": rate, "OrigDataStartFrame": "1", "OrigNumFrames": count,
    }  # fmt: skip
    axes = [f"{axis}{number}" for number in range(1, len(names) + 1) for axis in "XYZ"]
    rows: tuple[list[str], ...] = (
        ["PathFileType", "4", "(X/Y/Z)", plain],
        list(fields),
        list(fields.values()),
        ["Frame#", "Time", *(cell for label in names for cell in (label, "", ""))],
        ["", "", *axes],
        [],
    )
    return "".join("\t".join(row) + "\n" for row in rows)
