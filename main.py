"""Sandglass: one webcam in, live 2D and 3D skeleton out. ``python main.py --help``."""

import sys

from app.cli import main

if __name__ == "__main__":
    sys.exit(main())
