"""Figures as pictures: bars, bars cut into parts, and shaded tables."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence

from retold.plots.quantities import NOBODY, OTHERS, Cell, Figure
from retold.plots.svg import SERIES, Picture, fitted, width_of

WIDTH = 840
MARGIN = 20
LABEL = 225  # room of the names left of bars and rows
VALUE = 110  # room of the values right of bars
LINE = 18
NOTHING = "There is nothing to show."


def draw(figure: Figure) -> str:
    """Return the picture of a figure, as the text of an SVG file."""
    picture = Picture(figure.name, figure.title, description(figure), WIDTH)
    picture.text(MARGIN, 32, figure.title, bold=True)
    y = 36.0
    for line in textwrap.wrap(figure.about, 105):
        y += LINE
        picture.text(MARGIN, y, line, "muted")
    y += 28
    if figure.rows and figure.columns:
        y = _DRAWERS.get(figure.name, _shaded)(picture, figure, y)
    else:
        picture.text(MARGIN, y, NOTHING)
    return picture.finish(y + MARGIN)


def description(figure: Figure) -> str:
    """Return what a picture shows in words, all of its figures included."""
    if not figure.rows:
        return f"{figure.about} {NOTHING}"
    rows = (
        f"{row}: "
        + ", ".join(f"{column} {cell.text}" for column, cell in zip(figure.columns, cells, strict=True))
        for row, cells in zip(figure.rows, figure.cells, strict=True)
    )
    return f"{figure.about} " + "; ".join(rows) + "."


def _panels(picture: Picture, figure: Figure, y: float) -> float:
    """Draw a group of bars for each column, all on one scale; return where they end."""
    most = _most(figure)
    for number, column in enumerate(figure.columns):
        picture.text(MARGIN, y, fitted(column, WIDTH - 2 * MARGIN), bold=True)
        y = _bars(picture, figure.rows, [row[number] for row in figure.cells], y + 8, most) + 24
    return y - 24


def _last_column(picture: Picture, figure: Figure, y: float) -> float:
    """Draw a bar for each row: the last column, which is the sum of the others."""
    cells = [row[-1] for row in figure.cells]
    return _bars(picture, figure.rows, cells, y - 14, max(cell.value for cell in cells))


def _bars(picture: Picture, labels: Sequence[str], cells: Sequence[Cell], y: float, most: float) -> float:
    left = MARGIN + LABEL
    room = WIDTH - left - VALUE - MARGIN
    for label, cell in zip(labels, cells, strict=True):
        length = room * cell.value / most if most else 0.0
        picture.text(left - 10, y + 13, fitted(label, LABEL - 10), anchor="end")
        picture.bar(left, y + 2, (max(length, 1), 14), "accent", f"{label}: {cell.text}")
        picture.text(left + length + 8, y + 13, cell.text)
        y += 20
    return y


def _parts(picture: Picture, figure: Figure, y: float) -> float:
    """Draw a bar for each column, cut into its rows; return where the legend ends."""
    signs = _signs(figure.rows)
    left = MARGIN + LABEL
    room = WIDTH - left - VALUE - MARGIN
    for number, column in enumerate(figure.columns):
        cells = [row[number] for row in figure.cells]
        total = sum(cell.value for cell in cells)
        picture.text(left - 10, y + 14, fitted(column, LABEL - 10), anchor="end")
        picture.text(left + room + 8, y + 14, f"{total:.0f} words")
        x = float(left)
        for row, (cell, (sign, series)) in enumerate(zip(cells, signs, strict=True)):
            length = room * cell.value / total if total else 0.0
            hint = (
                f"{column}, {figure.rows[row]}: {cell.text} ({100 * cell.value / total:.1f} %)"
                if total
                else ""
            )
            if length:
                picture.segment(x, y - 4, (max(length - 2, 1), 28), series, hint)
            if length >= width_of(sign) + 8:
                picture.text(x + length / 2 - 1, y + 15, sign, "inside", anchor="middle", bold=True)
            x += length
        y += 42
    return _legend(picture, figure, signs, y)


def _legend(picture: Picture, figure: Figure, signs: Sequence[tuple[str, int]], y: float) -> float:
    """Name the parts, two in a line."""
    for number, (row, cells, (sign, series)) in enumerate(zip(figure.rows, figure.cells, signs, strict=True)):
        x = MARGIN + (WIDTH - 2 * MARGIN) / 2 * (number % 2)
        place = y + 26 * (number // 2)
        words = f": {sum(cell.value for cell in cells):.0f}"
        picture.segment(x, place, (26, 18), series)
        picture.text(x + 34, place + 14, sign, bold=True)
        picture.text(x + 54, place + 14, fitted(row, 340 - width_of(words)) + words)
    return y + 26 * ((len(figure.rows) + 1) // 2)


def _signs(rows: Sequence[str]) -> list[tuple[str, int]]:
    """Return the letter and the series of each part; those that name nobody have series of their own."""
    rest = {NOBODY: SERIES - 1}
    return [
        (chr(ord("A") + number), SERIES - 2 if row.startswith(f"{OTHERS} (") else rest.get(row, number))
        for number, row in enumerate(rows)
    ]


def _shaded(picture: Picture, figure: Figure, y: float) -> float:
    """Draw a table whose cells are the fuller the higher their value; return where it ends."""
    left = MARGIN + LABEL
    width = (WIDTH - left - MARGIN) / len(figure.columns)
    heads = [textwrap.wrap(name, max(4, int((width - 16) / 7.3))) for name in figure.columns]
    most_lines = max(len(lines) for lines in heads)
    for number, head in enumerate(heads):
        for line, words in enumerate(reversed(head)):
            place = y + LINE * (most_lines - 1 - line)
            picture.text(left + width * (number + 0.5), place, words, anchor="middle", bold=True)
    y += LINE * (most_lines - 1) + 10
    lines = max(sum(1 for line in cell.lines if line) for row in figure.cells for cell in row)
    height = LINE * lines + 10
    most = _most(figure)
    for label, row in zip(figure.rows, figure.cells, strict=True):
        picture.text(left - 10, y + height / 2 + 5, fitted(label, LABEL - 10), anchor="end")
        for number, (column, cell) in enumerate(zip(figure.columns, row, strict=True)):
            x = left + width * number
            hint = f"{label}, {column}: {cell.text}"
            strength = 0.08 + 0.92 * cell.value / most if most and cell.value else 0.04
            picture.shade(x, y, (width - 2, height - 2), strength, hint)
            _write(picture, cell, x + width / 2 - 1, y + height / 2 - 1)
        y += height
    return y


def _write(picture: Picture, cell: Cell, x: float, y: float) -> None:
    """Write the lines of a cell around its middle."""
    lines = [line for line in cell.lines if line]
    for number, line in enumerate(lines):
        place = y + 5 + LINE * (number - (len(lines) - 1) / 2)
        picture.text(x, place, line, "ink" if cell.value or len(lines) > 1 else "muted", anchor="middle")


def _most(figure: Figure) -> float:
    return max((cell.value for row in figure.cells for cell in row), default=0.0)


_DRAWERS: Mapping[str, Callable[[Picture, Figure, float], float]] = {
    "density": _panels,
    "speakers": _parts,
    "entities": _last_column,
}
