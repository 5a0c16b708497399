"""Text from files and paths, made fit for a message. Knows no messages."""

from __future__ import annotations

import io
import sys


def one_line(text: str) -> str:
    """``text`` with escapes for all that breaks a line, or that a terminal would obey or refuse."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def first_line(error: Exception) -> str:
    """Of what an error says; its kind where it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def let_any_terminal_read() -> None:
    """What stdout's or stderr's encoding lacks is written as an escape, and raises nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
