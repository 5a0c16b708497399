"""Makes text from files, paths and exceptions fit for one-line messages."""

from __future__ import annotations

import io
import sys


def one_line(text: str) -> str:
    """``text`` with escapes for all that breaks a line, or that a terminal would obey or refuse."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def first_line(error: Exception) -> str:
    """The first line of an exception's message, without a system's number; its type where it has
    none.
    """
    said = getattr(error, "strerror", None) or str(error)
    return (said.strip() or type(error).__name__).splitlines()[0]


def with_file(error: OSError) -> str:
    """What happened to which file, where the system says so."""
    if error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}."
    return str(error)


def let_any_terminal_read() -> None:
    """Have stdout and stderr escape characters that their encoding lacks, instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
