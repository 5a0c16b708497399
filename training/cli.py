"""How the commands of the training house end: with 0, or with one line on stderr and 2."""

from __future__ import annotations

import sys
from collections.abc import Callable

from engine.runtimes import RuntimeUnavailableError

BAD_INPUT = 2


def answer(work: Callable[[], None], *also: type[Exception]) -> int:
    """The exit code of ``work``; also: what counts as bad input besides what is missing or wrong
    in files and arguments.
    """
    bad: tuple[type[Exception], ...] = (OSError, ValueError, RuntimeUnavailableError, *also)
    try:
        work()
    except bad as error:
        print(f"sandglass: {' '.join(str(error).split())}", file=sys.stderr)
        return BAD_INPUT
    return 0
