"""What this machine has, in lines that can be pasted into a report."""

from __future__ import annotations

import platform
from datetime import datetime
from importlib import metadata

from app.display import why_no_window
from app.engines import summaries
from app.logs import crash_file, log_file
from engine.models.model_spec import find_models
from engine.runtimes import RUNTIMES, RuntimeUnavailableError, available_runtimes, open_runtime
from engine.runtimes.tensorrt import gpu_state
from engine.sources.capture import list_cameras

PACKAGES = ("numpy", "opencv-python-headless", "openvino", "PyQt6", "pyqtgraph", "av")


def report() -> list[str]:
    """One line a fact."""
    lines = [f"Python {platform.python_version()} on {platform.platform()}"]
    lines += [f"{name} {_version(name) or 'is missing'}" for name in PACKAGES]
    cameras = ", ".join(f"{camera.index} ({camera.name})" for camera in list_cameras())
    lines.append(f"Cameras: {cameras or 'none found'}")
    lines.append(f"Window: {why_no_window() or 'can open'}")
    lines += [f"Runtime {name}: {_runtime(name)}" for name in RUNTIMES]
    lines.append(f"TensorRT: {gpu_state()}")
    lines += _engines()
    lines.append(f"Backbones: {', '.join(find_models('pose2d')) or 'none'}")
    lines.append(f"Log: {log_file()}")
    lines.append(f"Crashes: {crashes()}")
    return lines


def missing() -> list[str]:
    """What a user needs and has not, a line each that says what to do."""
    lines = [
        f"{name} is not installed: pip install -e ." for name in PACKAGES if not _version(name)
    ]
    if reason := why_no_window():
        lines.append(f"No window can open: {reason}")
    needed = {"backbone": "pose2d", "lifter": "lift3d"}
    lines += [
        f"No {what} is in assets/models: fetch the whole project again."
        for what, task in needed.items()
        if not find_models(task)
    ]
    if spec := next(iter(find_models("pose2d").values()), None):
        try:
            open_runtime(spec).close()
        except (RuntimeUnavailableError, ValueError) as error:
            lines.append(f"No runtime works: {error}")
    return lines


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def crashes() -> str:
    file = crash_file()
    if not (file.is_file() and file.stat().st_size):
        return f"none in {file}"
    last = datetime.fromtimestamp(file.stat().st_mtime)
    return f"{file}, the last one {last:%Y-%m-%d %H:%M}"


def _engines() -> list[str]:
    try:
        return [f"Engine of {line}" for line in summaries()]
    except RuntimeUnavailableError as error:
        return [f"Engines: {error}"]


def _runtime(name: str) -> str:
    if name not in available_runtimes():
        return f"not installed ({RUNTIMES[name][1]})"
    spec = next(iter(find_models("pose2d").values()), None)
    if spec is None:
        return "installed; no model here to try it with"
    try:
        runtime = open_runtime(spec, name)
    except (RuntimeUnavailableError, ValueError) as error:
        return str(error)
    facts = f"works on {runtime.device}, {runtime.precision}"
    runtime.close()
    return facts
