"""``python -m training.lifter``: motion capture → the trained 2D → 3D lifter in its model folder.

Resumable (runs/martinez/last.pt), its curve in a CSV. Knows the loop, the split and the reported
figures; bodies, cameras and detections come from datasets/virtual_cameras.py.
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.skeleton import H36M17, MPII16, convert_keypoints
from training import SHARED_DATA
from training.curve import log_row
from training.datasets import virtual_cameras as cameras
from training.datasets.mocap import Clip, h36m17, load_clips
from training.export import count_gmacs, write_model_folder
from training.metrics import mpjpe, procrustes_mpjpe
from training.models.martinez import INPUTS, Lifter, Martinez

SEED = 2017
BATCH = 256
LEARNING_RATE = 2e-3
WARMUP = 0.02  # of the run
EMA = 0.999
CHECKPOINT_SECONDS = 180
# Narrower than the paper's and unconstrained: learns more than 1024 wide in an hour on a CPU core.
NETWORK: dict[str, Any] = {
    "width": 512,
    "blocks": 2,
    "dropout": 0.0,
    "max_norm": False,
    "visibility": True,
}
PITCH_BANDS = ((-20, 0), (0, 20), (20, 45))
TRAINED_ON = (
    "Motion capture from mocap.cs.cmu.edu and HDM05 (without actor tr) through virtual cameras"
)
LICENCE = (
    "Weights: Apache-2.0. The data used in this project was obtained from mocap.cs.cmu.edu; the"
    " database was created with funding from NSF EIA-0196217 (free for research and in products)."
    " The data used in this project was obtained from HDM05 (CC BY-SA 3.0): Müller et al.,"
    " Documentation Mocap Database HDM05, CG-2007-2, Universität Bonn, 2007."
)
Batch = tuple[np.ndarray, np.ndarray, np.ndarray]  # keypoints (N,16,2), visible (N,16), joints


def split(clips: list[Clip]) -> dict[str, np.ndarray]:
    """(N, 17, 3) metres: ``actor`` (HDM05's tr), ``actions`` (their last fifth) and ``train``.

    In ``train``, the rest, every source has equally many frames, the short ones repeated.
    """
    actions = [clip for clip in clips if clip.source == "cmu_actions"]
    actor = [clip for clip in clips if (clip.source, clip.subject) == ("hdm05", "tr")]
    held_out = {"actor": actor, "actions": actions[-len(actions) // 5 :]}
    rest = [c for c in clips if not any(c is other for part in held_out.values() for other in part)]
    sources = [
        _poses([c for c in rest if c.source == name]) for name in sorted({c.source for c in rest})
    ]
    most = max(len(poses) for poses in sources)
    train = np.concatenate([poses[np.arange(most) % len(poses)] for poses in sources])
    return {"train": train} | {name: _poses(part) for name, part in held_out.items()}


def _poses(clips: list[Clip]) -> np.ndarray:
    return np.concatenate([h36m17(clip) for clip in clips])


def lifter_inputs(keypoints: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """MPII-16 keypoints (N, 16, 2) and flags (N, 16) → the lifter's, by the engine's conversion."""
    points, visible = convert_keypoints(keypoints, seen.astype(np.float32), MPII16, INPUTS)
    return points.astype(np.float32), visible


def training_batch(poses: np.ndarray, rng: np.random.Generator, count: int = BATCH) -> Batch:
    """Random poses, bodies and cameras, a quarter of them detected without fault."""
    drawn = cameras.swap_limbs(poses[rng.integers(0, len(poses), count)], rng)
    views = cameras.sample_views(cameras.vary_bodies(drawn, rng), rng)
    perfect, inside = cameras.as_mpii16(views)
    blurred, seen = cameras.blur(perfect, inside, rng)
    clean = rng.random(count) < 0.25
    blurred[clean], seen[clean] = perfect[clean], inside[clean]
    return *lifter_inputs(blurred, cameras.drop(seen, rng)), views.joints


def standardise(lifter: Lifter, poses: np.ndarray) -> None:
    """Set the lifter's statistics from 20,000 training samples; of seen keypoints only."""
    batch = training_batch(poses, np.random.default_rng(SEED), 20_000)
    keypoints, visible, joints = (torch.from_numpy(array) for array in batch)
    seen = visible > 0.5
    points, count = lifter.normalise(keypoints, seen), seen.sum(0)[:, None]
    lifter.mean_2d.copy_(points.sum(0) / count)
    square = ((points - lifter.mean_2d) * seen[..., None]).square().sum(0) / count
    lifter.std_2d.copy_(square.sqrt())
    lifter.mean_3d.copy_(joints[:, 1:].mean(0))
    lifter.std_3d.copy_(joints[:, 1:].std(0))


def joint_loss(found: Tensor, truth: Tensor) -> Tensor:
    """Mean distance of the joints, mm: Protocol 1 itself. Unseen joints count like all others."""
    return torch.mean(torch.linalg.vector_norm(found - truth, dim=-1))


def lift(lifter: Lifter, keypoints: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """(N, 17, 3) mm from MPII-16 keypoints (N, 16, 2) and flags (N, 16)."""
    inputs = [torch.from_numpy(array) for array in lifter_inputs(keypoints, seen)]
    with torch.inference_mode():
        return np.asarray(lifter.eval()(*inputs))


def evaluate(lifter: Lifter, poses: np.ndarray) -> dict[str, float]:
    """P1 and P2 in mm on unseen (N, 17, 3) poses, each before one fixed virtual camera.

    With keypoints missing, P1 is that of the joints that are left: of the upper body without legs.
    """
    rng = np.random.default_rng(SEED)
    views = cameras.sample_views(poses, rng, close_ups=0.0)
    keypoints, _ = cameras.as_mpii16(views)
    everything = np.ones(keypoints.shape[:2], bool)
    exact = lift(lifter, keypoints, everything)
    noisy = lift(lifter, *cameras.blur(keypoints, everything, rng))
    errors = mpjpe(exact, views.joints)
    figures = {
        "p1": errors,
        "p2": procrustes_mpjpe(exact, views.joints),
        "p1_noisy": mpjpe(noisy, views.joints),
        "p2_noisy": procrustes_mpjpe(noisy, views.joints),
    }
    for name in ("legs", "hips and legs", "one arm"):
        without = lift(lifter, keypoints, everything & ~cameras.missing(name))
        left = [joint not in cameras.MISSING[name][1] for joint in H36M17.keypoints]
        figures[f"p1_without_{name.replace(' ', '_')}"] = mpjpe(without, views.joints)[:, left]
    for low, high in PITCH_BANDS:
        band = (views.pitch >= low) & (views.pitch < high)
        figures[f"p1_pitch_{low}_{high}"] = errors[band]
    close = cameras.sample_views(poses, rng, close_ups=1.0)
    found = lift(lifter, *cameras.as_mpii16(close))
    figures["p1_close_up_inside"] = mpjpe(found, close.joints)[close.inside]
    return {name: round(float(values.mean()), 1) for name, values in figures.items()}


def follow(average: Lifter, lifter: Lifter, decay: float) -> None:
    """Move the running average of the weights and statistics towards the lifter's."""
    ours, theirs = average.state_dict(), lifter.state_dict()
    for name, value in ours.items():
        if value.is_floating_point():
            value.lerp_(theirs[name], 1 - decay)


class Trainer:
    """One run in one folder: ``last.pt`` to resume from, ``curve.csv`` to look at.

    Adam over a warm-up and half a cosine, as long as the clock allows; the averaged weights ship.
    """

    def __init__(self, folder: Path, poses: dict[str, np.ndarray]) -> None:
        torch.manual_seed(SEED)
        self.folder, self.poses = folder, poses
        self.lifter = Lifter(Martinez(**NETWORK))
        standardise(self.lifter, poses["train"])
        self.average = copy.deepcopy(self.lifter)
        self.optimiser = torch.optim.AdamW(self.lifter.parameters(), weight_decay=0.01)
        self.seconds, self.steps = 0.0, 0
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.pt").exists():
            self._load()

    def run(self, seconds: float) -> None:
        """Train until ``seconds`` in all have gone into this run, earlier sittings counted in."""
        while self.seconds < seconds:
            sitting, losses = time.monotonic(), []
            rng = np.random.default_rng([SEED, self.steps])
            until = min(seconds - self.seconds, CHECKPOINT_SECONDS)
            while (elapsed := time.monotonic() - sitting) < until:
                losses.append(self._step((self.seconds + elapsed) / seconds, rng))
            self.seconds += elapsed
            self._save()
            self._log(float(np.mean(losses)))

    def _step(self, progress: float, rng: np.random.Generator) -> float:
        for group in self.optimiser.param_groups:
            cosine = 0.5 * (1 + math.cos(math.pi * progress))
            group["lr"] = LEARNING_RATE * cosine * min(1.0, progress / WARMUP + 0.01)
        batch = training_batch(self.poses["train"], rng)
        keypoints, visible, joints = (torch.from_numpy(array) for array in batch)
        loss = joint_loss(self.lifter.train()(keypoints, visible), joints)
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        follow(self.average, self.lifter, min(EMA, self.steps / (self.steps + 10)))
        self.steps += 1
        return float(loss.detach())

    def _log(self, loss: float) -> None:
        row: dict[str, object] = {"seconds": round(self.seconds), "samples": self.steps * BATCH}
        row |= {"loss_mm": round(loss, 1)} | evaluate(self.average, self.poses["actor"])
        log_row(self.folder / "curve.csv", row)

    def _save(self) -> None:
        state = {
            "lifter": self.lifter.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "progress": [self.seconds, self.steps],
        }
        torch.save(state, self.folder / "last.pt.partial")
        (self.folder / "last.pt.partial").replace(self.folder / "last.pt")

    def _load(self) -> None:
        state = torch.load(self.folder / "last.pt", weights_only=True)
        self.lifter.load_state_dict(state["lifter"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.seconds, self.steps = state["progress"]


def ship(lifter: Lifter, poses: dict[str, np.ndarray], folder: Path) -> None:
    """Write the model folder, with its figures on both held-out parts."""
    keypoints, visible, _ = training_batch(poses["actor"], np.random.default_rng(SEED))
    inputs = {"keypoints": torch.from_numpy(keypoints), "visible": torch.from_numpy(visible)}
    arguments = ", ".join(f"{key}={value}" for key, value in NETWORK.items())
    spec = {
        "name": "martinez",
        "task": "lift3d",
        "title": "Martinez lifter (motion capture)",
        "architecture": f"Martinez({arguments})",
        "keypoints": list(INPUTS),
        "skeleton": H36M17.name,
        "trained_on": TRAINED_ON,
        "licence": LICENCE,
        "metrics": {
            "command": "python -m training.lifter",
            "unit": "mm, one virtual camera a frame",
            "hdm05_actor_tr_held_out": evaluate(lifter, poses["actor"]),
            "cmu_actions_last_fifth_held_out": evaluate(lifter, poses["actions"]),
        },
        "params": sum(p.numel() for p in lifter.network.parameters()),
        "gmacs": round(count_gmacs(lifter, [array[:1] for array in inputs.values()]), 5),
    }
    lifter.network.bake()
    write_model_folder(folder, lifter, inputs, "joints", spec, tolerance=2.0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.lifter", description=__doc__)
    parser.add_argument(
        "--minutes", type=float, default=54, help="in all, earlier sittings included"
    )
    parser.add_argument("--out", type=Path, default=Path("assets/models/martinez"))
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--run", type=Path, default=Path("runs/martinez"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # the layers are too small to share
    poses = split(load_clips(arguments.data / "mocap"))
    trainer = Trainer(arguments.run, poses)
    trainer.run(arguments.minutes * 60)
    ship(trainer.average, poses, arguments.out)


if __name__ == "__main__":
    main()
