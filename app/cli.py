"""The command line. Imports neither Qt nor a runtime until it knows that it needs one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from app.logs import kept_log
from app.option_types import Commands, Number, OneOf, PlainPath, SeveralOf, Size
from app.signals import Ended, ending_signals
from engine.messages import let_any_terminal_read
from engine.space.room import BOUNDS, RoomSettings
from engine.types import MOST_PEOPLE

MISSING, BAD_INPUT = 1, 2
DEBUG = "--debug"  # may stand anywhere
PROGRAM = "python main.py"
EXAMPLES = """\b
Examples:
  python main.py                                        the window, on the first camera
  python main.py --source walk.mp4 --backbone hourglass_2
  python main.py record --source 0 --out takes/1 --video
  python main.py export takes/1 --format bvh
Exit codes: 0 done, 1 something needed is missing, 2 bad input, 128 + the signal that ended it."""

F = TypeVar("F", bound=Callable[..., Any])


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; bad input is one line on stderr and exit code 2."""
    let_any_terminal_read()
    words = list(sys.argv[1:] if argv is None else argv)
    debug, words = DEBUG in words, [word for word in words if word != DEBUG]
    try:
        with ending_signals(), kept_log(debug):
            return int(sandglass.main(words, prog_name=PROGRAM, standalone_mode=False) or 0)
    except click.ClickException as error:
        return _refused(error.format_message().replace("\n", " "))
    except (OSError, ValueError, RuntimeError) as error:
        return _refused(str(error))
    except Ended as ended:
        print("sandglass: stopped.", file=sys.stderr)
        return ended.code


def _refused(line: str) -> int:
    print(f"sandglass: {line}", file=sys.stderr)
    return BAD_INPUT


# --- what options may hold -----------------------------------------------------------------------


def _models(task: str) -> Callable[[], Iterable[str]]:
    def names() -> Iterable[str]:
        from engine.models.model_spec import find_models

        return find_models(task)

    return names


def _runtimes() -> Iterable[str]:
    from engine.runtimes import RUNTIMES

    return ("auto", *RUNTIMES)


def _precisions() -> Iterable[str]:
    from engine.runtimes import PRECISIONS

    return PRECISIONS


def _devices() -> Iterable[str]:
    from engine.runtimes import DEVICES

    return DEVICES


def _bench_runtimes() -> Iterable[str]:
    from app.bench import KNOWN

    return KNOWN


def _bench_networks() -> Iterable[str]:
    from app.bench import benchable

    return benchable()


def _formats() -> Iterable[str]:
    from engine.session.export import FORMATS

    return FORMATS


ABOVE_ZERO = Number(0, whole=True, above=True)
SHARE = Number(0, 1)
PATH = PlainPath()
BACKBONE = OneOf("backbone", _models("pose2d"))


