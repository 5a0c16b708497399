"""What the recipe of a backbone says. Plain data throughout, so that a checkpoint can carry it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from torch import nn

from engine.skeleton import SKELETONS
from training.datasets.pictures.augment import Augmentation
from training.models import NETWORKS, Network
from training.recipes.schedules import Optimiser, Schedule


@dataclass(frozen=True)
class Stage:
    """A stretch of training at one input size."""

    size: tuple[int, int]  # H, W of the input
    epochs: int
    sigma: float  # of the targets, heatmap pixels
    shares: dict[str, float]  # data set → share of the samples
    augmentation: Augmentation
    emphasis: float = 0.0  # of peaks in the loss, see heatmap_loss
    boost: float = 1.0  # of the learning rate, for a size that is new to the network
    part: float = 1.0  # of the recipe's batch, where the run has a time (`Schedule.minutes`)


@dataclass(frozen=True)
class Recipe:
    """The training of a backbone. An epoch is ``epoch_images`` samples, else the training set."""

    name: str
    trained_on: str  # for model.json
    stages: tuple[Stage, ...]
    batch: int  # samples an optimiser step, over all devices
    optimiser: Optimiser
    schedule: Schedule
    network: str  # of training.models.NETWORKS
    arguments: dict[str, Any] = field(default_factory=dict)  # of the network, beside the registry's
    skeleton: str = "mpii16"
    intermediate_supervision: bool = True  # else only the last stack is in the loss
    hardest: int | None = None  # joints that count, see heatmap_loss
    epoch_images: int | None = None
    starts_from: str | None = None  # the recipe whose result the weights come from
    grows: bool = False  # that result is of a smaller network, see training.fit.net2net
    teacher: str | None = None  # the recipe whose result teaches beside the labels
    students: tuple[Recipe, ...] = ()  # learn with this one and from it; all end together
    looked_at: int | None = 100  # held-out pictures of each set at the end of an epoch; None is all
    ema: float = 0.0  # memory of the averaged weights; 0 is none
    seed: int = 2016

    @property
    def epochs(self) -> int:
        return sum(stage.epochs for stage in self.stages)

    @property
    def known(self) -> Network:
        return NETWORKS[self.network]

    @property
    def title(self) -> str:
        """For the dropdown."""
        variant = self.name.removeprefix(self.network).strip("_")
        return self.known.title + (f" ({variant})" if variant else "")

    @property
    def members(self) -> tuple[Recipe, ...]:
        """The networks that learn in a run, the teacher first."""
        return (replace(self, name=self.network, students=()), *self.students)

    def build(self) -> nn.Module:
        keypoints = len(SKELETONS[self.skeleton])
        return self.known.build(num_keypoints=keypoints, **self.arguments)

    def stage_at(self, epoch: int) -> Stage:
        """The stage of that epoch; the last one afterwards."""
        for stage in self.stages:
            epoch -= stage.epochs
            if epoch < 0:
                return stage
        return self.stages[-1]

    def starts_stage(self, epoch: int) -> bool:
        """Whether a stage begins with that epoch."""
        starts = [sum(stage.epochs for stage in self.stages[:i]) for i in range(len(self.stages))]
        return epoch in starts

    def rate(self, epoch: float, step: int) -> float:
        """What the learning rate is multiplied by at a moment of the run."""
        return self.schedule.rate(epoch, self.epochs, step) * self.stage_at(int(epoch)).boost

    @staticmethod
    def from_plain(plain: dict[str, Any]) -> Recipe:
        """The recipe that ``dataclasses.asdict`` took apart."""
        stages = tuple(
            Stage(**{**stage, "augmentation": Augmentation(**stage["augmentation"])})
            for stage in plain["stages"]
        )
        parts = {
            "stages": stages,
            "optimiser": Optimiser(**plain["optimiser"]),
            "schedule": Schedule(**plain["schedule"]),
            "students": tuple(map(Recipe.from_plain, plain.get("students", ()))),
        }
        return Recipe(**{**plain, **parts})
