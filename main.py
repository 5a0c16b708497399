"""Sandglass: one webcam in, live 2D and 3D skeleton out. ``python main.py --help``."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # while it loads Ctrl-C ends it without a word

from app.cli import run  # noqa: E402

if __name__ == "__main__":
    run()
