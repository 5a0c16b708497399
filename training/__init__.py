"""PyTorch: networks, data, recipes, metrics, renders, export. Stands on engine, knows no app."""

from pathlib import Path

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"  # beside the checkout, not part of it
