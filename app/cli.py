"""The command line. Imports neither Qt nor a runtime until it knows that it needs one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

BAD_INPUT = 2
STOPPED = 130  # by Ctrl-C, as a shell counts


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; bad input is one line on stderr and exit code 2."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except (OSError, ValueError, RuntimeError) as error:
        print(f"sandglass: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("sandglass: stopped.", file=sys.stderr)
        return STOPPED


def _window(arguments: argparse.Namespace) -> int:
    from app.display import why_no_window

    people = _people(arguments)
    if reason := why_no_window():
        print(f"sandglass: {reason} Running without a window.", file=sys.stderr)
        from app.headless import watch

        return watch(
            arguments.source,
            arguments.backbone,
            arguments.runtime,
            arguments.screenshot,
            arguments.after if arguments.screenshot else None,
            lifter=arguments.lifter,
            osc=arguments.osc,
            websocket=arguments.websocket,
            people=people,
        )
    return _run_window(arguments, arguments.screenshot)


def _run_window(
    arguments: argparse.Namespace, screenshot: Path | None, session: Path | None = None
) -> int:
    from app.application import run

    return run(
        source=arguments.source,
        backbone=arguments.backbone,
        lifter=arguments.lifter,
        runtime=arguments.runtime,
        screenshot=screenshot,
        after=arguments.after,
        settings_file=arguments.settings,
        osc=arguments.osc,
        websocket=arguments.websocket,
        people=_people(arguments),
        session=session,
    )


def _replay(arguments: argparse.Namespace) -> int:
    from app.display import why_no_window

    if reason := why_no_window():
        raise RuntimeError(f"{reason} A replay needs a window; to get a video: export --format mp4")
    return _run_window(arguments, None, arguments.session)


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
        notes=arguments.notes,
        lifter=arguments.lifter,
        osc=arguments.osc,
        websocket=arguments.websocket,
        people=_people(arguments),
    )


def _compare(arguments: argparse.Namespace) -> int:
    from app.compare import compare

    names = _names(arguments.backbones)
    return compare(arguments.source, names, arguments.runtime, arguments.out)


def _rerun(arguments: argparse.Namespace) -> int:
    from app.headless import rerun

    return rerun(
        arguments.session,
        arguments.backbone,
        arguments.runtime,
        overwrite=arguments.overwrite,
        lifter=arguments.lifter,
    )


def _recover(arguments: argparse.Namespace) -> int:
    from engine.session.finish import recover

    print(recover(arguments.session))
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from app.export import export_session

    return export_session(
        arguments.session,
        arguments.format,
        arguments.out,
        arguments.result,
        overwrite=arguments.overwrite,
    )


def _list_models(_: argparse.Namespace) -> int:
    from app.models import listing

    print(listing())
    return 0


def _import_model(arguments: argparse.Namespace) -> int:
    from app.models import import_model

    options = ["--detected"] if arguments.detected else []
    if arguments.stats:
        options += ["--stats", str(arguments.stats.resolve())]
    if arguments.input_size:
        options += ["--input-size", arguments.input_size]
    return import_model(arguments.network, arguments.file, arguments.name, options)


def _build_engines(arguments: argparse.Namespace) -> int:
    from app.engines import build

    return build(arguments.names)


def _list_engines(_: argparse.Namespace) -> int:
    from app.engines import listing

    print(listing())
    return 0


def _delete_engines(arguments: argparse.Namespace) -> int:
    from app.engines import delete

    print(delete(arguments.names))
    return 0


def _bench(arguments: argparse.Namespace) -> int:
    from app.bench import BACKBONES, bench

    backbones = _names(arguments.backbones) or BACKBONES
    return bench(backbones, _names(arguments.runtime), arguments.seconds, arguments.json)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _doctor(arguments: argparse.Namespace) -> int:
    if arguments.camera is not None:
        from app.camera_doctor import look

        return look(arguments.camera)
    from app.doctor import report

    print(report())
    return 0


def _people(arguments: argparse.Namespace) -> int | None:
    """How many to follow; None where that was not said."""
    from engine.estimator import MOST_PEOPLE

    said = arguments.people
    if said is None or (said.isdecimal() and 1 <= int(said) <= MOST_PEOPLE):
        return said and int(said)
    raise ValueError(f"--people is a whole number from 1 to {MOST_PEOPLE}, not '{said}'.")


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
    _add_people(parser)
    _add_live_out(parser)
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
    _add_people(record)
    _add_live_out(record)
    record.add_argument("--out", type=Path, required=True, metavar="DIR")
    record.add_argument("--frames", type=_positive, metavar="N", help="stop after N frames")
    record.add_argument(
        "--video",
        nargs="?",
        const="raw",
        choices=("raw", "overlay"),
        help="keep the picture too, as it is (raw) or with the skeleton drawn into it",
    )
    record.add_argument("--notes", default="", metavar="TEXT", help="kept with the session")
    record.add_argument("--realtime", action="store_true", help="files at their own pace")
    record.add_argument("--loop", action="store_true", help="files again from the start")

    compare = commands.add_parser("compare", help="backbones on one source, as a table")
    compare.set_defaults(command=_compare)
    _add_input(compare, required=True)
    compare.add_argument("--backbones", required=True, metavar="A,B,…")
    compare.add_argument("--out", type=Path, metavar="DIR", help="keep the table as compare.json")

    rerun = commands.add_parser("rerun", help="a recorded video through another backbone")
    rerun.set_defaults(command=_rerun)
    rerun.add_argument("session", type=Path)
    rerun.add_argument("--backbone", required=True, metavar="NAME", help="see: models list")
    _add_lifter(rerun)
    rerun.add_argument("--overwrite", action="store_true", help="replace its earlier result")
    _add_runtime(rerun)

    replay = commands.add_parser("replay", help="show a recorded session in the window")
    replay.set_defaults(command=_replay)
    replay.add_argument("session", type=Path)

    recover = commands.add_parser("recover", help="finish what a crash left of a session")
    recover.set_defaults(command=_recover)
    recover.add_argument("session", type=Path)

    export = commands.add_parser("export", help="a session as a file of another program")
    export.set_defaults(command=_export)
    export.add_argument("session", type=Path)
    formats = "npz, csv, trc, c3d, bvh, coco, openpose, mp4 or gif; see docs/formats.md"
    export.add_argument("--format", required=True, metavar="NAME", help=formats)
    export.add_argument("--out", type=Path, metavar="PATH", help="default: in the session")
    export.add_argument("--result", metavar="BACKBONE", help="what rerun made, not the take")
    export.add_argument("--overwrite", action="store_true", help="replace what is there")

    models = commands.add_parser("models", help="what there is to choose from")
    actions = models.add_subparsers(title="actions", metavar="", required=True)
    listing = actions.add_parser("list", help="the models here, and official files to be had")
    listing.set_defaults(command=_list_models)
    importing = actions.add_parser("import", help="an official checkpoint becomes a model here")
    importing.set_defaults(command=_import_model)
    importing.add_argument("network", help="see: models list")
    importing.add_argument("file", type=Path)
    importing.add_argument("--name", help="of the model (default: the network's)")
    importing.add_argument("--input-size", metavar="HxW", help="where the file's name has none")
    importing.add_argument("--stats", type=Path, metavar="NPZ", help="of a lifter's training set")
    importing.add_argument(
        "--detected", action="store_true", help="a lifter trained on Hourglass detections"
    )
    _add_engines(actions.add_parser("engine", help="TensorRT engines: build, list, delete"))

    bench = commands.add_parser("bench", help="how fast each runtime computes each backbone")
    bench.set_defaults(command=_bench)
    bench.add_argument(
        "--backbones", default="", metavar="A,B,…", help="default: six, small to big"
    )
    bench.add_argument("--runtime", default="", metavar="R,…", help="default: all, torch too")
    bench.add_argument("--seconds", type=float, default=2.0, help="of each measurement (default 2)")
    bench.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")

    doctor = commands.add_parser("doctor", help="cameras, runtimes, display, versions")
    doctor.add_argument(
        "--camera",
        nargs="?",
        const="",
        metavar="S",
        help="look through a camera for two seconds and say how well it sees",
    )
    doctor.set_defaults(command=_doctor)
    return parser


def _add_engines(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="", required=True)
    build = actions.add_parser("build", help="for the GPU that is here; minutes")
    build.set_defaults(command=_build_engines)
    listing = actions.add_parser("list", help="with what was measured when they were built")
    listing.set_defaults(command=_list_engines)
    delete = actions.add_parser("delete", help="from the cache")
    delete.set_defaults(command=_delete_engines)
    for parser in (build, delete):
        parser.add_argument("names", nargs="*", metavar="NAME", help="of models; none or all: all")


def _add_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--backbone", metavar="NAME", help="see: models list")
    _add_lifter(parser)


def _add_lifter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lifter", metavar="NAME", help="2D to 3D; see: models list")


def _add_people(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", metavar="N", help="how many to follow, 1 to 6")


def _add_live_out(parser: argparse.ArgumentParser) -> None:
    address = "[HOST:]PORT"
    parser.add_argument("--osc", metavar=address, help="send results there, see docs/live-out.md")
    parser.add_argument("--websocket", metavar=address, help="offer results to clients there")


def _add_input(parser: argparse.ArgumentParser, required: bool) -> None:
    parser.add_argument(
        "--source",
        required=required,
        metavar="S",
        help="camera index or name, video file, image folder, URL, or demo",
    )
    _add_runtime(parser)


def _add_runtime(parser: argparse.ArgumentParser) -> None:
    choices = ("auto", "openvino", "onnxruntime", "tensorrt")
    parser.add_argument("--runtime", choices=choices, default="auto")
