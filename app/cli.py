"""The command line. Imports neither Qt nor a runtime until it knows that it needs one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; bad input is one line on stderr and exit code 2."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except (OSError, ValueError, RuntimeError) as error:
        print(f"sandglass: {error}", file=sys.stderr)
        return BAD_INPUT


def _window(arguments: argparse.Namespace) -> int:
    from app.display import why_no_window

    if reason := why_no_window():
        print(f"sandglass: {reason} Running without a window.", file=sys.stderr)
        from app.headless import watch

        return watch(
            arguments.source,
            arguments.backbone,
            arguments.runtime,
            arguments.screenshot,
            arguments.after if arguments.screenshot else None,
        )
    from app.application import run

    return run(
        source=arguments.source,
        backbone=arguments.backbone,
        runtime=arguments.runtime,
        screenshot=arguments.screenshot,
        after=arguments.after,
        settings_file=arguments.settings,
    )


def _record(arguments: argparse.Namespace) -> int:
    from app.headless import record

    return record(
        arguments.source,
        arguments.out,
        arguments.backbone,
        arguments.runtime,
        frames=arguments.frames,
        video=arguments.video,
        realtime=arguments.realtime,
        loop=arguments.loop,
    )


def _compare(arguments: argparse.Namespace) -> int:
    from app.compare import compare

    names = [name.strip() for name in arguments.backbones.split(",") if name.strip()]
    return compare(arguments.source, names, arguments.runtime, arguments.out)


def _recover(arguments: argparse.Namespace) -> int:
    from engine.session.finish import recover

    print(recover(arguments.session))
    return 0


def _list_models(_: argparse.Namespace) -> int:
    from engine.model_spec import TASKS, find_models

    for task in TASKS:
        for spec in find_models(task).values():
            facts = f"{spec.params / 1e6:.2f} M parameters, {spec.gmacs:.3g} GMACs"
            print(f"{spec.name:20} {task:7} {spec.title}: {facts}; {spec.licence}")
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from app.doctor import report

    print(report())
    return 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _parser() -> argparse.ArgumentParser:
    about = "Sandglass: one webcam in, live 2D and 3D skeleton out. Without a command: the window."
    parser = argparse.ArgumentParser(prog="python main.py", description=about)
    parser.set_defaults(command=_window)
    _add_input(parser, required=False)
    _add_network(parser)
    parser.add_argument("--screenshot", type=Path, metavar="PNG", help="save a picture, then quit")
    parser.add_argument(
        "--after", type=_positive, default=60, metavar="N", help="results before it"
    )
    parser.add_argument("--settings", type=Path, metavar="INI", help="instead of the user's own")
    commands = parser.add_subparsers(title="commands", metavar="")

    record = commands.add_parser("record", help="poses to a session folder, without a window")
    record.set_defaults(command=_record)
    _add_input(record, required=True)
    _add_network(record)
    record.add_argument("--out", type=Path, required=True, metavar="DIR")
    record.add_argument("--frames", type=_positive, metavar="N", help="stop after N frames")
    record.add_argument("--video", action="store_true", help="keep the picture too")
    record.add_argument("--realtime", action="store_true", help="files at their own pace")
    record.add_argument("--loop", action="store_true", help="files again from the start")

    compare = commands.add_parser("compare", help="backbones on one source, as a table")
    compare.set_defaults(command=_compare)
    _add_input(compare, required=True)
    compare.add_argument("--backbones", required=True, metavar="A,B,…")
    compare.add_argument("--out", type=Path, metavar="DIR", help="keep the table as compare.json")

    recover = commands.add_parser("recover", help="finish what a crash left of a session")
    recover.set_defaults(command=_recover)
    recover.add_argument("session", type=Path)

    models = commands.add_parser("models", help="what there is to choose from")
    actions = models.add_subparsers(title="actions", metavar="", required=True)
    actions.add_parser("list", help="the models here").set_defaults(command=_list_models)

    doctor = commands.add_parser("doctor", help="cameras, runtimes, display, versions")
    doctor.set_defaults(command=_doctor)
    return parser


def _add_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--backbone", metavar="NAME", help="see: models list")


def _add_input(parser: argparse.ArgumentParser, required: bool) -> None:
    parser.add_argument(
        "--source",
        required=required,
        metavar="S",
        help="camera index or name, video file, image folder, URL, or demo",
    )
    choices = ("auto", "openvino", "onnxruntime", "tensorrt")
    parser.add_argument("--runtime", choices=choices, default="auto")
