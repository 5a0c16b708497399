"""Memory is kept between the steps of a training."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

ALLOCATE_TWICE = """
import resource
from training.fit.memory import keep_memory
keep_memory()
b"x" * (64 << 20)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
b"x" * (64 << 20)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
PAGES = (64 << 20) // 4096  # of those bytes


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told")
def test_a_second_large_piece_needs_no_page_of_the_kernel() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", ALLOCATE_TWICE], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) < PAGES / 10
