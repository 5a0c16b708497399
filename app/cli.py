"""The command line. Imports neither Qt nor a runtime until it knows that it needs one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn

import click

from app.logs import kept_log
from app.model_commands import bench, models
from app.option_types import Commands
from app.options import ABOVE_ZERO, BACKBONES, PATH, SHARE, estimation, runtime, settings, source
from app.session_commands import clean, export, recover, replay, rerun
from app.signals import BAD_INPUT, MISSING, Ended, ending_signals, leave
from engine.messages import let_any_terminal_read, with_file
from engine.space.room import RoomSettings

DEBUG = "--debug"  # may stand anywhere
PROGRAM = "python main.py"
EXAMPLES = """\b
Examples:
  python main.py                                        the window, on the first camera
  python main.py --source walk.mp4 --backbone hourglass_2
  python main.py record --source 0 --out takes/1 --video
  python main.py export takes/1 --format bvh
Exit codes: 0 done, 1 something needed is missing, 2 bad input, 128 + the signal that ended it."""


def run() -> NoReturn:
    """The process from beginning to end."""
    leave(main())


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
    except OSError as error:
        return _refused(with_file(error))
    except (ValueError, RuntimeError) as error:
        return _refused(str(error))
    except Ended as ended:
        print("sandglass: stopped.", file=sys.stderr)
        return ended.code


def _refused(line: str) -> int:
    print(f"sandglass: {line}", file=sys.stderr)
    return BAD_INPUT


@click.group(
    cls=Commands,
    invoke_without_command=True,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@estimation
@click.option(
    "--screenshot", type=PATH, metavar="PNG", help="Save a picture of the window, then quit."
)
@click.option("--after", type=ABOVE_ZERO, default=60, help="Results before the screenshot (60).")
@settings
@click.option(DEBUG, is_flag=True, expose_value=False, help="Print the log to stderr too.")
@click.version_option(package_name="sandglass-pose", prog_name="Sandglass")
@click.pass_context
def sandglass(ctx: click.Context, /, **given: Any) -> int | None:
    """Sandglass: one webcam in, live 2D and 3D skeleton out. Without a command: the window."""
    return None if ctx.invoked_subcommand else _window(**_with_room(given))


def _window(screenshot: Path | None, after: int, settings: Path | None, **given: Any) -> int:
    from app.display import why_no_window

    if reason := why_no_window():
        print(f"sandglass: {reason} Running without a window.", file=sys.stderr)
        from app import headless

        given["source"] = given["source"] or headless.first_camera()
        frames = after if screenshot else None
        return headless.watch(headless.Estimation(**given), screenshot=screenshot, frames=frames)
    from app.application import run

    return run(screenshot=screenshot, after=after, settings_file=settings, **given)


def _with_room(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed of the room as one value."""
    fov, pitch, roll, height = (given.pop(n) for n in ("fov", "pitch", "roll", "body_height"))
    return given | {"room": RoomSettings(fov, pitch, roll, body_height=height)}


@sandglass.command()
@estimation
@click.option("--out", type=PATH, required=True, metavar="DIR", help="Folder of the session.")
@click.option("--frames", type=ABOVE_ZERO, help="Stop after so many frames.")
@click.option(
    "--video",
    is_flag=False,
    flag_value="raw",
    type=click.Choice(["raw", "overlay"]),
    help="Record the video too; overlay: also a second one with the skeleton drawn into it.",
)
@click.option("--smoothing", type=SHARE, help="0 … 1, for live out only: the recording is raw.")
@click.option("--threshold", type=SHARE, help="0 … 1, for live out only: the recording is raw.")
@click.option("--notes", default="", metavar="TEXT", help="Free text, kept with the session.")
@click.option(
    "--realtime", is_flag=True, help="Play files at their own pace, not as fast as possible."
)
@click.option("--loop", is_flag=True, help="Play files again from the start when they end.")
def record(**given: Any) -> int:
    """Record poses to a session folder, without a window."""
    from app import headless

    given = _with_room(_needing_source(given))
    names = [field.name for field in fields(headless.Estimation)]
    estimation = headless.Estimation(**{name: given.pop(name) for name in names})
    return headless.record(estimation, **given)


@sandglass.command()
@source
@runtime
@click.option("--backbones", type=BACKBONES, required=True)
@click.option(
    "--out", type=PATH, metavar="DIR", help="Save the table as compare.json in this folder."
)
def compare(**given: Any) -> int:
    """Compare backbones on one source: speed, jitter, agreement."""
    from app.compare import compare

    return compare(**_needing_source(given))


def _needing_source(given: dict[str, Any]) -> dict[str, Any]:
    if not given["source"]:
        raise click.UsageError("--source is missing: a camera, file, folder, URL, or demo.")
    return given


@sandglass.command()
@click.option(
    "--camera",
    is_flag=False,
    flag_value="",
    metavar="S",
    help="Watch this source, or the first camera, for two seconds and judge its picture.",
)
def doctor(camera: str | None) -> int:
    """List cameras, runtimes, display and versions. Exit code 1: something needed is missing."""
    if camera is not None:
        from app.camera_doctor import look

        return look(camera)
    from app.doctor import missing, report

    print("\n".join(report()))
    lacking = missing()
    for line in lacking:
        print(f"sandglass: {line}", file=sys.stderr)
    return MISSING if lacking else 0


for command in (rerun, replay, recover, clean, export, models, bench):
    sandglass.add_command(command)
