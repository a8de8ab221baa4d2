"""Figures as tables for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from retold.findings import shown
from retold.plots.quantities import Figure


def as_text(found: Sequence[Figure], width: int) -> Iterator[str]:
    """Yield the figures as tables, at most ``width`` wide; columns that are articles are numbered."""
    for figure in found:
        yield ""
        yield from (figure.title, *_wrapped(figure.about, width))
        yield from _table(figure, width)


def _table(figure: Figure, width: int) -> Iterator[str]:
    heads = [name if name == "all" else f"[{n}]" for n, name in enumerate(figure.columns, start=1)]
    labels = (
        [f"[{n}]" for n in range(1, len(figure.rows) + 1)] if figure.rows == figure.columns else figure.rows
    )
    body = [[cell.text for cell in row] for row in figure.cells]
    widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
    room = max(10, width - sum(widths) - 2 * len(widths) - 2)
    first = min(room, max(map(len, (figure.corner, *labels))))
    for label, cells in zip((figure.corner, *labels), (heads, *body), strict=True):
        parts = [f"  {_cut(label, first):<{first}}"]
        parts += [f"{cell:>{size}}" for cell, size in zip(cells, widths, strict=True)]
        yield "  ".join(parts)


def _cut(text: str, length: int) -> str:
    """Return a name fit for the terminal, and for its column."""
    text = shown(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")
