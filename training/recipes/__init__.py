"""Recipes: functions that return one complete, frozen description of a training run.

A variant is ``replace(recipe(), ...)``. ``python -m training.train NAME`` runs the one of that
name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from training.recipes import everyday, high_resolution, hourglass, shared
from training.recipes.martinez import LIFTER_RECIPES, LifterRecipe
from training.recipes.person_finder import FINDER_RECIPES, FinderRecipe
from training.recipes.ray_lifter import RAY_RECIPES, RayRecipe
from training.recipes.recipe import Recipe

BACKBONES: dict[str, Callable[[], Recipe]] = {
    "hourglass_1_small": shared.hourglass_1_small,
    "hourglass_1_small_on_lsp_extended": shared.hourglass_1_small_on_lsp_extended,
    "hourglass_1_small_distilled": shared.hourglass_1_small_distilled,
    "hourglass_1": shared.hourglass_1,
    "hourglass_2": shared.hourglass_2,
    "hrnet_w18_small": shared.hrnet_w18_small,
    "hrnet_w32": shared.hrnet_w32,
    "simple_baseline_r50": shared.simple_baseline_r50,
    "hourglass_1_small_everyday": everyday.hourglass_1_small_everyday,
    "hourglass_2_everyday": everyday.hourglass_2_everyday,
    "hrnet_w18_small_everyday": everyday.hrnet_w18_small_everyday,
    "hrnet_w32_everyday": everyday.hrnet_w32_everyday,
    "hourglass_1_mpii": hourglass.hourglass_1_mpii,
    "hourglass_2_mpii": hourglass.hourglass_2_mpii,
    "hourglass_8_mpii": hourglass.hourglass_8_mpii,
    "hourglass_8_flic": hourglass.hourglass_8_flic,
    "hourglass_8_h36m_finetune": hourglass.hourglass_8_h36m_finetune,
    "hourglass_stacks_1_of_8_mpii": partial(hourglass.hourglass_stacks, 1),
    "hourglass_stacks_2_of_8_mpii": partial(hourglass.hourglass_stacks, 2),
    "hourglass_stacks_4_of_8_mpii": partial(hourglass.hourglass_stacks, 4),
    "hourglass_stacks_8_of_8_mpii": partial(hourglass.hourglass_stacks, 8),
    "hourglass_stacks_1_of_8_last_only_mpii": partial(hourglass.hourglass_unsupervised, 1),
    "hourglass_stacks_8_of_8_last_only_mpii": partial(hourglass.hourglass_unsupervised, 8),
    "hrnet_w32_coco": high_resolution.hrnet_w32_coco,
    "hrnet_w48_coco": high_resolution.hrnet_w48_coco,
    "hrnet_w32_mpii": high_resolution.hrnet_w32_mpii,
    "hrnet_w48_mpii": high_resolution.hrnet_w48_mpii,
    "simple_baseline_r50_coco": high_resolution.simple_baseline_r50_coco,
    "simple_baseline_r50_coco_hardest": high_resolution.simple_baseline_r50_coco_hardest,
    "simple_baseline_r50_mpii": high_resolution.simple_baseline_r50_mpii,
}

RECIPES: dict[str, Callable[[], Recipe | LifterRecipe | RayRecipe | FinderRecipe]] = {
    **BACKBONES,
    **LIFTER_RECIPES,
    **RAY_RECIPES,
    **FINDER_RECIPES,
}
