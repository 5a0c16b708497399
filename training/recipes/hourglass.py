"""Stacked Hourglass as in its paper (Newell 2016; sections in brackets) and its fine-tuning of
Martinez 2017. Where the papers are silent, their authors' code.
"""

from __future__ import annotations

from dataclasses import replace

from training.datasets.pictures.augment import NEWELL
from training.recipes.recipe import Recipe, Stage
from training.recipes.schedules import Optimiser, Schedule


def hourglass_8_mpii() -> Recipe:
    """[3.1] 256², rotation, scale, RMSprop 2.5e-4, divided by 5 on a plateau, sigma 1 px, zero maps
    for joints out of sight. Length: 100 epochs of 5,000 steps (pose-hg-train, opts.lua); batch:
    bearpaw/pytorch-pose.
    """
    return Recipe(
        name="hourglass_8_mpii",
        network="hourglass_8",
        trained_on="MPII (Andriluka 2014), its training half",
        stages=(Stage((256, 256), 100, 1.0, {"mpii": 1.0}, NEWELL),),
        epoch_images=30_000,
        batch=6,
        optimiser=Optimiser("rmsprop", 2.5e-4),
        schedule=Schedule("plateau", factor=1 / 5, patience=5),
        looked_at=None,
    )


def hourglass_2_mpii() -> Recipe:
    return replace(hourglass_8_mpii(), name="hourglass_2_mpii", network="hourglass_2")


def hourglass_1_mpii() -> Recipe:
    return replace(hourglass_8_mpii(), name="hourglass_1_mpii", network="hourglass_1")


def hourglass_8_flic() -> Recipe:
    """[4.1] As for MPII, on FLIC's 3,987 training pictures."""
    recipe = hourglass_8_mpii()
    stage = replace(recipe.stages[0], shares={"flic": 1.0})
    return replace(
        recipe, name="hourglass_8_flic", trained_on="FLIC (Sapp 2013), training", stages=(stage,)
    )


def hourglass_8_h36m_finetune() -> Recipe:
    """From MPII to Human3.6M (Martinez 2017, 3.3): 440² crops about the person scaled to 256²,
    batch 3, 2.5e-4, 40,000 steps; here ten epochs of 4,000.
    """
    recipe = hourglass_8_mpii()
    stage = replace(recipe.stages[0], epochs=10, shares={"human36m": 1.0})
    return replace(
        recipe,
        name="hourglass_8_h36m_finetune",
        trained_on="MPII (Andriluka 2014), then Human3.6M (Ionescu 2014), S1 S5 S6 S7 S8",
        stages=(stage,),
        batch=3,
        epoch_images=12_000,
        schedule=Schedule(),
        starts_from="hourglass_8_mpii",
        looked_at=1_000,
    )


def hourglass_stacks(stacks: int) -> Recipe:
    """[4.3] The ablation of stacks at equal parameters: fewer stacks have more residual modules at
    each location, 8 x 1 to 1 x 8.
    """
    name = f"hourglass_stacks_{stacks}_of_8_mpii"
    arguments = {"stacks": stacks, "modules": 8 // stacks}
    return replace(hourglass_8_mpii(), name=name, arguments=arguments)


def hourglass_unsupervised(stacks: int) -> Recipe:
    """[4.3] The ablation of intermediate supervision: only the last stack is in the loss."""
    return replace(
        hourglass_stacks(stacks),
        name=f"hourglass_stacks_{stacks}_of_8_last_only_mpii",
        intermediate_supervision=False,
    )
