"""Renders the bundled demo clip and its truth: ``python -m training.synthetic.demo``.

Ten seconds of a man who waves people on and stretches his arms in a living room. The body is
MakeHuman's base mesh (CC0 1.0), the motion "directing traffic" of the CMU database: The data used
in this project was obtained from mocap.cs.cmu.edu. The database was created with funding from NSF
EIA-0196217.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np

from engine.skeleton import H36M17, MPII16
from engine.space.camera import look_at
from training import SHARED_DATA
from training.cli import answer
from training.datasets.motion.mocap import load_clips
from training.synthetic.body import load_template, shape_body
from training.synthetic.clothes import Outfit, dress
from training.synthetic.living_room import living_room
from training.synthetic.motion import Pose, pose_body
from training.synthetic.renderer import Renderer
from training.synthetic.rotations import frame
from training.synthetic.scene import Camera, Light, Material
from training.synthetic.truth import keypoints, visibility

ASSETS = Path(__file__).parents[2] / "assets"
_CLIP, _START = "train/directing_traffic_4", 150
FRAMES, RATE, WIDTH, HEIGHT = 300, 30, 640, 480
_EYE, _TARGET = np.array([0.2, 1.35, 2.95]), np.array([-0.08, 1.03, 0.0])
FOCAL = 585.0  # pixels: 57 degrees across, as webcams have
_LIGHT = Light(
    direction=np.array([-0.55, 0.9, 0.75]),
    colour=(0.62, 0.58, 0.52),
    sky=(0.42, 0.44, 0.48),
    ground=(0.24, 0.21, 0.19),
)
_OUTFIT = Outfit(
    skin=(0.72, 0.45, 0.33),
    hair=(0.06, 0.035, 0.025),
    shirt=Material((0.07, 0.2, 0.3), gloss=0.02),
    trousers=Material((0.045, 0.055, 0.09), (0.07, 0.08, 0.12), "blotches", 0.006, 0.03),
    shoes=Material((0.2, 0.05, 0.04)),
    soles=Material((0.7, 0.7, 0.68)),
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Render the demo clip.")
    parser.add_argument("--data", type=Path, default=SHARED_DATA, help="human_mesh/ and mocap/")
    parser.add_argument("--out", type=Path, default=ASSETS)
    given = parser.parse_args()
    return answer(lambda: _render(given.data, given.out))


def _render(data: Path, out: Path) -> None:
    pose = _perform(data)
    out.mkdir(parents=True, exist_ok=True)
    centre = ((WIDTH - 1) / 2, (HEIGHT - 1) / 2)
    camera = Camera(look_at(_EYE, _TARGET), _EYE, FOCAL, centre, (WIDTH, HEIGHT))
    flat, solid = keypoints(pose)
    joints = 1000 * camera.to_camera(solid)
    visible = _encode(_film(pose, camera), out / "demo.mp4")
    np.savez_compressed(
        out / "demo_truth.npz",
        timestamps=np.arange(FRAMES) / RATE,
        keypoints2d=camera.project(flat).astype(np.float32),
        visible=visible,
        joints3d=(joints - joints[:, :1]).astype(np.float32),
        keypoint_names=MPII16.keypoints,
        joint_names=H36M17.keypoints,
    )


def _perform(data: Path) -> Pose:
    """The man, about the origin and on average facing +Z, his motion smoothed over a few frames."""
    clip = next(clip for clip in load_clips(data / "mocap") if clip.name == _CLIP)
    part = slice(_START, _START + FRAMES)
    joints = {name: cv2.GaussianBlur(t, (1, 7), 1.2)[part] for name, t in clip.joints.items()}
    across = (joints["l_hip"] - joints["r_hip"]).mean(axis=0)
    facing = frame(np.array([0.0, 1.0, 0.0]), across)
    template = load_template(data / "human_mesh")
    body = shape_body(template, male=0.95, muscle=0.15, weight=-0.1, height=0.03)
    pose = pose_body(body, {name: track @ facing for name, track in joints.items()})
    return pose.moved(-pose.places[:, 0].mean(axis=0) * [1, 0, 1])


def _film(pose: Pose, camera: Camera) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pictures (H, W, 3) uint8 RGB with a little sensor noise, and what is visible, (16,) bool."""
    figure, room, rng = dress(pose.body, _OUTFIT), living_room(), np.random.default_rng(0)
    points = keypoints(pose)[0]
    with Renderer() as renderer:
        for index in range(len(points)):
            mesh = figure.posed(pose, index)
            drawn, depth = renderer.draw(mesh, room, camera, _LIGHT, oversampling=2.5)
            noisy = drawn[:, :, :3] + rng.normal(0, 1.5, (HEIGHT, WIDTH, 1))
            yield noisy.clip(0, 255).astype(np.uint8), visibility(points[index], camera, depth) == 2


def _encode(film: Iterator[tuple[np.ndarray, np.ndarray]], out: Path) -> np.ndarray:
    """Write the pictures as H.264; returns the visibility of all frames, (T, 16) bool."""
    visible = []
    with av.open(str(out), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", RATE, options={"crf": "17", "preset": "slow"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for picture, seen in film:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
            visible.append(seen)
        container.mux(stream.encode())
    return np.stack(visible)


if __name__ == "__main__":
    sys.exit(main())
