"""The commands about networks: ``models`` and ``bench``. Each imports what it runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from app.option_types import Number, SeveralOf
from app.options import PATH, PRECISION
from engine.runtimes import AUTO


def _networks() -> Iterable[str]:
    from app.bench import benchable

    return benchable()


def _runtimes() -> Iterable[str]:
    from app.bench import KNOWN

    return KNOWN


@click.command()
@click.option(
    "--backbones",
    type=SeveralOf("network", _networks),
    help="Backbones to measure (six).",
)
@click.option(
    "--runtime", type=SeveralOf("runtime", _runtimes), help="Runtimes to measure (all, torch too)."
)
@click.option(
    "--seconds", type=Number(0, above=True), default=2.0, help="Seconds for each measurement (2)."
)
@click.option("--json", type=PATH, metavar="FILE", help="Save the figures to this file.")
@click.option("--precision", type=PRECISION, default=AUTO, help="Arithmetic (auto: the fastest).")
@click.option(
    "--choose", is_flag=True, help="Only measure anew which backbone is the default here."
)
def bench(
    backbones: list[str] | None,
    runtime: list[str] | None,
    seconds: float,
    json: Path | None,
    precision: str,
    choose: bool,
) -> int:
    """Measure how fast each runtime computes each backbone."""
    if choose:
        from app.choice import choose_anew

        return choose_anew()
    from app.bench import BACKBONES, bench

    return bench(backbones or BACKBONES, runtime or [], seconds, json, precision)


@click.group(invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> int | None:
    """List, import and build networks. Without a command: the list."""
    if ctx.invoked_subcommand:
        return None
    from app.models import listing

    print(listing())
    return 0


@models.command("list")
def list_models() -> int:
    """List the models here, and official files to download."""
    from app.models import listing

    print(listing())
    return 0


@models.command("import")
@click.argument("network")
@click.argument("file", type=PATH)
@click.option("--name", help="Name of the new model (the network's).")
@click.option(
    "--input-size", metavar="HxW", help="Input size, where the file's name does not say it."
)
@click.option("--stats", type=PATH, metavar="NPZ", help="Statistics of a lifter's training set.")
@click.option(
    "--detected", is_flag=True, help="For a lifter that was trained on Hourglass detections."
)
def import_model(
    network: str,
    file: Path,
    name: str | None,
    input_size: str | None,
    stats: Path | None,
    detected: bool,
) -> int:
    """Make a model of an official checkpoint."""
    from app.models import import_model

    words = ["--detected"] if detected else []
    words += ["--stats", str(stats.resolve())] if stats else []
    words += ["--input-size", input_size] if input_size else []
    return import_model(network, file, name, words)


@models.group()
def engine() -> None:
    """Build, list and delete TensorRT engines."""


@engine.command("build")
@click.argument("names", nargs=-1)
def build_engines(names: tuple[str, ...]) -> int:
    """Build engines of these models, or of all, for the GPU here. Takes minutes."""
    from app.engines import build

    return build(list(names))


@engine.command("list")
def list_engines() -> int:
    """List the engines built so far, with what was measured of each."""
    from app.engines import listing

    print(listing())
    return 0


@engine.command("delete")
@click.argument("names", nargs=-1)
def delete_engines(names: tuple[str, ...]) -> int:
    """Delete the engines of these models, or all."""
    from app.engines import delete

    print(delete(list(names)))
    return 0
