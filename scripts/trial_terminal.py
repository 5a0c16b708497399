"""The steps in a terminal: each a process of its own, as users start it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from trial_steps import Table, full_disk

from engine.sources.capture import DEMO_CLIP

ROOT = Path(__file__).parents[1]
QUICK = ["--backbone", "hourglass_1_small"]
TRACE = "Traceback"


class Terminal:
    def __init__(self, table: Table, folder: Path) -> None:
        self._table, self._folder = table, folder

    def start(self, words: str, **environment: str) -> subprocess.Popen[bytes]:
        """{}: the folder of the trial."""
        command = [sys.executable, *self._words(words)]
        pipe = subprocess.PIPE
        surroundings = os.environ | environment
        return subprocess.Popen(
            command, cwd=ROOT, stdout=pipe, stderr=subprocess.STDOUT, env=surroundings
        )

    def _words(self, words: str) -> list[str]:
        start = [] if words.startswith("-m ") else ["main.py"]
        parts = [*start, *words.split()]
        return [part.replace("{}", str(self._folder)).replace("''", "") for part in parts]

    def tries(self, words: str, code: int, says: str, note: str = "", **environment: str) -> None:
        """One step: exit code, and a part of what is said; never a traceback."""
        process = self.start(words, **environment)
        self.ends(process, f"`{words.replace('{}', '…')}`{note}", code, says)

    def ends(self, process: subprocess.Popen[bytes], tried: str, code: int, says: str) -> None:
        try:
            output = process.communicate(timeout=240)[0].decode(errors="replace")
        except subprocess.TimeoutExpired:
            process.kill()
            output = "no end in four minutes"
        good = process.returncode == code and says in output and TRACE not in output
        last = (output.strip() or "nothing").splitlines()[-1]
        came = "" if good else f"{process.returncode}, {last}"
        self._table.add(tried, f"{code}, “{says}”", came)

    def ended_by(self, number: signal.Signals, take: str, code: int, says: str) -> None:
        """Record until some frames are on the disk, then send the signal."""
        process = self.start(f"record --source demo --out {{}}/{take} --realtime --loop")
        journal, end = self._folder / take / "journal.jsonl", time.monotonic() + 120
        while time.monotonic() < end and not (
            journal.exists() and len(journal.read_bytes().splitlines()) > 5
        ):
            time.sleep(0.1)
        process.send_signal(number)
        self.ends(process, f"{number.name} while recording", code, says)


def try_terminal(table: Table, folder: Path) -> None:
    terminal = Terminal(table, folder)
    _make_files(folder)
    for words, code, says in WRONG_WORDS:
        terminal.tries(words, code, says)
    for words, code, says in A_DAY:
        terminal.tries(words, code, says)
    for words, code, says in DAMAGED:
        terminal.tries(words, code, says)
    terminal.ended_by(signal.SIGINT, "interrupted", 130, "frames, a person in")
    terminal.ended_by(signal.SIGTERM, "terminated", 143, "frames, a person in")
    terminal.ended_by(signal.SIGKILL, "killed", -9, "")
    terminal.tries("recover {}/killed", 0, "frames")
    with full_disk(folder / "full"):
        terminal.tries(
            "record --source demo --out {}/full/take", 2, "GB free", " on a full disk (1 MiB)"
        )
    latin = {"PYTHONIOENCODING": "latin-1"}
    terminal.tries("recover {}/☃", 2, "holds no", " in a latin-1 terminal", **latin)
    words = "--source demo --screenshot {}/seen.png --after 5 --backbone hourglass_1_small"
    terminal.tries(words, 0, "Running without a window", " with no display", DISPLAY="")


def _make_files(folder: Path) -> None:
    clip = DEMO_CLIP.read_bytes()
    (folder / "page.mp4").write_text("<html>not found</html>")
    (folder / "cut.mp4").write_bytes(clip[:2000])
    (folder / "bad.pth").write_text("x")
    (folder / "empty").mkdir()
    pictures = folder / "pictures"
    pictures.mkdir()
    for number in (1, 2, 10):
        cv2.imwrite(str(pictures / f"{number}.png"), np.full((48, 64, 3), 90, np.uint8))
    (pictures / "3.png").write_text("no picture")
    (folder / "dot").mkdir()
    cv2.imwrite(str(folder / "dot" / "1.png"), np.zeros((1, 1, 3), np.uint8))
    (folder / "broken").mkdir()
    (folder / "broken" / "session.json").write_text("{")


WRONG_WORDS = (
    ("recrod", 2, "'record'"),
    ("--bakcbone x", 2, "Did you mean '--backbone'?"),
    ("--source demo --backbone hourglas_2", 2, "Did you mean 'hourglass_2'?"),
    ("--source demo --lifter martini", 2, "Did you mean 'martinez'?"),
    ("--source nothing.mp4", 2, "No file, folder or camera 'nothing.mp4'"),
    ("--source 77", 2, "No camera 77"),
    ("--source ''", 2, "The source is empty"),
    ("record --out {}/a", 2, "--source is missing"),
    ("record --source demo", 2, "--out"),
    ("record --source demo --out ''", 2, "--out must be a path"),
    ("record --source demo --out {}/a --frames two", 2, "--frames must be a whole number above 0"),
    ("record --source demo --out {}/a --people 7", 2, "from 1 to 6"),
    ("record --source 0 --out {}/a --size 12", 2, "as in 1280x720"),
    ("record --source demo --out {}/a --device XPU", 2, "Did you mean 'NPU'?"),
    ("record --source demo --out {}/a --osc studio", 2, "give HOST:PORT"),
    ("record --source demo --out /proc/nowhere/a", 2, "/proc/nowhere"),
    ("compare --source demo --backbones a,b", 2, "Unknown backbone 'a'"),
    ("bench --seconds 0", 2, "--seconds must be a number above 0"),
    ("models import vgg x.pth", 2, "Unknown network 'vgg'"),
    ("replay {}", 2, "session.json"),
    ("doctor --camera 77", 2, "No camera 77"),
    ("-m training.synthetic.pictures --count 1 --out {}/runs/x.zip --data {}", 2, "human_mesh"),
)
A_DAY = (
    ("--version", 0, "Sandglass"),
    ("--help", 0, "Examples:"),
    ("models", 0, "hourglass_2"),
    ("doctor --camera demo", 0, "Good: tracked, whole and sure."),
    ("record --source demo --out {}/take --frames 40 --video", 0, "40 frames"),
    ("record --source demo --out {}/take --frames 40", 2, "already holds a session"),
    ("export {}/take --format csv", 0, "take.csv"),
    ("export {}/take --format csv", 2, "--overwrite"),
    ("export {}/take --format csv --overwrite", 0, "take.csv"),
    ("export {}/take --format bvh", 0, ".bvh"),
    ("export {}/take --format trc", 0, ".trc"),
    ("export {}/take --format mp4", 0, ".mp4"),
    ("export {}/take --format xyz", 2, "Known: npz, csv"),
    ("rerun {}/take --backbone hrnet_w18_small", 0, "of 40 frames had a picture"),
    ("recover {}/take", 2, "nothing to recover"),
    ("record --source {}/dot --out {}/small --video", 0, "1 frames"),
)
DAMAGED = (
    ("record --source {}/page.mp4 --out {}/a", 2, "page.mp4"),
    ("record --source {}/cut.mp4 --out {}/a", 2, "cut.mp4"),
    ("record --source {}/empty --out {}/a", 2, "empty"),
    ("record --source {}/pictures --out {}/folder", 0, "3.png"),
    ("export {}/broken --format csv", 2, "session.json"),
    ("export {}/empty --format csv", 2, "holds no session"),
    ("models import hrnet_w32 {}/bad.pth", 2, "bad.pth is not a PyTorch checkpoint"),
)
