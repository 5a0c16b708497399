"""A take of somebody who walks in a room, whose truth is known, as it would be recorded."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.session.recording import load_document
from engine.session.whole_files import write_document
from tests.engine.bodies import make_session
from tests.engine.walker import FOCAL, RATE, STATURE, STRIDES, film, walking

PITCH, HEIGHT = 15.0, 1.6  # degrees and m, of the camera


def make_walk(
    folder: Path,
    seconds: float = 4.0,
    *,
    scale: float = 1.0,
    noise: float = 0.0,
    waver: float = 0.0,
) -> tuple[Path, np.ndarray]:
    """The session and the truth, (T, 17, 3) m in the room.

    scale: how much larger the lifter takes the body; noise: mm, of joints; waver: mm, by which the
    place goes to and fro in depth, 0.7 times a second.
    """
    truth = walking(seconds, step=STRIDES)
    seen = film(truth, pitch=PITCH, height=HEIGHT)
    rng, times = np.random.default_rng(0), np.arange(len(truth)) / RATE
    joints = np.stack([frame.lifted.keypoints for frame in seen]) * scale
    joints[:, 1:] += rng.normal(0, noise, joints[:, 1:].shape)
    root = truth[:, 0].copy()
    root[:, 2] += waver / 1000 * np.sin(2 * np.pi * 0.7 * times)
    session = make_session(
        folder,
        joints.astype(np.float32),
        timestamps=times,
        root=root.astype(np.float32),
    )
    camera = {"focal_px": FOCAL, "pitch_deg": PITCH, "roll_deg": 0.0, "height_m": HEIGHT}
    room = {"camera": camera | {"sources": {}}, "body_height_m": STATURE, "raw": True}
    write_document(session, load_document(session) | room)
    return session, truth
