"""Keeps freed memory in the process between training steps on the CPU."""

from __future__ import annotations

import ctypes
import sys

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4  # glibc's malloc.h
TOP_PAD = 256 << 20  # bytes asked of the kernel at a time


def keep_memory() -> None:
    """Have malloc reuse the memory of large tensors.

    Left alone, glibc hands every tensor above some MiB back to the kernel, which clears each page
    again for the next one: about a tenth of a step (docs/performance.md). Elsewhere than on glibc
    nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, ctypes.c_int(2**31 - 1))
        mallopt(M_TOP_PAD, TOP_PAD)
