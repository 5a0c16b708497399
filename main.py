"""Sandglass: one webcam in, live 2D and 3D skeleton out. ``python main.py --help``."""

from app.cli import run

if __name__ == "__main__":
    run()
