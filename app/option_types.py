"""Types of command line options, with one-line errors that name the option. Knows no command."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem


def _refuse(param: click.Parameter | None, what: str, value: object) -> click.UsageError:
    name = param.opts[-1] if param else "A value"
    return click.UsageError(f"{name} must be {what}, not '{value}'.")


class Number(click.ParamType[float]):
    """A number within bounds."""

    name = "N"

    def __init__(
        self, low: float, high: float = float("inf"), *, whole: bool = False, above: bool = False
    ) -> None:
        """above: ``low`` itself is refused."""
        self.low, self.high, self.whole, self.above = low, high, whole, above

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            number = int(value) if self.whole else float(value)
        except ValueError:
            raise _refuse(param, self._wanted(), value) from None
        low_enough = number > self.low if self.above else number >= self.low
        if not (low_enough and number <= self.high):
            raise _refuse(param, self._wanted(), value)
        return number

    def _wanted(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        if self.high < float("inf"):
            return f"{kind} from {self.low:g} to {self.high:g}"
        return f"{kind} {'above' if self.above else 'from'} {self.low:g}"


class Size(click.ParamType[tuple[int, int]]):
    """Width and height, as in 1280x720."""

    name = "WxH"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        found = re.fullmatch(r"([1-9]\d{0,4})[x×]([1-9]\d{0,4})", str(value).strip().lower())
        if not found:
            raise _refuse(param, "WxH, as in 1280x720", value)
        return int(found[1]), int(found[2])


class PlainPath(click.ParamType[Path]):
    """A file or folder, there already or not."""

    name = "PATH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        if not str(value).strip():
            raise _refuse(param, "a path", value)
        return Path(value)


class OneOf(click.ParamType[str]):
    """One of names that are looked up when they are needed: looking may load much."""

    def __init__(self, name: str, known: Callable[[], Iterable[str]]) -> None:
        self.name, self.known = name, known

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "|".join(self.known())

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        known = list(self.known())
        if value in known:
            return str(value)
        raise click.UsageError(f"Unknown {self.name} '{value}'.{nearest(value, known)}")

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(name) for name in self.known() if name.startswith(incomplete)]


class SeveralOf(OneOf):
    """Names with commas between them; each once."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"A,B,… of {super().get_metavar(param, ctx)}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        names = [name.strip() for name in str(value).split(",") if name.strip()]
        return [super(SeveralOf, self).convert(name, param, ctx) for name in names]


def nearest(name: str, known: Sequence[str]) -> str:
    """The end of a message about a name that is none of ``known``."""
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean '{close[0]}'?" if close else ""
    return f"{hint} Known: {', '.join(known) or 'none'}."


class Commands(click.Group):
    """Options that stand before a command count as if they stood behind it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command, [*_given(ctx), *rest]


def _given(ctx: click.Context) -> list[str]:
    """The options of the group that were typed, as they would be typed again."""
    words = []
    for param in ctx.command.params:
        name = param.name or ""
        typed = ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if typed and isinstance(param, click.Option) and name in ctx.params:
            value = ctx.params[name]
            text = "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
            words += [param.opts[-1]] if param.is_flag else [f"{param.opts[-1]}={text}"]
    return words
