"""docs/models.md says what the model folders say, and its words by hand stay."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from training.artifacts import cards
from training.artifacts.cards import DOCUMENT, card, fill, shipped
from training.evaluation.figures import PCK
from training.evaluation.reliability_plot import COLOURS, SIDE, reliability_plot

SPEC = {
    "name": "dots",
    "architecture": "dots()",
    "params": 910_480,
    "gmacs": 1.554,
    "trained_on": "dots",
    "licence": "free",
    "training": {"recipe": "dots", "seed": 7, "samples": 201_000, "hours": 1.7},
    "metrics": {
        "command": "python -m training.evaluate dots",
        "what": "percent",
        PCK: {"near": {"n": 2.0, "all": 74.2}, "far": {"n": 1.0, "all": 50.0, "knee": 49.5}},
        "reliability": {"peaks": [[0.1, 0.2, 3]], "scores": []},
        "as_served": {"command": "evaluate", "what": "as above, but for bf16", "near": 74.3},
    },
}


def test_a_card_has_the_facts_and_a_table_for_each_metric(tmp_path: Path) -> None:
    lines = card(SPEC, tmp_path).splitlines()
    assert "| trained | 201,000 samples |" in lines
    assert "| size | 0.91 M parameters, 1.55 GMACs |" in lines
    assert "`python -m training.evaluate dots`: percent." in lines
    table = lines.index("| PCK@0.2 | n | all | knee |")
    assert lines[table + 2 : table + 4] == ["| near | 2 | 74.2 |  |", "| far | 1 | 50.0 | 49.5 |"]
    assert lines[-1] == "`evaluate`: as above, but for bf16: near 74.3."


def test_a_card_says_how_long_on_what_and_by_which_command(tmp_path: Path) -> None:
    training = {
        "hours": 0.13,
        "hardware": "one H100",
        "command": "python train",
        "teacher": "large",
    }
    lines = card({**SPEC, "training": training}, tmp_path).splitlines()
    assert {"| time | 8 minutes of one H100 |", "| command | `python train` |"} < set(lines)
    assert "| taught by | large |" in lines
    assert "| time | 1.7 hours |" in card(SPEC, tmp_path).splitlines()


def test_a_card_has_a_line_of_the_int8_form(tmp_path: Path) -> None:
    metrics = {"command": "evaluate", "what": "percent, int8", PCK: {"near": {"all": 74.0}}}
    text = card({**SPEC, "int8": {"file": "model_int8.zip", "metrics": metrics}}, tmp_path)
    assert "int8 (`model_int8.zip`), `evaluate`: percent, int8: PCK@0.2 near 74.0." in text


def test_a_card_shows_the_pictures_and_the_curve_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "curves").mkdir()
    (tmp_path / "images/dots_reliability.png").touch()
    (tmp_path / "curves/dots.csv").touch()
    text = card(SPEC, tmp_path)
    assert "(images/dots_reliability.png)" in text
    assert "([curve](curves/dots.csv))" in text
    assert "dots_worst" not in text


def test_filling_replaces_figures_and_leaves_words() -> None:
    document = fill("# Models\n\n## Dots\n\nBy hand.\n", {"dots": "old"})
    again = fill(document + "\nAlso by hand.\n", {"dots": "new", "more": "first"})
    assert "old" not in again
    assert again.index("By hand.") < again.index("new") < again.index("Also by hand.")
    assert again.index("Also by hand.") < again.index("## more") < again.index("first")
    assert fill(again, {"dots": "new", "more": "first"}) == again


def test_the_document_says_what_the_model_folders_say() -> None:
    """Else: ``python -m training.artifacts.cards``."""
    document = DOCUMENT.read_text("utf-8")
    assert fill(document, {name: card(spec) for name, spec in shipped().items()}) == document


def test_a_name_that_no_model_has_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["cards", "nothing"])
    assert cards.main() == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("sandglass: No model nothing in ")


def test_a_reliability_plot_shows_each_curve_where_it_lies() -> None:
    """Peaks of 0.2 that are right four times out of five lie above the middle of the picture."""
    picture = reliability_plot({"peaks": [[0.2, 0.8, 10]], "scores": [[0.8, 0.8, 10]]})
    middle = picture.shape[0] / 2
    for name, right_of_middle in (("peaks", False), ("scores", True)):
        inside = picture[100 : round(middle), :].astype(int)
        y, x = np.nonzero((inside == COLOURS[name]).all(axis=2))
        dots = x[y > 0.12 * SIDE]  # below the legend
        assert len(dots)
        assert (dots.mean() > middle) == right_of_middle
