"""Endless views for lifters that are told the camera: varied bodies, cameras known or not.

What is drawn is motion on virtual bodies (bodies.py) before virtual cameras; what detectors leave
of it comes from detections.py.
"""

from __future__ import annotations

import numpy as np

from engine.skeleton import MPII16
from engine.space.lifter import View
from training.datasets.motion import bodies
from training.datasets.motion import virtual_cameras as cameras
from training.datasets.motion.detections import detect_stretches, drop, shipped_errors
from training.datasets.motion.lifter_views import THRESHOLDS, lifter_inputs
from training.datasets.motion.moves import Moves

TAKEN = 2
FAULTLESS, FAULTLESS_OVER_TIME = 0.6, 0.45  # shares of the samples whose keypoints are exact
CLOSE_UPS, HALF_BODIES = 0.12, 0.15  # shares of the pictures
GUESSED_FOCAL = 0.4  # share of the samples with the focal length that is taken for unknown ones
TILT_KNOWN, HEIGHT_KNOWN = 0.5, 0.5  # shares of the samples
TILT_OFF, HEIGHT_OFF = 1.0, 0.03  # deviation of what is known: degrees, of the height
RATE = 25.0  # frames a second, of lifters over time
NEW, GAP = 0.15, 0.1  # shares of the stretches: somebody found lately, somebody lost for a while

RayBatch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]
# keypoints (N,[T,]16,2), visible, camera (N,7), joints (N,17,3), up (N,3), known (N,17)


def batch(moves: Moves, rng: np.random.Generator, count: int, window: int = 1) -> RayBatch:
    """Random poses, or stretches of ``window`` frames up to them; each comes `TAKEN` times, as
    different detectors find it and with different things known of the camera.
    """
    drawn, begun = moves.draw(rng, -(-count // TAKEN), window, RATE)
    views, tall = film(drawn, rng)
    again = np.arange(count) // TAKEN
    views, tall = cameras.take(views, again), tall[again]
    keypoints, inside = cameras.as_mpii16(views)
    keypoints, visible = np.nan_to_num(keypoints), np.ones(inside.shape)
    spoilt = np.flatnonzero(
        rng.random(count) >= (FAULTLESS if window == 1 else FAULTLESS_OVER_TIME)
    )
    thresholds = rng.uniform(*THRESHOLDS, (len(spoilt), 1, 1))
    keypoints[spoilt], visible[spoilt] = detect_stretches(
        keypoints[spoilt], shipped_errors().half(0), rng, thresholds, RATE
    )
    lost = drop(np.ones((count, len(MPII16))), rng)[:, None] == 0
    here = begun[again] & _followed(rng, count, window)
    visible *= inside & here[..., None] & ~(lost & _sometime(rng, count, window)[..., None])
    keypoints, visible = lifter_inputs(keypoints, visible)
    if window == 1:
        keypoints, visible = keypoints[:, 0], visible[:, 0]
    known = ~np.isnan(views.joints[..., 0])
    truth = np.nan_to_num(views.joints), views.up, known.astype(np.float32)
    return keypoints, visible, told(views, tall, rng), *truth


def _followed(rng: np.random.Generator, count: int, window: int) -> np.ndarray:
    """(count, window) bool: most are followed all along, some were found lately, some lost for a
    while; in the last frame everybody is there.
    """
    age = np.arange(window - 1, -1, -1)
    lately, lost = rng.random((count, 1)) < NEW, rng.random((count, 1)) < GAP
    found = np.where(lately, rng.integers(0, window, (count, 1)), window)
    return np.asarray((age <= found) & ~(lost & _sometime(rng, count, window)) | (age == 0))


def _sometime(rng: np.random.Generator, count: int, window: int) -> np.ndarray:
    """(count, window) bool: all along in half of them, else for some of the time."""
    ends = np.sort(rng.integers(0, window + 1, (count, 2)), axis=1)
    ends[rng.random(count) < 0.5] = 0, window
    return np.asarray((np.arange(window) >= ends[:, :1]) & (np.arange(window) < ends[:, 1:]))


def film(poses: np.ndarray, rng: np.random.Generator) -> tuple[cameras.Views, np.ndarray]:
    """Stretches (N, T, 17, 3) on other bodies before cameras; the bodies' heights (N,) in m."""
    drawn = cameras.swap_limbs(bodies.seat(poses, rng), rng)
    varied, tall = bodies.vary(drawn, rng)
    return cameras.sample_views(varied, rng, CLOSE_UPS, HALF_BODIES), tall


def told(views: cameras.Views, tall: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N, 7) `engine.models.model_spec.CAMERA`: each part known in some, never to the last bit."""
    count, unknown = len(tall), View.guessed(cameras.WIDTH, cameras.HEIGHT)
    guessed = rng.random(count) < GUESSED_FOCAL
    tilted, measured = rng.random(count) < TILT_KNOWN, rng.random(count) < HEIGHT_KNOWN
    return as_camera(
        np.where(guessed, unknown.focal, views.focal),
        (views.pitch + rng.normal(0, TILT_OFF, count)) * tilted,
        (views.roll + rng.normal(0, TILT_OFF, count)) * tilted,
        tilted,
        tall * np.exp(rng.normal(0, HEIGHT_OFF, count)) * measured,
    )


def as_camera(
    focal: np.ndarray, pitch: np.ndarray, roll: np.ndarray, tilted: np.ndarray, tall: np.ndarray
) -> np.ndarray:
    """(N, 7) float32 of (N,) each, for pictures of the virtual cameras."""
    middle = np.broadcast_to([[cameras.WIDTH / 2, cameras.HEIGHT / 2]], (len(focal), 2))
    rest = np.stack([pitch, roll, tilted, tall], axis=1)
    return np.concatenate([focal[:, None], middle, rest], axis=1).astype(np.float32)


def nothing_told(count: int) -> np.ndarray:
    """(count, 7): the camera that the engine takes where nothing is known."""
    return View.guessed(cameras.WIDTH, cameras.HEIGHT).as_input().repeat(count, axis=0)
