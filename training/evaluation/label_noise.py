"""Which labels to doubt, judged by a network that is itself not always right.

How often the network is wrong at a given score is measured on careful labels. Where labels of a
noisy set are further off more often than that, the surplus is the labels' fault. Arithmetic only:
knows no pictures and no networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.skeleton import MPII16
from training.datasets.motion.detections import LIMBS
from training.datasets.pictures.random_crop import LOWER_BODY

SCORES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # bounds of the rows of a table
FAR = (0.06, 0.1, 0.2)  # bounds of its columns, in the person's extent; PCK@0.2 is at about 0.08
HALVES = ("upper", "lower")
HALF = np.array([int(name.endswith(LOWER_BODY)) for name in MPII16.keypoints])
PAIRS = {pair: np.isin(np.arange(len(MPII16)), which) for pair, which in LIMBS.items()}  # (K,) bool
SEEN = 4  # labelled joints of a pair of limbs, at least, to call its sides swapped
SURE = 5.0  # times as often as with careful labels: four in five are then the label's fault


@dataclass(frozen=True, eq=False)
class Compared:
    """What a network found of N people, against their labels."""

    distance: np.ndarray  # (N, K) to the label, in the person's extent; NaN where there is none
    mirrored: np.ndarray  # (N, K) to the label of the joint's other side
    scores: np.ndarray  # (N, K)


def compare(
    found: np.ndarray, scores: np.ndarray, truth: np.ndarray, labelled: np.ndarray
) -> Compared:
    """found, truth: (N, K, 2) pixels, MPII-16; scores, labelled: (N, K).

    The extent of a person is the longer side of the box around the labels.
    """
    known = np.where(labelled[..., None], truth, np.nan)
    extent = (np.nanmax(known, axis=1) - np.nanmin(known, axis=1)).max(axis=1)
    straight, crossed = (
        np.linalg.norm(some - known, axis=2) / extent.clip(1)[:, None]
        for some in (found, found[:, MPII16.flip])
    )
    return Compared(straight, crossed, scores)


def shares(compared: Compared) -> np.ndarray:
    """(2, 9, 4): of the labels of each half of the body at each score, how many are so far off."""
    counts = np.zeros((len(HALVES), len(SCORES) + 1, len(FAR) + 1))
    known = np.isfinite(compared.distance)
    np.add.at(counts, tuple(cell[known] for cell in _cells(compared)), 1)
    return np.asarray(counts / counts.sum(axis=2, keepdims=True).clip(1))


def belief(careful: Compared, noisy: Compared) -> np.ndarray:
    """(2, 9, 4): the share of the noisy labels in each cell of the table that careful labels would
    have there as well; what is near is believed.
    """
    expected, there = shares(careful), shares(noisy)
    table: np.ndarray = np.divide(expected, there, out=np.ones_like(there), where=there > 0)
    table[:, :, 0] = 1
    return table.clip(0, 1)


def weights(compared: Compared, table: np.ndarray) -> np.ndarray:
    """(N, K) float32, how far each label is believed; 1 where there is none."""
    looked_up: np.ndarray = table[_cells(compared)]
    return np.where(np.isfinite(compared.distance), looked_up, 1).astype(np.float32)


def swapped(compared: Compared, limbs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether a pair of limbs (K,) agrees only with its sides taken for each other, (N,), and the
    mean score of its joints, (N,); NaN where too few are labelled to tell.
    """
    straight, crossed = compared.distance[:, limbs], compared.mirrored[:, limbs]
    near, far = (np.nan_to_num(some, nan=0.0) for some in (crossed, straight))
    count = np.isfinite(straight).sum(axis=1)
    wrong = far.sum(axis=1) / count.clip(1) > FAR[1]
    score = np.where(count >= SEEN, compared.scores[:, limbs].mean(axis=1), np.nan)
    return (near.max(axis=1) < FAR[1]) & wrong & (count >= SEEN), score


def sure_from(careful: Compared, noisy: Compared, limbs: np.ndarray) -> float:
    """The lowest score of SCORES from which on swapped limbs are SURE times as frequent as with
    careful labels, where the network alone swaps; infinite where there is none.
    """
    for low in SCORES:
        rates = []
        for compared in (careful, noisy):
            found, score = swapped(compared, limbs)
            rates.append((found & (score >= low)).sum() / max((score >= low).sum(), 1))
        if rates[1] and rates[1] >= SURE * rates[0]:
            return low
    return np.inf


def _cells(compared: Compared) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The row, score and distance of each label in the table, (N, K) each."""
    half = np.broadcast_to(HALF, compared.distance.shape)
    score = np.digitize(compared.scores, SCORES)
    return half, score, np.digitize(np.nan_to_num(compared.distance), FAR)
