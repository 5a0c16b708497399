"""Rows as aligned text. Knows no units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FIGURES = tuple("0123456789–-")  # what they begin with; a dash stands for one


def table(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """A line of heads, then a line for each row: words to the left, figures to the right.

    rows: all with the same keys, the heads; None is a dash.
    """
    heads = list(rows[0])
    cells = [[_cell(row[head]) for head in heads] for row in rows]
    numeric = [all(cell[:1] in FIGURES for cell in column) for column in zip(*cells, strict=True)]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    aligned = [
        [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, numeric, strict=True)
        ]
        for line in (heads, *cells)
    ]
    return ["  ".join(line).rstrip() for line in aligned]


def _cell(value: object) -> str:
    return "–" if value is None else str(value)
