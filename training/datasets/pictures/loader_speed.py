"""How many samples one core makes in a second: what a loader's worker can deliver at best."""

from __future__ import annotations

import time
from collections.abc import Sequence

import cv2
import numpy as np

from training.datasets.pictures.augment import make_sample
from training.datasets.pictures.augmentation import Augmentation
from training.datasets.pictures.labels import Picture


def samples_per_second(
    pictures: Sequence[Picture],
    size: tuple[int, int],
    sigma: float,
    augmentation: Augmentation,
    seconds: float = 3.0,
) -> float:
    """From encoded picture to sample, in seconds of processor time, on one thread.

    A core that is shared with another process counts only while it works here.
    """
    threads, count, start = cv2.getNumThreads(), 0, time.process_time()
    cv2.setNumThreads(1)
    while (elapsed := time.process_time() - start) < seconds:
        picture, rng = pictures[count % len(pictures)], np.random.default_rng(count)
        make_sample(picture, size, sigma, augmentation, rng)
        count += 1
    cv2.setNumThreads(threads)
    return count / elapsed
