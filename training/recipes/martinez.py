"""The Martinez lifter as in its paper (Martinez 2017; sections in brackets), its ablation, and the
ones that ship. Where the paper is silent, its authors' code (una-dinosauria/3d-pose-baseline).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from engine.skeleton import MPII16
from training.models.martinez import DETECTED, Lifter, Martinez, PaperLifter
from training.recipes.schedules import Optimiser, Schedule

ADAM = Optimiser("adam", 1e-3)  # [3.3]
DECAY = Schedule("exponential", factor=0.96, every=100_000)
ANY_CAMERA = "any_camera"


@dataclass(frozen=True)
class LifterRecipe:
    """The training of a lifter. An epoch is the training set once.

    data: a set of datasets/lifting.py, whose cameras the lifter is for, or ``any_camera``: endless
    views of all motion capture, and joints that are not seen.
    """

    name: str
    title: str
    data: str
    trained_on: str
    epochs: int = 200  # [3.3]
    batch: int = 64  # [3.3]
    optimiser: Optimiser = ADAM
    schedule: Schedule = DECAY
    arguments: dict[str, Any] = field(default_factory=dict)  # of Martinez, where not the paper's
    action: str | None = None  # train and test on it alone, else on all
    noise: float = 0.0  # pixels, deviation of what is added to every keypoint in training
    weighs: bool = False  # keypoints by how sure they are, see Lifter
    feeds: dict[str, dict[str, str]] = field(default_factory=dict)  # for model.json
    starts_from: str | None = None  # the recipe whose result the weights come from
    ema: float = 0.0
    seed: int = 2017

    def build(self) -> Lifter | PaperLifter:
        network = Martinez(**self.arguments)
        return Lifter(network, self.weighs) if self.data == ANY_CAMERA else PaperLifter(network)


def martinez() -> LifterRecipe:
    """The paper's for any camera and missing joints. Half as wide and without dropout or max-norm,
    which learns more in an hour on a CPU core.
    """
    return LifterRecipe(
        name="martinez",
        title="Martinez lifter",
        data=ANY_CAMERA,
        trained_on=(
            "Motion capture from mocap.cs.cmu.edu and HDM05 (without actor tr) through virtual"
            " cameras"
        ),
        epochs=73,  # 13 million views, as many as docs/curves/martinez.csv
        batch=256,
        optimiser=Optimiser("adamw", 2e-3, weight_decay=0.01),
        schedule=Schedule("cosine", warmup=1.5),
        arguments={"width": 512, "dropout": 0.0, "max_norm": False, "visibility": True},
        ema=0.999,
    )


def martinez_weighted() -> LifterRecipe:
    """Goes on from `martinez`, as large and as fast, and learns what each keypoint is worth."""
    return replace(
        martinez(),
        name="martinez_weighted",
        title="Martinez lifter, weighs scores",
        epochs=21,
        optimiser=Optimiser("adamw", 1e-3, weight_decay=0.01),
        weighs=True,
        starts_from="martinez",
    )


def martinez_h36m_gt() -> LifterRecipe:
    """Human3.6M, the keypoints are the projected joints [table 2: 45.5 mm]."""
    return LifterRecipe(
        name="martinez_h36m_gt",
        title="Martinez lifter (Human3.6M, ground truth)",
        data="h36m_gt",
        trained_on="Human3.6M, S1 S5 S6 S7 S8, projected joints",
    )


def martinez_h36m_sh() -> LifterRecipe:
    """Human3.6M, the keypoints are what Stacked Hourglass finds as trained on MPII [table 2]."""
    return replace(
        martinez_h36m_gt(),
        name="martinez_h36m_sh",
        title="Martinez lifter (Human3.6M, Hourglass)",
        data="h36m_sh",
        trained_on="Human3.6M, S1 S5 S6 S7 S8, detections of Stacked Hourglass",
        feeds={MPII16.name: DETECTED},
    )


def martinez_h36m_sh_finetuned() -> LifterRecipe:
    """The same of a Hourglass that was fine-tuned on Human3.6M [table 2: 62.9 mm]."""
    return replace(
        martinez_h36m_sh(),
        name="martinez_h36m_sh_finetuned",
        title="Martinez lifter (Human3.6M, fine-tuned Hourglass)",
        data="h36m_sh_finetuned",
        trained_on="Human3.6M, S1 S5 S6 S7 S8, detections of Stacked Hourglass fine-tuned on it",
    )


def martinez_mocap_gt() -> LifterRecipe:
    """The paper's recipe on what can be had: HDM05 before four cameras (four_cameras.py)."""
    return replace(
        martinez_h36m_gt(),
        name="martinez_mocap_gt",
        title="Martinez lifter (HDM05, four cameras)",
        data="mocap",
        trained_on="HDM05, actors bd bk dg, before four virtual cameras",
    )


# The paper's ablation, and max-norm: what is switched off → arguments of Martinez. With max-norm on
# its matrices and nothing that scales the layers up again, a network without BN hardly learns.
SWITCHED_OFF: dict[str, dict[str, Any]] = {
    "batch_norm": {"batch_norm": False},
    "dropout": {"dropout": 0.0},
    "batch_norm_dropout": {"batch_norm": False, "dropout": 0.0},
    "batch_norm_max_norm": {"batch_norm": False, "max_norm": False},
    "max_norm": {"max_norm": False},
    "residual": {"residual": False},
}
NOISE = (5, 10, 15, 20)  # pixels; the paper's, who add it to the test alone
ACTIONS = {
    "h36m": (
        "Directions", "Discussion", "Eating", "Greeting", "Phoning", "Photo", "Posing",
        "Purchases", "Sitting", "SittingDown", "Smoking", "Waiting", "WalkDog", "Walking",
        "WalkTogether",
    ),
    "mocap": (
        "depositFloorR", "elbowToKnee1RepsLelbowStart", "grabHighR", "hopBothLegs1hops",
        "jogLeftCircle4StepsRstart", "kickLFront1Reps", "lieDownFloor",
        "rotateArmsBothBackward1Reps", "sneak2StepsLStart", "squat1Reps", "throwBasketball",
    ),
}  # fmt: skip


def _ablation(_: LifterRecipe) -> dict[str, dict[str, Any]]:
    """What the paper varies about the network and its input, by suffix: the changed fields."""
    parts = {f"without_{part}": {"arguments": off} for part, off in SWITCHED_OFF.items()}
    return parts | {f"noise_{sigma}": {"noise": float(sigma)} for sigma in NOISE}


def _single_actions(base: LifterRecipe) -> dict[str, dict[str, Any]]:
    return {action: {"action": action} for action in ACTIONS[base.data.split("_")[0]]}


def _with_variants(
    recipe: Callable[[], LifterRecipe], *families: Callable[[LifterRecipe], dict[str, Any]]
) -> dict[str, Callable[[], LifterRecipe]]:
    base = recipe()
    names = {
        f"{base.name}_{suffix}": changed for f in families for suffix, changed in f(base).items()
    }
    variants = {name: partial(replace, base, name=name, **c) for name, c in names.items()}
    return {base.name: recipe, **variants}


LIFTER_RECIPES: dict[str, Callable[[], LifterRecipe]] = {
    "martinez": martinez,
    "martinez_weighted": martinez_weighted,
    **_with_variants(martinez_h36m_gt, _ablation, _single_actions),
    **_with_variants(martinez_h36m_sh, _single_actions),
    **_with_variants(martinez_h36m_sh_finetuned, _single_actions),
    **_with_variants(martinez_mocap_gt, _ablation, _single_actions),
}
