"""Several backbones under training in one process, on one stream of samples; the first of them
teaches the others while it learns.

There is one sum of losses, of which each network's gradient is its own, and one optimiser with a
group for each. Every network leaves a checkpoint and a curve in a folder of its name. Knows
heatmaps; what one backbone is taught by is in backbone.py.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR

from training.checkpoints.run_folder import CHECKPOINT, as_average
from training.fit.backbone import BackboneModule, found_by, loss_of
from training.fit.distillation import SHARE, mixed
from training.fit.learner import Curve
from training.recipes.recipe import Recipe
from training.recipes.together import command


class Together(BackboneModule):
    """The networks of ``recipe.members`` by their names, which also mark their figures."""

    network: nn.ModuleDict

    def __init__(self, recipe: Recipe) -> None:
        networks = nn.ModuleDict({member.name: member.build() for member in recipe.members})
        super().__init__(recipe, networks)
        self.learned = dict.fromkeys(networks, 0)  # samples that each has seen
        self.losses: dict[str, Tensor] = {}  # of the last batch

    def own_epoch(self, member: Recipe, epoch: float) -> float:
        """Where a network is at an epoch of the run; all end together, so one that is below 0 has
        not joined.
        """
        return epoch - (self.recipe.epochs - member.epochs)

    def configure_optimizers(self) -> Any:
        members = self.recipe.members
        groups = [
            {"params": self.network[m.name].parameters(), "lr": m.optimiser.learning_rate}
            for m in members
        ]
        optimiser = self.recipe.optimiser.build(groups)
        scheduler = LambdaLR(optimiser, [partial(self._rate, member) for member in members])
        return [optimiser], [{"scheduler": scheduler, "interval": "step"}]

    def _rate(self, member: Recipe, step: int) -> float:
        return member.rate(max(self.own_epoch(member, self.epoch), 0.0), step)

    def loss(self, batch: tuple[Tensor, Tensor, Tensor, int]) -> Tensor:
        image, targets, weights, epoch = batch
        emphasis = self.recipe.stage_at(epoch).emphasis
        teacher, *students = self.recipe.members
        heatmaps = found_by(teacher, self.network[teacher.name], image)
        self.losses = {teacher.name: loss_of(teacher, heatmaps, targets, weights, emphasis)}
        seen = heatmaps[-1].detach().float().clamp(0, 1)  # as targets are: emphasis weighs by them
        for student in students:
            if (begun := self.own_epoch(student, epoch)) < 0:
                continue
            goal = mixed(targets, weights, seen, SHARE * (begun + 1) / student.epochs)
            heatmaps = found_by(student, self.network[student.name], image)
            self.losses[student.name] = loss_of(student, heatmaps, *goal, emphasis)
        return torch.stack(list(self.losses.values())).sum()

    def training_step(self, batch: Any, batch_idx: int) -> Tensor:
        loss, count = super().training_step(batch, batch_idx), len(batch[0])
        for name, own in self.losses.items():
            self.learned[name] += count * self.trainer.world_size
            self.log(_mark(name) + "loss", own, on_step=False, on_epoch=True, batch_size=count)
        return loss

    def look(self) -> dict[str, float]:
        figures: dict[str, float] = {}
        for member in self._joined():
            figures |= self.look_through(member, self._average(member), _mark(member.name))
        return figures

    def curves(self, figures: dict[str, float]) -> Iterator[Curve]:
        groups = self.trainer.optimizers[0].param_groups
        for member, group in zip(self.recipe.members, groups, strict=True):
            if member in self._joined():
                mark = _mark(member.name)
                own = {k.removeprefix(mark): v for k, v in figures.items() if k.startswith(mark)}
                loss = float(self.trainer.callback_metrics[f"{mark}loss"])
                yield member.name, self.learned[member.name], group["lr"], loss, own

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        super().on_save_checkpoint(checkpoint)
        checkpoint["learned"] = self.learned
        for member in self._joined():
            own = {
                "recipe": dataclasses.asdict(member),
                "progress": [self.learned[member.name], checkpoint["progress"][1]],
                "command": command(self.recipe),
                "state_dict": as_average(self._average(member)),
            }
            file = Path(self.trainer.default_root_dir) / member.name / CHECKPOINT
            self.trainer.strategy.save_checkpoint(own, file)

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        super().on_load_checkpoint(checkpoint)
        self.learned = checkpoint["learned"]

    def _joined(self) -> list[Recipe]:
        return [member for member in self.recipe.members if self.learned[member.name]]

    def _average(self, member: Recipe) -> nn.Module:
        return cast(nn.ModuleDict, self.average.module)[member.name]


def _mark(name: str) -> str:
    return f"{name}/"
