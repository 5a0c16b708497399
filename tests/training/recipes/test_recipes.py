"""Recipes say what the papers say, and can be carried by a checkpoint."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch

from engine.skeleton import SKELETONS
from training.datasets.picture_sets import SETS
from training.fit.backbone import BackboneModule
from training.models import NETWORKS
from training.recipes import BACKBONES, RECIPES
from training.recipes.recipe import Recipe
from training.recipes.together import command, together


@pytest.fixture(params=BACKBONES)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    return BACKBONES[request.param]()


def test_a_recipe_is_listed_under_its_name() -> None:
    assert all(build().name == name for name, build in RECIPES.items())


def test_it_names_networks_skeletons_and_sets_that_exist(recipe: Recipe) -> None:
    assert recipe.network in NETWORKS
    assert recipe.skeleton in SKELETONS
    assert all(name in SETS for stage in recipe.stages for name in stage.shares)
    assert recipe.starts_from is None or recipe.starts_from in BACKBONES


def test_it_comes_back_whole_from_plain_data(recipe: Recipe, tmp_path: Path) -> None:
    torch.save(dataclasses.asdict(recipe), tmp_path / "recipe.pt")
    assert Recipe.from_plain(torch.load(tmp_path / "recipe.pt", weights_only=True)) == recipe


def test_no_two_that_ship_have_the_same_title() -> None:
    titles = [build().title for build in BACKBONES.values()]
    assert len(set(titles)) == len(titles)


def test_the_papers_figures() -> None:
    hourglass, flic = BACKBONES["hourglass_8_mpii"](), BACKBONES["hourglass_8_flic"]()
    assert (hourglass.optimiser.name, hourglass.optimiser.learning_rate) == ("rmsprop", 2.5e-4)
    assert (hourglass.schedule.kind, hourglass.schedule.factor) == ("plateau", 1 / 5)
    assert hourglass.stages[0].size == flic.stages[0].size == (256, 256)
    finetuned = BACKBONES["hourglass_8_h36m_finetune"]()
    images = finetuned.epochs * (finetuned.epoch_images or 0)
    assert images / finetuned.batch == 40_000
    assert (finetuned.batch, finetuned.optimiser.learning_rate) == (3, 2.5e-4)
    hrnet, simple = BACKBONES["hrnet_w32_coco"](), BACKBONES["simple_baseline_r50_coco"]()
    assert (hrnet.epochs, hrnet.schedule.at) == (210, (170, 200))
    assert (simple.epochs, simple.schedule.at) == (140, (90, 120))
    assert hrnet.stages[0].size == simple.stages[0].size == (256, 192)


def test_the_ablation_of_stacks_is_at_equal_parameters() -> None:
    counts = []
    for stacks in (1, 2, 4, 8):
        with torch.device("meta"):
            network = BACKBONES[f"hourglass_stacks_{stacks}_of_8_mpii"]().build()
        counts.append(sum(parameter.numel() for parameter in network.parameters()))
    assert max(counts) < 1.05 * min(counts)


def test_without_intermediate_supervision_only_the_last_stack_is_taught() -> None:
    arguments = {"stacks": 2, "features": 16, "depth": 1}
    recipe = dataclasses.replace(BACKBONES["hourglass_2"](), arguments=arguments)
    batch = (
        torch.randint(0, 256, (2, 64, 64, 3), dtype=torch.uint8),
        torch.zeros(2, 16, 16, 16),
        torch.ones(2, 16),
        0,
    )
    for supervised, taught in ((True, 2), (False, 1)):
        module = BackboneModule(
            dataclasses.replace(recipe, intermediate_supervision=supervised)
        ).eval()
        with torch.inference_mode():
            stacks = module.network(module.recipe.known.normalisation(batch[0]))
            errors = [float((maps**2).sum(dim=(1, 2, 3)).mean()) for maps in stacks]
            assert float(module.loss(batch)) == pytest.approx(sum(errors[-taught:]), rel=1e-4)


@pytest.mark.parametrize("name", [name for name in BACKBONES if name.endswith("_everyday")])
def test_everyday_people_are_learned_at_one_size_from_published_weights(name: str) -> None:
    recipe = BACKBONES[name]()
    (stage,) = recipe.stages
    assert recipe.starts_from == recipe.network == name.removesuffix("_everyday")
    assert sum(stage.shares.values()) == pytest.approx(1)
    assert stage.augmentation.background == 0  # of one person it may show another, unlabelled
    assert recipe.schedule.rate(recipe.epochs, recipe.epochs, 0) == pytest.approx(0)


class TestTogether:
    NAMES = ("hrnet_w32", "hourglass_1_small", "hrnet_w18_small", "hourglass_2")

    def test_the_largest_teaches_those_that_join_later(self) -> None:
        teacher, *students = together(self.NAMES).members
        assert (teacher.name, teacher.starts_from, teacher.teacher) == ("hrnet_w32", None, None)
        for student in students:
            assert student.stages == teacher.stages[1:]
            assert (student.starts_from, student.teacher) == (student.name, "hrnet_w32")

    def test_the_time_of_a_stage_and_its_batch(self) -> None:
        module = BackboneModule(together(["hourglass_1_small"], minutes=5))
        recipe = module.recipe
        assert recipe.schedule.minutes == 5
        assert [100 * stage.epochs / recipe.epochs for stage in recipe.stages] == [36, 24, 40]
        assert [stage.size[0] for stage in recipe.stages] == [128, 192, 256]
        assert [module.batch_at(epoch) for epoch in (0, 9, 15, 24)] == [512, 320, 224, 224]

    def test_it_comes_back_whole_from_plain_data(self, tmp_path: Path) -> None:
        recipe = together(self.NAMES)
        torch.save(dataclasses.asdict(recipe), tmp_path / "recipe.pt")
        assert Recipe.from_plain(torch.load(tmp_path / "recipe.pt", weights_only=True)) == recipe

    def test_the_command_trains_the_same_networks(self) -> None:
        recipe = together(self.NAMES, minutes=30)
        said = command(recipe).removeprefix("python -m training.train --together ")
        names, minutes = said.split(" --minutes ")
        assert together(names.split(), float(minutes)) == recipe


def test_stages_follow_each_other() -> None:
    recipe = BACKBONES["hourglass_1_small"]()
    sizes = [recipe.stage_at(epoch).size[0] for epoch in (0, 23, 24, 32, 37, 39, 99)]
    assert sizes == [128, 128, 128, 192, 256, 256, 256]
    assert [epoch for epoch in range(recipe.epochs) if recipe.starts_stage(epoch)] == [
        0,
        24,
        32,
        37,
    ]
