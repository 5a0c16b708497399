"""Can a window open here? To be asked before Qt is used, which aborts the process if not."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

# What Qt's window loads, with the Debian package of each.
NEEDED = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
SOFTWARE_GL = {"libGLX_mesa.so.0": "libglx-mesa0"}  # where no driver brings its own


def why_no_window() -> str:
    """Empty when a window can open; else one sentence that says why not."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if _wayland_answers():
        return ""
    if not os.environ.get("DISPLAY"):
        return "No display (DISPLAY is not set)."
    if missing := missing_packages(NEEDED):
        return f"Qt lacks system libraries: sudo apt-get install {' '.join(missing)}."
    if not _x_answers():
        return f"The display {os.environ['DISPLAY']} does not answer."
    return ""


def missing_packages(libraries: dict[str, str]) -> list[str]:
    """The Debian packages of the libraries that do not load."""
    return [package for library, package in libraries.items() if not _loads(library)]


def _wayland_answers() -> bool:
    name, folder = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("XDG_RUNTIME_DIR")
    return bool(name and folder) and (Path(folder or "") / str(name)).exists()


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x_answers() -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = not xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return answers


if __name__ == "__main__":  # scripts/setup.sh asks what to install
    print(" ".join(missing_packages(NEEDED | SOFTWARE_GL)))
