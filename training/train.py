"""``python -m training.train RECIPE``: pictures → a trained backbone, resumable, its curve in a
CSV.

Knows the loop only: what to train on is in recipes.py, what the network is in models/, how a
picture becomes a sample in datasets/.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel
from torch.utils.data import DataLoader, Dataset

from training.curve import log_row
from training.datasets.augment import make_sample
from training.datasets.pictures import DATA, PHOTOS, Picture, load_pictures
from training.metrics import pck
from training.models import MPII_MEAN
from training.predict import heatmaps_of, predict_pictures, truth
from training.recipes import RECIPES, Recipe, Stage

CHECKPOINT_SECONDS = 180

Tensors = tuple[Tensor, ...] | list[Tensor]


class StageSamples(Dataset[tuple[np.ndarray, np.ndarray, np.ndarray]]):
    """The samples of one stage, each drawn from its own seed: a resumed run sees the same ones.

    seen: samples of this stage that are done; total: those of the whole run.
    """

    def __init__(
        self, stage: Stage, seed: int, sets: dict[str, list[Picture]], seen: int, total: int
    ) -> None:
        self.stage, self.seed, self.left, self.total = (
            stage,
            seed,
            max(stage.images - seen, 0),
            total,
        )
        self.sets = [sets[name] for name in stage.shares]
        shares = np.array(list(stage.shares.values()))
        self.shares = shares / shares.sum()

    def __len__(self) -> int:
        return self.left

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        stage, rng = self.stage, np.random.default_rng([self.seed, self.total + index])
        pictures = self.sets[rng.choice(len(self.sets), p=self.shares)]
        picture = pictures[rng.integers(len(pictures))]
        sample = make_sample(picture, stage.size, stage.sigma, stage.augmentation, rng)
        return sample.image, sample.heatmaps, sample.weights


def heatmap_loss(
    heatmaps: list[Tensor], targets: Tensor, weights: Tensor, emphasis: float = 0.0
) -> Tensor:
    """Squared error summed over stacks (Newell 2016, section 3.3) and over each sample's maps.

    weights: (N, K), 0 masks an unlabelled joint. emphasis: how much more a peak counts than the
    ground; with none, a fresh network takes long to learn that all zero is not the answer.
    """
    mask = weights[:, :, None, None] * (1 + emphasis * targets)
    errors = [(mask * (h.float() - targets) ** 2).sum(dim=(1, 2, 3)).mean() for h in heatmaps]
    return torch.stack(errors).sum()


def follow(decay: float) -> Callable[[Tensors, Tensors, Tensor | int], None]:
    """An exponential moving average that starts short, so that it is of use from the first
    minute.
    """

    def update(average: Tensors, current: Tensors, count: Tensor | int) -> None:
        weight = 1 - min(decay, (1 + int(count)) / (10 + int(count)))
        for mine, new in zip(average, current, strict=True):
            if mine.is_floating_point():
                mine.lerp_(new, weight)
            else:
                mine.copy_(new)

    return update


class Trainer:
    """One run in one folder: ``last.pt`` to resume from, ``curve.csv`` to look at."""

    def __init__(self, recipe: Recipe, folder: Path, data: Sequence[Path]) -> None:
        self.recipe, self.folder, self.data = recipe, folder, data
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.bf16 = self.device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
        torch.manual_seed(recipe.seed)
        self.model = recipe.model().to(self.device)
        self.model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = AveragedModel(self.model, multi_avg_fn=follow(recipe.ema), use_buffers=True)
        self.optimiser = torch.optim.AdamW(self.model.parameters(), lr=1.0, weight_decay=1e-4)
        self.stage, self.seen, self.total = 0, 0, 0  # stage, samples seen in it, in all
        self.started = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.pt").exists():
            self._load()

    def run(self) -> None:
        while self.stage < len(self.recipe.stages):
            stage = self.recipe.stages[self.stage]
            sets = {name: load_pictures(self.data, name) for name in stage.shares}
            validation = {name: both[1] for name, both in sets.items()}
            self._run_stage(stage, {name: both[0] for name, both in sets.items()}, validation)
            self.stage, self.seen = self.stage + 1, 0
            self._save()

    def _run_stage(
        self, stage: Stage, training: dict[str, list[Picture]], validation: dict[str, list[Picture]]
    ) -> None:
        if self.seen == 0:
            self.average.n_averaged.zero_()  # another size, other weights: average afresh
        samples = StageSamples(stage, self.recipe.seed, training, self.seen, self.total)
        loader = DataLoader(samples, stage.batch, num_workers=1, prefetch_factor=8)
        saved, loss_sum, count = time.monotonic(), 0.0, 0
        for image, targets, weights in loader:
            loss_sum += self._step(image, targets, weights, stage.emphasis)
            count += 1
            self.seen += len(image)
            self.total += len(image)
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                saved = time.monotonic()
                self._save()
                self._log(stage, loss_sum / count, validation)
                loss_sum, count = 0.0, 0
        self._log(stage, loss_sum / max(count, 1), validation)

    def _step(self, image: Tensor, targets: Tensor, weights: Tensor, emphasis: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self._learning_rate()
        self.model.train()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            heatmaps = self.model(MPII_MEAN(image.to(self.device)))
        targets, weights = targets.to(self.device), weights.to(self.device)
        loss = heatmap_loss(heatmaps, targets, weights, emphasis)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        self.average.update_parameters(self.model)
        return float(loss.detach())

    def _learning_rate(self) -> float:
        """Linear warm-up, then linearly to zero over the whole recipe."""
        progress = min(self.total / sum(stage.images for stage in self.recipe.stages), 1.0)
        warm = min(1.0, self.total / self.recipe.warmup + 0.01)
        stage = self.recipe.stages[min(self.stage, len(self.recipe.stages) - 1)]
        return self.recipe.learning_rate * warm * (1 - progress) * stage.boost

    def _log(self, stage: Stage, loss: float, validation: dict[str, list[Picture]]) -> None:
        row: dict[str, object] = {
            "seconds": round(time.monotonic() - self.started),
            "samples": self.total,
            "size": stage.size,
            "learning_rate": f"{self._learning_rate():.2e}",
            "loss": f"{loss:.3e}",
        }
        for name in (*PHOTOS, "synthetic"):
            pictures = validation.get(name, [])[:100]
            row[f"pck_{name}"] = self._pck(pictures, stage.size) if pictures else ""
        log_row(self.folder / "curve.csv", row)

    def _pck(self, pictures: list[Picture], size: int) -> str:
        heatmaps = heatmaps_of(self.average.module, MPII_MEAN)
        found, _ = predict_pictures(heatmaps, pictures, (size, size))
        return f"{pck(found, *truth(pictures)):.1f}"

    def _save(self) -> None:
        state = {
            "recipe": self.recipe.name,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": [self.stage, self.seen, self.total],
        }
        partial = self.folder / "last.pt.partial"
        torch.save(state, partial)
        partial.replace(self.folder / "last.pt")

    def _load(self) -> None:
        state = torch.load(self.folder / "last.pt", weights_only=True, map_location=self.device)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.stage, self.seen, self.total = state["progress"]


def load_average(recipe: Recipe, checkpoint: Path) -> nn.Module:
    """The averaged network of a checkpoint, ready to evaluate or export."""
    average = AveragedModel(recipe.model(), use_buffers=True)
    average.load_state_dict(
        torch.load(checkpoint, weights_only=True, map_location="cpu")["average"]
    )
    return average.module.eval()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("recipe", choices=sorted(RECIPES))
    parser.add_argument("--data", type=Path, nargs="+", default=DATA)
    parser.add_argument("--run", type=Path, help="folder of the run (default runs/RECIPE)")
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    folder = arguments.run or Path("runs") / arguments.recipe
    Trainer(RECIPES[arguments.recipe](), folder, arguments.data).run()


if __name__ == "__main__":
    main()
