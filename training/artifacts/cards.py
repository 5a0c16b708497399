"""``python -m training.artifacts.cards [NAME …]``: docs/models.md's figures, from each model.json.

Whatever model folders say is put into the document between two comments a model; the words around
them are written by hand and stay. For the models that are named it also draws their reliability and
sheets of held-out renders. Knows the document; what is drawn and how is in evaluation/.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engine.models.model_spec import MODELS
from training.cli import answer
from training.datasets.picture_sets import DATA
from training.evaluation.contact_sheet import sample_sheet, worst_sheet
from training.evaluation.evaluator import RUNTIME, Backbone, open_subject
from training.evaluation.figures import headline
from training.evaluation.reliability_plot import reliability_plot
from training.evaluation.tables import evaluate_set

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENT = DOCS / "models.md"
BEGIN, END = "<!-- {}: python -m training.artifacts.cards -->", "<!-- end -->"
FACTS = {"recipe": "recipe", "starts_from": "started from", "teacher": "taught by", "seed": "seed"}
TILE = (192, 256)  # H, W pixels of a picture on a sheet
QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 80]


def card(spec: Mapping[str, Any], docs: Path = DOCS) -> str:
    """What a model.json says, as Markdown; pictures and curves that ``docs`` has are linked."""
    facts = "\n".join(f"| {key} | {value} |" for key, value in _facts(spec, docs))
    metrics = spec.get("metrics", {})
    parts = ["| | |\n|---|---|\n" + facts]
    if "command" in metrics:
        parts.append(f"`{metrics['command']}`: {metrics.get('what') or metrics.get('unit')}.")
    grouped = {k: v for k, v in metrics.items() if isinstance(v, Mapping) and _rows(v)}
    flat = {k: v for k, v in metrics.items() if isinstance(v, Mapping) and _figures(v)}
    parts += [table(name, rows) for name, rows in (grouped | ({"": flat} if flat else {})).items()]
    if "as_served" in metrics:
        served = metrics["as_served"]
        figures = ", ".join(f"{k} {v}" for k, v in served.items() if isinstance(v, float))
        parts.append(f"`{served['command']}`: {served['what']}: {figures}.")
    if "int8" in spec:
        parts.append(_int8(spec["int8"]))
    return "\n\n".join(parts + _pictures(spec["name"], docs))


def _int8(form: Mapping[str, Any]) -> str:
    """The headlines of a network's int8 form, by set."""
    metrics = form["metrics"]
    metric, rows = next((k, rows) for k, rows in metrics.items() if isinstance(rows, Mapping))
    figures = ", ".join(f"{name} {headline(row)}" for name, row in rows.items())
    command, what = metrics["command"], metrics["what"]
    return f"int8 (`{form['file']}`), `{command}`: {what}: {metric} {figures}."


def _facts(spec: Mapping[str, Any], docs: Path) -> Iterator[tuple[str, object]]:
    yield "network", f"`{spec['architecture']}`"
    yield "size", f"{spec['params'] / 1e6:.2f} M parameters, {spec['gmacs']:.3g} GMACs"
    yield "data", spec["trained_on"]
    yield "licences", spec["licence"]
    training = spec.get("training", {})
    yield from ((said, training[key]) for key, said in FACTS.items() if key in training)
    curve = docs / "curves" / f"{spec['name']}.csv"
    linked = f" ([curve](curves/{curve.name}))" if curve.is_file() else ""
    if "samples" in training:
        yield "trained", f"{training['samples']:,} samples{linked}"
    time = _time(training["hours"]) if "hours" in training else None
    if used := [part for part in (time, training.get("hardware")) if part]:
        yield "time", " of ".join(used)
    if "command" in training:
        yield "command", f"`{training['command']}`"


def _time(hours: float) -> str:
    return f"{60 * hours:.0f} minutes" if hours < 0.5 else f"{hours:.1f} hours"


def table(name: str, rows: Mapping[str, Mapping[str, float]]) -> str:
    """Rows under the columns of all; what a row lacks is left empty."""
    columns = list(dict.fromkeys(key for row in rows.values() for key in row))
    lines = [f"| {' | '.join([name, *columns])} |", "|---" + "|---:" * len(columns) + "|"]
    for row, figures in rows.items():
        cells = [_cell(key, figures[key]) if key in figures else "" for key in columns]
        lines.append(f"| {' | '.join([row, *cells])} |")
    return "\n".join(lines)


def _cell(key: str, value: float) -> str:
    return f"{value:,.0f}" if key == "n" else f"{value:.1f}"


def _figures(row: Mapping[str, Any]) -> bool:
    return all(isinstance(value, int | float) for value in row.values())


def _rows(rows: Mapping[str, Any]) -> bool:
    return all(isinstance(row, Mapping) and _figures(row) for row in rows.values())


def _pictures(name: str, docs: Path) -> list[str]:
    drawn = {
        f"{name}_reliability.png": "Scores against how often they are right",
        f"{name}_renders.jpg": "Held-out renders",
        f"{name}_worst.jpg": "The worst of them",
    }
    return [f"![{said}](images/{f})" for f, said in drawn.items() if (docs / "images" / f).exists()]


def fill(document: str, cards: Mapping[str, str]) -> str:
    """The document with each model's card in its place; a model that has none comes at the end."""
    for name, text in cards.items():
        begin = BEGIN.format(name)
        block = f"{begin}\n{text}\n{END}"
        before, found, after = document.partition(begin)
        if found:
            document = before + block + after.partition(END)[2]
        else:
            document = f"{document.rstrip()}\n\n## {name}\n\n{block}\n"
    return document


def shipped(models: Path = MODELS) -> dict[str, dict[str, Any]]:
    """The content of each model.json, backbones first."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(models.glob("*/model.json"))]
    ordered = sorted(found, key=lambda spec: (spec["task"] != "pose2d", spec["gmacs"]))
    return {spec["name"]: spec for spec in ordered}


def draw(spec: Mapping[str, Any], folders: Sequence[Path], images: Path) -> None:
    """The pictures of a backbone's card: its reliability, and renders as the program sees them.

    Raises FileNotFoundError where the renders are missing.
    """
    name, metrics = spec["name"], spec["metrics"]
    with open_subject(MODELS / name, RUNTIME) as backbone:
        if not isinstance(backbone, Backbone):
            raise ValueError(f"{name} is not a backbone: there is nothing to draw.")
        evaluated = evaluate_set(backbone, "full_renders", folders)
    _write(images / f"{name}_reliability.png", reliability_plot(metrics["reliability"]))
    _write(images / f"{name}_renders.jpg", sample_sheet([evaluated], TILE))
    _write(images / f"{name}_worst.jpg", worst_sheet([evaluated], TILE, 12))


def _write(path: Path, picture: np.ndarray) -> None:
    options = QUALITY if path.suffix == ".jpg" else []
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.artifacts.cards", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="backbones to draw pictures of")
    parser.add_argument("--data", type=Path, nargs="+", default=DATA, help="hold renders.zip")
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """What the command line asks for."""
    specs = shipped()
    unknown = sorted(set(arguments.names) - set(specs))
    if unknown:
        raise ValueError(f"No model {', '.join(unknown)} in {MODELS}. Found: {', '.join(specs)}.")
    for name in arguments.names:
        draw(specs[name], arguments.data, DOCS / "images")
    text = fill(DOCUMENT.read_text("utf-8"), {name: card(spec) for name, spec in specs.items()})
    DOCUMENT.write_text(text, "utf-8")


def main() -> int:
    return answer(lambda: run(_arguments()))


if __name__ == "__main__":
    sys.exit(main())
