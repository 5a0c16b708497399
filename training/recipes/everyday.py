"""Published networks that go on with everyday people close to a webcam, at one input size
(decision 0013).
"""

from __future__ import annotations

from dataclasses import replace

from training.recipes.recipe import Recipe, Stage
from training.recipes.schedules import Optimiser, Schedule
from training.recipes.shared import DATA, MILD

SHARES = {
    "lsp": 0.12,
    "lsp_extended": 0.30,
    "coco": 0.05,
    "people": 0.34,
    "synthetic": 0.05,
    "rooms": 0.03,
    "nobody": 0.03,
    "mistakes": 0.08,
}
# No background: what is empty of one person may show another, who is not labelled there.
CLOSE = replace(MILD, half_body=0.1, close=0.25)


def _everyday(network: str, side: int, epochs: int, learning_rate: float) -> Recipe:
    """``epochs`` of 5,000 samples at ``side``² from the run of the network's own recipe."""
    published = DATA.format(8_000)
    stage = Stage((side, side), epochs, side / 128, SHARES, CLOSE, emphasis=3.0)
    return Recipe(
        name=f"{network}_everyday",
        network=network,
        trained_on=f"{published}; then everyday people, labelled by machines, and empty pictures,"
        " oftener the parts that were taken for a person",
        stages=(stage,),
        epoch_images=5_000,
        batch=32,
        optimiser=Optimiser("adamw", learning_rate, weight_decay=1e-4),
        schedule=Schedule("cosine", warmup=0.2),
        ema=0.998,
        starts_from=network,
    )


def hourglass_1_small_everyday() -> Recipe:
    """For one CPU core."""
    return _everyday("hourglass_1_small", 192, epochs=24, learning_rate=1e-3)


def hrnet_w18_small_everyday() -> Recipe:
    return _everyday("hrnet_w18_small", 192, epochs=12, learning_rate=1e-3)


def hourglass_2_everyday() -> Recipe:
    return _everyday("hourglass_2", 256, epochs=6, learning_rate=6e-4)


def hrnet_w32_everyday() -> Recipe:
    return _everyday("hrnet_w32", 256, epochs=6, learning_rate=6e-4)