def options(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Several of click's as one; the first is listed first."""

    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


source = click.option(
    "--source", metavar="S", help="Camera index or name, video file, image folder, URL, or demo."
)


def _with_device(function: F) -> F:
    """``--device`` becomes a part of the runtime's name, as open_runtime takes it."""

    @wraps(function)
    def call(*args: Any, runtime: str, device: str | None, **given: Any) -> Any:
        if device and runtime not in ("auto", "openvino"):
            raise click.UsageError("--device is OpenVINO's: use it with --runtime openvino.")
        return function(*args, runtime=f"openvino:{device}" if device else runtime, **given)

    return cast(F, call)


runtime = options(
    click.option("--runtime", type=OneOf("runtime", _runtimes), default="auto"),
    click.option(
        "--precision",
        type=OneOf("precision", _precisions),
        default="auto",
        help="Of the backbone; auto: what is fastest here.",
    ),
    click.option("--device", type=OneOf("device", _devices), help="OpenVINO's (CPU)."),
    _with_device,
)
network = options(
    click.option(
        "--backbone",
        type=BACKBONE,
        help="Finds keypoints; the most accurate that keeps 25 results a second here.",
    ),
    click.option("--lifter", type=OneOf("lifter", _models("lift3d")), help="2D to 3D."),
    runtime,
)
camera = options(
    click.option("--size", type=Size(), help="Asked of a camera (640x480)."),
    click.option("--fps", type=Number(0, above=True), help="Asked of a camera."),
)
room = options(
    click.option(
        "--fov",
        type=Number(*BOUNDS["field_of_view"]),
        help="Degrees across the picture (as EXIF or the webcam's name say, else 60).",
    ),
    click.option(
        "--pitch", type=Number(*BOUNDS["pitch"]), help="Degrees the camera looks down (estimated)."
    ),
    click.option(
        "--roll", type=Number(*BOUNDS["roll"]), help="Degrees it is turned clockwise (estimated)."
    ),
    click.option(
        "--body-height",
        type=Number(*BOUNDS["body_height"]),
        help="Metres, of who is seen (guess: 1.7).",
    ),
)
people = click.option(
    "--people",
    type=Number(1, MOST_PEOPLE, whole=True),
    help="How many to follow (as remembered, else 1).",
)
live_out = options(
    click.option("--osc", metavar="[HOST:]PORT", help="Send results there, see docs/live-out.md."),
    click.option("--websocket", metavar="[HOST:]PORT", help="Offer results to clients there."),
)
session = click.argument("session", type=PATH)
result = click.option("--result", metavar="BACKBONE", help="What rerun made, not the take.")
cleaning = options(
    click.option(
        "--cutoff", type=Number(0, above=True), metavar="HZ", help="Of the clean result (6)."
    ),
    click.option(
        "--fill", type=Number(0), metavar="SECONDS", help="Its longest gap that is filled (0.5)."
    ),
)
overwrite = click.option("--overwrite", is_flag=True, help="Replace what is there.")


# --- the commands --------------------------------------------------------------------------------


@click.group(
    cls=Commands,
    invoke_without_command=True,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@source
@network
@camera
@room
@people
@live_out
@click.option("--screenshot", type=PATH, metavar="PNG", help="Save a picture, then quit.")
@click.option("--after", type=ABOVE_ZERO, default=60, help="Results before it (60).")
@click.option("--settings", type=PATH, metavar="INI", help="Instead of the user's own.")
@click.option(DEBUG, is_flag=True, expose_value=False, help="What is logged, on stderr too.")
@click.version_option(package_name="sandglass-pose", prog_name="Sandglass")
@click.pass_context
def sandglass(ctx: click.Context, /, **given: Any) -> int | None:
    """Sandglass: one webcam in, live 2D and 3D skeleton out. Without a command: the window."""
    return None if ctx.invoked_subcommand else _window(**_with_room(given))


def _window(screenshot: Path | None, after: int, settings: Path | None, **given: Any) -> int:
    from app.display import why_no_window

    if reason := why_no_window():
        print(f"sandglass: {reason} Running without a window.", file=sys.stderr)
        from app.headless import watch

        return watch(screenshot=screenshot, frames=after if screenshot else None, **given)
    from app.application import run

    return run(screenshot=screenshot, after=after, settings_file=settings, **given)


def _with_room(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed of the room as one value."""
    fov, pitch, roll, height = (given.pop(n) for n in ("fov", "pitch", "roll", "body_height"))
    return given | {"room": RoomSettings(fov, pitch, roll, body_height=height)}


@sandglass.command()
@source
@network
@camera
@room
@people
@live_out
@click.option("--out", type=PATH, required=True, metavar="DIR", help="The session's folder.")
@click.option("--frames", type=ABOVE_ZERO, help="Stop after so many.")
@click.option(
    "--video",
    is_flag=False,
    flag_value="raw",
    type=click.Choice(["raw", "overlay"]),
    help="Keep the picture too; overlay: and a second video with the skeleton drawn into it.",
)
@click.option("--smoothing", type=SHARE, help="0 … 1, of live out only: a take is raw.")
@click.option("--threshold", type=SHARE, help="0 … 1, of live out only: a take is raw.")
@click.option("--notes", default="", metavar="TEXT", help="Kept with the session.")
@click.option("--realtime", is_flag=True, help="Files at their own pace.")
@click.option("--loop", is_flag=True, help="Files again from the start.")
def record(**given: Any) -> int:
    """Poses to a session folder, without a window."""
    from app import headless

    return headless.record(**_with_room(_needing_source(given)))


@sandglass.command()
@source
@runtime
@click.option("--backbones", type=SeveralOf("backbone", _models("pose2d")), required=True)
@click.option("--out", type=PATH, metavar="DIR", help="Keep the table as compare.json.")
def compare(**given: Any) -> int:
    """Backbones on one source, as a table."""
    from app.compare import compare

    return compare(**_needing_source(given))


def _needing_source(given: dict[str, Any]) -> dict[str, Any]:
    if not given["source"]:
        raise click.UsageError("--source is missing: a camera, file, folder, URL, or demo.")
    return given


@sandglass.command()
@session
@network
@overwrite
def rerun(**given: Any) -> int:
    """A recorded video through another backbone."""
    if not given["backbone"]:
        raise click.UsageError("--backbone is missing: which network to run.")
    from app import headless

    return headless.rerun(**given)


@sandglass.command()
@session
@network
@live_out
@click.option("--settings", type=PATH, metavar="INI", help="Instead of the user's own.")
def replay(session: Path, settings: Path | None, **given: Any) -> int:
    """Show a recorded session in the window."""
    from app.display import why_no_window

    if reason := why_no_window():
        raise RuntimeError(f"{reason} A replay needs a window; to get a video: export --format mp4")
    from app.application import run

    return run(source=None, session=session, settings_file=settings, **given)


@sandglass.command()
@session
def recover(session: Path) -> int:
    """Finish what a crash left of a session."""
    from engine.session.finish import recover

    print(recover(session))
    return 0


@sandglass.command()
@session
@result
@cleaning
def clean(**given: Any) -> int:
    """A take smoothed without lag, swaps mended, gaps filled, beside the raw one: clean.npz."""
    from app.clean import clean_session

    return clean_session(**given)


@sandglass.command()
@session
@click.option("--format", type=OneOf("format", _formats), required=True)
@click.option("--out", type=PATH, metavar="PATH", help="The file or folder (in the session).")
@result
@click.option("--clean", is_flag=True, help="The clean result, made anew.")
@cleaning
@overwrite
def export(**given: Any) -> int:
    """A session as a file of another program; see docs/formats.md."""
    if not given["clean"] and (given["cutoff"], given["fill"]) != (None, None):
        raise click.UsageError("--cutoff and --fill are of the clean result: add --clean.")
    from app.export import export_session

    return export_session(**given)


@sandglass.command()
@click.option("--backbones", type=SeveralOf("network", _bench_networks), help="Six by default.")
@click.option("--runtime", type=SeveralOf("runtime", _bench_runtimes), help="All, torch too.")
@click.option("--seconds", type=Number(0, above=True), default=2.0, help="Of a measurement (2).")
@click.option("--json", type=PATH, metavar="FILE", help="Keep the figures.")
@click.option("--precision", type=OneOf("precision", _precisions), default="auto")
@click.option("--choose", is_flag=True, help="Only measure which backbone is the default here.")
def bench(
    backbones: list[str] | None,
    runtime: list[str] | None,
    seconds: float,
    json: Path | None,
    precision: str,
    choose: bool,
) -> int:
    """How fast each runtime computes each backbone."""
    if choose:
        from app.choice import choose_anew

        return choose_anew()
    from app.bench import BACKBONES, bench

    return bench(backbones or BACKBONES, runtime or [], seconds, json, precision)


@sandglass.command()
@click.option(
    "--camera",
    is_flag=False,
    flag_value="",
    metavar="S",
    help="Look through it, or the first one, for two seconds, and say how well it sees.",
)
def doctor(camera: str | None) -> int:
    """Cameras, runtimes, display, versions; 1 where something that is needed is missing."""
    if camera is not None:
        from app.camera_doctor import look

        return look(camera)
    from app.doctor import missing, report

    print("\n".join(report()))
    lacking = missing()
    for line in lacking:
        print(f"sandglass: {line}", file=sys.stderr)
    return MISSING if lacking else 0


@sandglass.group(invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> int | None:
    """What there is to choose from; without a word: a list."""
    if ctx.invoked_subcommand:
        return None
    from app.models import listing

    print(listing())
    return 0


@models.command("list")
def list_models() -> int:
    """The models here, and official files to be had."""
    from app.models import listing

    print(listing())
    return 0


@models.command("import")
@click.argument("network")
@click.argument("file", type=PATH)
@click.option("--name", help="Of the model (the network's).")
@click.option("--input-size", metavar="HxW", help="Where the file's name has none.")
@click.option("--stats", type=PATH, metavar="NPZ", help="Of a lifter's training set.")
@click.option("--detected", is_flag=True, help="A lifter trained on Hourglass detections.")
def import_model(
    network: str,
    file: Path,
    name: str | None,
    input_size: str | None,
    stats: Path | None,
    detected: bool,
) -> int:
    """An official checkpoint becomes a model here."""
    from app.models import import_model

    words = ["--detected"] if detected else []
    words += ["--stats", str(stats.resolve())] if stats else []
    words += ["--input-size", input_size] if input_size else []
    return import_model(network, file, name, words)


@models.group()
def engine() -> None:
    """TensorRT engines: built for the GPU that is here, listed, deleted."""


@engine.command("build")
@click.argument("names", nargs=-1)
def build_engines(names: tuple[str, ...]) -> int:
    """For the GPU that is here, of these models or of all; minutes."""
    from app.engines import build

    return build(list(names))


@engine.command("list")
def list_engines() -> int:
    """With what was measured when they were built."""
    from app.engines import listing

    print(listing())
    return 0


@engine.command("delete")
@click.argument("names", nargs=-1)
def delete_engines(names: tuple[str, ...]) -> int:
    """From the cache, of these models or all."""
    from app.engines import delete

    print(delete(list(names)))
    return 0
