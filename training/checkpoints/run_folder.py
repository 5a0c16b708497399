"""What a run leaves, read back: its recipe, its averaged network. Reading runs no code.

Knows checkpoints and recipes; no data and no loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from training.checkpoints.recognise import LAYOUTS
from training.checkpoints.safe import CheckpointError, read_checkpoint, read_state
from training.recipes.martinez import LifterRecipe
from training.recipes.person_finder import FinderRecipe
from training.recipes.ray_lifter import RayRecipe
from training.recipes.recipe import Recipe
from training.recipes.schedules import Optimiser, Schedule

AVERAGE = "average."  # the averaged network's parameters in a learner's, see `Learner`
CHECKPOINT = "last.ckpt"


def find_checkpoint(path: Path) -> Path:
    """The checkpoint itself, its ending left out or not, or the one in a run folder. Raises
    FileNotFoundError without one.
    """
    places = (path, Path(f"{path}.ckpt"), path / CHECKPOINT)
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise FileNotFoundError(f"No checkpoint at {path}: name a run folder or its {CHECKPOINT}.")
    return found


def load_trained(path: Path) -> tuple[Recipe | LifterRecipe | RayRecipe | FinderRecipe, nn.Module]:
    """The recipe that a checkpoint carries and its averaged network, evaluating.

    path: the checkpoint or its run folder. Raises FileNotFoundError, and CheckpointError where it
    is none of this project's.
    """
    file = find_checkpoint(path)
    content = read_checkpoint(file)
    recipe = recipe_in(content, file)
    if isinstance(recipe, Recipe) and recipe.students:
        names = ", ".join(str(file.parent / member.name) for member in recipe.members)
        raise CheckpointError(f"{file} holds several networks: name one of {names}.")
    network = recipe.build()
    network.load_state_dict(_average(content))
    return recipe, network.eval()


def how_trained(path: Path) -> dict[str, object]:
    """What the checkpoint at ``path``, or in that run folder, tells of its training: recipe, seed,
    what it started from, teacher, command, samples drawn, hours. Raises as `load_trained`.
    """
    file = find_checkpoint(path)
    content = read_checkpoint(file)
    recipe = recipe_in(content, file)
    told: dict[str, object] = {
        "recipe": recipe.name,
        "seed": recipe.seed,
        "starts_from": recipe.starts_from,
        "teacher": getattr(recipe, "teacher", None),
        "command": content.get("command"),
    }
    facts = {key: value for key, value in told.items() if value is not None}
    samples, seconds = content["progress"]
    return facts | {"samples": samples, "hours": round(seconds / 3600, 2)}


def recipe_in(content: Any, file: Path) -> Recipe | LifterRecipe | RayRecipe | FinderRecipe:
    """The recipe of a checkpoint's content. Raises CheckpointError where it has none."""
    plain = content.get("recipe") if isinstance(content, Mapping) else None
    if not isinstance(plain, Mapping):
        raise CheckpointError(f"{file} is not a checkpoint of training.train: it names no recipe.")
    try:
        return _from_plain(plain)
    except (TypeError, LookupError) as error:
        raise CheckpointError(f"{file} is of another version of the recipes ({error}).") from None


def _from_plain(plain: Mapping[str, Any]) -> Recipe | LifterRecipe | RayRecipe | FinderRecipe:
    if "stages" in plain:
        return Recipe.from_plain(dict(plain))
    optimiser, schedule = Optimiser(**plain["optimiser"]), Schedule(**plain["schedule"])
    kind: type[FinderRecipe | RayRecipe | LifterRecipe] = LifterRecipe
    for telling, other in (("shares", FinderRecipe), ("without", RayRecipe)):
        kind = other if telling in plain else kind
    return kind(**{**plain, "optimiser": optimiser, "schedule": schedule})


def start_from(network: nn.Module, path: Path) -> str:
    """Put the parameters of a checkpoint into a fresh network, those that fit; says how many.

    path: a run of this project, or an official file, also of ImageNet weights. Raises
    CheckpointError where less than half of the network is in it.
    """
    file = find_checkpoint(path)
    content = read_checkpoint(file)
    ours = isinstance(content, Mapping) and "recipe" in content
    weights = _average(content) if ours else _translated(read_state(file))
    expected = network.state_dict()
    fitting = {
        name: value
        for name, value in weights.items()
        if name in expected and value.shape == expected[name].shape
    }
    said = f"{len(fitting)} of {len(expected)} parameters of the network are in {file}"
    if 2 * len(fitting) < len(expected):
        raise CheckpointError(f"Only {said}: it is of another network.")
    network.load_state_dict({**expected, **fitting})
    return said


def as_average(network: nn.Module) -> dict[str, Tensor]:
    """The state of a learner that has kept its averaged network and nothing else."""
    return {f"{AVERAGE}module.{name}": value for name, value in network.state_dict().items()}


def _average(content: Mapping[str, Any]) -> dict[str, Tensor]:
    prefix = f"{AVERAGE}module."
    return {
        name.removeprefix(prefix): value
        for name, value in content["state_dict"].items()
        if name.startswith(prefix)
    }


def _translated(state: dict[str, Tensor]) -> dict[str, Tensor]:
    layout = next((layout for layout in LAYOUTS if layout.signature in state), None)
    return layout.translate(state) if layout else state
