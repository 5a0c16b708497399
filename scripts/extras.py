"""Installs the project with each extra in an environment of its own, and imports what it brings.

Needs the package index, and minutes. Knows nothing but the standard library.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMPORT_ALL = """
import importlib, re, sys
from importlib.metadata import packages_distributions, requires
modules = {}
for module, names in packages_distributions().items():
    for name in names:
        modules.setdefault(re.sub("[-_.]+", "-", name).lower(), []).append(module)
extra = f'extra == "{sys.argv[1]}"'
for line in filter(lambda line: extra in line, requires("sandglass-pose")):
    name = re.sub("[-_.]+", "-", re.match("[A-Za-z0-9._-]+", line)[0]).lower()
    for module in modules.get(name, [name]):
        if not module.startswith("_") and name != "sandglass-pose":
            importlib.import_module(module)
"""


def check(extra: str) -> str:
    """Empty where it installs and loads, else the last line of what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        install = [python, "-m", "pip", "install", "-qq", "-e", f"{ROOT}[{extra}]"]
        for command in (install, [python, "-c", IMPORT_ALL, extra]):
            done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
            if done.returncode:
                return (done.stderr.strip() or "no word").splitlines()[-1]
    return ""


def main() -> int:
    """Returns the exit code: 1 where one fails."""
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extras", nargs="*", help=f"of {', '.join(known)} (all)")
    wanted = parser.parse_args().extras or list(known)
    if strangers := set(wanted) - set(known):
        parser.error(f"no extra '{min(strangers)}': there are {', '.join(known)}")
    failed = 0
    for extra in wanted:
        start = time.monotonic()
        wrong = check(extra)
        print(f"{extra:12} {time.monotonic() - start:4.0f} s  {wrong or 'installs and loads'}")
        failed += bool(wrong)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
