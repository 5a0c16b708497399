"""The commands about a session that is recorded already. Each imports what it runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from app.option_types import Number, OneOf
from app.options import PATH, live_out, network, options, settings


def _formats() -> Iterable[str]:
    from engine.session.export import FORMATS

    return FORMATS


session = click.argument("session", type=PATH)
result = click.option(
    "--result",
    metavar="BACKBONE",
    help="Use what rerun made with this backbone, not the recording.",
)
cleaning = options(
    click.option(
        "--cutoff",
        type=Number(0, above=True),
        metavar="HZ",
        help="Cutoff of the clean result's smoothing (6).",
    ),
    click.option(
        "--fill",
        type=Number(0),
        metavar="SECONDS",
        help="Longest gap that the clean result fills (0.5).",
    ),
)
overwrite = click.option("--overwrite", is_flag=True, help="Replace what is there.")


@click.command()
@session
@network
@overwrite
def rerun(**given: Any) -> int:
    """Run a recorded video through another backbone."""
    if not given["backbone"]:
        raise click.UsageError("--backbone is missing: which network to run.")
    from app import headless

    return headless.rerun(**given)


@click.command()
@session
@network
@live_out
@settings
def replay(session: Path, settings: Path | None, **given: Any) -> int:
    """Show a recorded session in the window."""
    from app.display import why_no_window

    if reason := why_no_window():
        raise RuntimeError(f"{reason} A replay needs a window; to get a video: export --format mp4")
    from app.application import run

    return run(source=None, session=session, settings_file=settings, **given)


@click.command()
@session
def recover(session: Path) -> int:
    """Finish a session that a crash left unfinished."""
    from engine.session.finish import recover

    print(recover(session))
    return 0


@click.command()
@session
@result
@cleaning
def clean(**given: Any) -> int:
    """Make a smoothed and mended result beside the raw one: clean.npz."""
    from app.clean import clean_session

    return clean_session(**given)


@click.command()
@session
@click.option("--format", type=OneOf("format", _formats), required=True)
@click.option("--out", type=PATH, metavar="PATH", help="File or folder to write (in the session).")
@result
@click.option("--clean", is_flag=True, help="Make the clean result and export that.")
@cleaning
@overwrite
def export(**given: Any) -> int:
    """Export a session for another program; see docs/formats.md."""
    if not given["clean"] and (given["cutoff"], given["fill"]) != (None, None):
        raise click.UsageError("--cutoff and --fill are of the clean result: add --clean.")
    from app.export import export_session

    return export_session(**given)
