"""Command line options that several commands share.

Names of models are looked up only when needed. Knows no command.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar, cast

import click

from app.option_types import Number, OneOf, PlainPath, SeveralOf, Size
from engine.models.model_spec import find_models
from engine.runtimes import AUTO, DEVICES, PRECISIONS, RUNTIMES
from engine.space.room import BOUNDS
from engine.types import MOST_PEOPLE

F = TypeVar("F", bound=Callable[..., Any])


ABOVE_ZERO = Number(0, whole=True, above=True)
SHARE = Number(0, 1)
PATH = PlainPath()
BACKBONES = SeveralOf("backbone", partial(find_models, "pose2d"))
PRECISION = OneOf("precision", lambda: PRECISIONS)


def options(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Several of click's as one; the first is listed first."""

    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


source = click.option(
    "--source",
    metavar="S",
    help="Camera index or name, video file, picture, image folder, URL, or demo.",
)


def _with_device(function: F) -> F:
    """``--device`` becomes a part of the runtime's name, as open_runtime takes it."""

    @wraps(function)
    def call(*args: Any, runtime: str, device: str | None, **given: Any) -> Any:
        if device and runtime not in (AUTO, "openvino"):
            raise click.UsageError("--device is OpenVINO's: use it with --runtime openvino.")
        return function(*args, runtime=f"openvino:{device}" if device else runtime, **given)

    return cast(F, call)


runtime = options(
    click.option("--runtime", type=OneOf("runtime", lambda: (AUTO, *RUNTIMES)), default=AUTO),
    click.option(
        "--precision",
        type=PRECISION,
        default=AUTO,
        help="Arithmetic of the backbone; auto: the fastest here.",
    ),
    click.option(
        "--device", type=OneOf("device", lambda: DEVICES), help="Device of OpenVINO (CPU)."
    ),
    _with_device,
)
network = options(
    click.option(
        "--backbone",
        type=OneOf("backbone", partial(find_models, "pose2d")),
        help="Network that finds keypoints (the most accurate with 25 results a second here).",
    ),
    click.option(
        "--lifter",
        type=OneOf("lifter", partial(find_models, "lift3d")),
        help="Network that makes 3D of 2D (ray_lifter_over_time).",
    ),
    runtime,
)
camera = options(
    click.option(
        "--size", type=Size(), metavar="WxH", help="Picture size to ask a camera for (640x480)."
    ),
    click.option("--fps", type=Number(0, above=True), help="Frame rate to ask a camera for."),
)
room = options(
    click.option(
        "--fov",
        type=Number(*BOUNDS["field_of_view"]),
        help="Horizontal field of view, degrees (from EXIF or the webcam's name, else 60).",
    ),
    click.option(
        "--pitch",
        type=Number(*BOUNDS["pitch"]),
        help="Degrees by which the camera looks down (estimated).",
    ),
    click.option(
        "--roll",
        type=Number(*BOUNDS["roll"]),
        help="Degrees by which it is turned clockwise (estimated).",
    ),
    click.option(
        "--body-height",
        type=Number(*BOUNDS["body_height"]),
        help="Height of the person in metres (1.7).",
    ),
)
people = click.option(
    "--people",
    type=Number(1, MOST_PEOPLE, whole=True),
    help="How many people to follow (window: as last set; else 1).",
)
live_out = options(
    click.option(
        "--osc",
        metavar="[HOST:]PORT",
        help="Send live results by OSC to this address; see docs/live-out.md.",
    ),
    click.option(
        "--websocket",
        metavar="[HOST:]PORT",
        help="Serve results to WebSocket clients at this address.",
    ),
)
estimation = options(source, network, camera, room, people, live_out)  # from a source to results
settings = click.option(
    "--settings", type=PATH, metavar="INI", help="Settings file to use in place of the user's own."
)
